"""A stand-in for a QuestDB's HTTP interface: counts what it is told, answers as it is told to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StandIn(ThreadingHTTPServer):
    """On a free port of loopback. `bad` is a text whose lines are refused; `status` an answer."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lines = []
        self.bad = ""
        self.status = 0
        self.headers_seen = []
        self.doubles = []
        self.after_write = None
        self.hold = threading.Lock()  # nothing is answered while somebody has it
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self._thread.join(10)

    @property
    def port(self):
        return self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer in one piece: two would wait for each other

    def log_message(self, *_):
        pass

    def do_GET(self):
        with self.server.hold:
            pass
        self.server.headers_seen.append(dict(self.headers))
        dataset = self.server.doubles if "tables" in self.path else []
        self._answer(self.server.status or 200, {"dataset": dataset})

    def do_POST(self):
        lines = self.rfile.read(int(self.headers["Content-Length"])).decode().splitlines()
        if self.server.status:
            self._answer(self.server.status, {"error": "no"})
            return
        for number, line in enumerate(lines, 1):
            if self.server.bad and self.server.bad in line:
                told = f"failed to parse:\nerror in line {number}: it is bad"
                self._answer(400, {"code": "invalid", "message": told, "line": number})
                return
        self.server.lines += lines
        if self.server.after_write:
            self.server.after_write()
        self._answer(204, None)

    def _answer(self, status, told):
        body = b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        if told is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
