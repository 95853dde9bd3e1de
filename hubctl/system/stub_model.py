"""A stand-in for the model: a Messages API on loopback that plays a script and keeps requests.

What is played and what the requests mean is the caller's. Reached over 127.0.0.1 at a free port,
ended by its handle; it never connects to anything itself.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MESSAGES = "/v1/messages"
_POLL_S = 0.02  # how soon the server notices that it is to end
_LINE_BYTES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One tool call that the model makes."""

    tool: str
    input: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One answer of the model: text, then tool calls; without any call it ends its turn.

    `tokens` is what it claims to have read.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    tokens: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request that carried a body: its path without a query, and the body as JSON."""

    path: str
    body: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class StubModel:
    """A running stub.

    Attributes:
        url: where it listens, without a slash at the end.
        posts: everything that was posted so far, in order of arrival.
    """

    url: str
    posts: list[Post] = field(default_factory=list)

    def requests(self) -> list[Mapping[str, Any]]:
        """The bodies of the requests for a message, in order."""
        return [post.body for post in self.posts if post.path == _MESSAGES]


@contextmanager
def serve_model(answer: Callable[[Mapping[str, Any]], Turn]) -> Iterator[StubModel]:
    """Serve a model whose turns `answer` decides, one call per request for a message.

    Whatever else is posted is recorded and answered with `{}`.
    """
    server = _Server(("127.0.0.1", 0), _Handler)
    server.model = StubModel(url=f"http://127.0.0.1:{server.server_address[1]}")
    server.answer = answer
    thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,), daemon=True)
    thread.start()
    try:
        yield server.model
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that was killed leaves its connection open
    request_queue_size = 64
    model: StubModel
    answer: Callable[[Mapping[str, Any]], Turn]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is nobody's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 600  # of a connection that says nothing more; its thread ends with it
    wbufsize = -1
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        post = Post(path=path, body=self._body())
        self.server.model.posts.append(post)
        if path == _MESSAGES:
            self._send_message(post.body)
        elif path == f"{_MESSAGES}/count_tokens":
            self._send({"input_tokens": 10})
        else:
            self._send({})

    def do_GET(self) -> None:
        self._send({})

    def do_HEAD(self) -> None:
        self._send({}, with_body=False)

    def _body(self) -> Mapping[str, Any]:
        try:
            body = json.loads(b"".join(self._raw()))
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def _raw(self) -> Iterator[bytes]:
        """The body, whether it came whole or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return
        while size := int(self.rfile.readline(_LINE_BYTES).partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline(_LINE_BYTES)
        while self.rfile.readline(_LINE_BYTES).strip():
            pass  # trailers

    def _send_message(self, body: Mapping[str, Any]) -> None:
        number = len(self.server.model.posts)
        message = _message(self.server.answer(body), body, number)
        if body.get("stream") is not True:
            self._send_bytes(json.dumps(message).encode(), "application/json", number)
            return
        events = "".join(
            f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in _events(message)
        )
        self._send_bytes(events.encode(), "text/event-stream", number)

    def _send(self, value: object, *, with_body: bool = True) -> None:
        self._send_bytes(json.dumps(value).encode(), "application/json", with_body=with_body)

    def _send_bytes(
        self, data: bytes, kind: str, request: int = 0, *, with_body: bool = True
    ) -> None:
        self.send_response(200)
        if request:
            self.send_header("request-id", f"req_{request:04}")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if with_body:
            self.wfile.write(data)


def _message(turn: Turn, body: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The message object of a turn; `number` makes its ids different from all others."""
    content: list[dict[str, Any]] = [{"type": "text", "text": turn.text}] if turn.text else []
    content += [
        {
            "type": "tool_use",
            "id": f"toolu_{number:04}{index:02}",
            "name": call.tool,
            "input": dict(call.input),
        }
        for index, call in enumerate(turn.calls)
    ]
    return {
        "id": f"msg_{number:04}",
        "type": "message",
        "role": "assistant",
        "model": str(body.get("model", "")),
        "content": content,
        "stop_reason": "tool_use" if turn.calls else "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": turn.tokens,
            "output_tokens": 5,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
        },
    }


def _events(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A message as the events of a stream."""
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            start: dict[str, Any] = {"type": "text", "text": ""}
            delta = {"type": "text_delta", "text": block["text"]}
        else:
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield {"type": "content_block_start", "index": index, "content_block": start}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ended = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": ended, "usage": message["usage"]}
    yield {"type": "message_stop"}
