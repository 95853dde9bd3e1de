"""Collectors for tests: one in a thread, one as a process."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from hubctl.metrics.collect import Surroundings, collect
from hubctl.metrics.prices import shipped_prices
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.loopback import listen
from hubctl.system.places import find_places
from tests.metrics.exports import JSON


def asked(port, method, path, body=None, headers=JSON):
    """Status and text of an answer."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request(method, path, body, headers)
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()


def posted(port, body, path="/v1/logs"):
    return asked(port, "POST", path, body)


class Running:
    """A collector in a thread, and a client of it."""

    def __init__(self, path, times=None, around=None):
        self.path = path
        self.said = []
        self._times = times
        self._around = around or Surroundings(prices=shipped_prices, say=self.said.append, pages={})
        self.listening = listen(0)
        self.port = self.listening.getsockname()[1]
        self._stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        collect(
            self.path, self.listening, self._around, times=self._times, stopped=self._stop.is_set
        )

    def post(self, path, document, headers=JSON, **more):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.ask("POST", path, body, {**headers, **more})

    def ask(self, method, path, body=None, headers=()):
        return asked(self.port, method, path, body, dict(headers))

    def raw(self, data):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            parts = []
            while part := client.recv(1 << 16):
                parts.append(part)
        return b"".join(parts).decode("latin-1")

    def tell_to_end(self):
        self._stop.set()

    def stop(self):
        self._stop.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
        self.listening.close()

    def rows(self, sql):
        with open_store(self.path) as store:
            return store.rows(sql)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Process:
    """`hubctl collect` as a process, on a port of its own."""

    def __init__(self, home, before=()):
        self.port = free_port()
        self.store = metrics_path(find_places({"HOME": str(home)}))
        self._process = subprocess.Popen(
            [*before, sys.executable, "-m", "hubctl", "collect", "--port", str(self.port)],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            cwd=home,
            stderr=subprocess.PIPE,
        )
        assert b"listening on" in self._process.stderr.readline()

    def seen_from_within(self):
        """The path of its store as it sees it, behind its own mounts."""
        return f"/proc/{self._process.pid}/root{self.store}"

    def says(self):
        """The next line that it says, without its end."""
        return self._process.stderr.readline().decode().rstrip()

    def post(self, document):
        """The status of the answer to an export."""
        body = json.dumps(document).encode()
        return posted(self.port, body)[0]

    def peak(self):
        """Most memory so far, in megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) >> 10

    def end(self, number=signal.SIGTERM):
        self._process.send_signal(number)
        _, said = self._process.communicate(timeout=60)
        return self._process.returncode, said.decode()

    def rows(self, sql):
        with open_store(self.store) as store:
            return store.rows(sql)
