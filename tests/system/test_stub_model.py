"""The stub model: its answers are what the Messages API sends, whole or as a stream."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from hubctl.system.stub_model import Call, Turn, serve_model

if TYPE_CHECKING:
    from hubctl.system.stub_model import StubModel

TURN = Turn(text="one", calls=(Call(tool="Bash", input={"command": "ls"}),), tokens=7)


def ask(model: StubModel, method: str, path: str, body: Any = b"", **headers: str) -> Any:
    connection = http.client.HTTPConnection(urlsplit(model.url).netloc, timeout=10)
    try:
        connection.request(
            method, path, body, headers, encode_chunked="Transfer-Encoding" in headers
        )
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read().decode()
    finally:
        connection.close()


def test_a_message_comes_whole() -> None:
    with serve_model(lambda _: TURN) as model:
        _, kind, text = ask(model, "POST", "/v1/messages?beta=1", b'{"model": "m"}')
    message = json.loads(text)
    assert kind == "application/json"
    assert [block["type"] for block in message["content"]] == ["text", "tool_use"]
    assert (message["stop_reason"], message["model"]) == ("tool_use", "m")
    assert message["usage"]["input_tokens"] == 7


def test_a_message_comes_as_a_stream() -> None:
    with serve_model(lambda _: TURN) as model:
        _, kind, text = ask(model, "POST", "/v1/messages", b'{"stream": true}')
    assert kind == "text/event-stream"
    events = [json.loads(part.partition("data: ")[2]) for part in text.strip().split("\n\n")]
    block = ["content_block_start", "content_block_delta", "content_block_stop"]
    names = ["message_start", *block, *block, "message_delta", "message_stop"]
    assert [event["type"] for event in events] == names
    assert json.loads(events[5]["delta"]["partial_json"]) == {"command": "ls"}
    assert events[-2]["delta"]["stop_reason"] == "tool_use"


def test_every_request_is_kept_and_ids_differ() -> None:
    with serve_model(lambda body: Turn(text=body["say"])) as model:
        texts = [ask(model, "POST", "/v1/messages", json.dumps({"say": s}).encode()) for s in "ab"]
        ask(model, "POST", "/v1/logs", b'{"x": 1}')
        assert ask(model, "GET", "/anything")[2] == "{}"
        assert ask(model, "HEAD", "/")[2] == ""
    first, second = (json.loads(text) for _, _, text in texts)
    assert first["id"] != second["id"]
    assert [body["say"] for body in model.requests()] == ["a", "b"]
    assert [post.path for post in model.posts] == ["/v1/messages", "/v1/messages", "/v1/logs"]


def test_a_body_may_come_in_chunks() -> None:
    parts = iter([b'{"say":', b' "chunks"}'])
    with serve_model(lambda _: Turn()) as model:
        ask(model, "POST", "/v1/logs", parts, **{"Transfer-Encoding": "chunked"})
    assert model.posts[0].body == {"say": "chunks"}


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff"])
def test_a_body_that_is_no_object_counts_as_empty(body: bytes) -> None:
    with serve_model(lambda _: Turn()) as model:
        assert ask(model, "POST", "/v1/other", body)[0] == 200
    assert model.posts[0].body == {}


def test_it_ends_with_its_handle() -> None:
    with serve_model(lambda _: Turn()) as model:
        pass
    with pytest.raises(ConnectionRefusedError):
        ask(model, "GET", "/")
