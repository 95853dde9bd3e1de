"""Reading the traces of a run, whatever else stands in them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.live.play import model, turns
from hubctl.live.seen import Seen, look_at
from hubctl.system.stub_model import Post


def message(*content: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": list(content)}


def logged(**attributes: str) -> Post:
    found = [
        {"key": k.replace("__", "."), "value": {"stringValue": v}} for k, v in attributes.items()
    ]
    record = {"attributes": found}
    return Post(path="/v1/logs", body={"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})


def test_everything_is_found_where_it_stands() -> None:
    call = {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "echo"}}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "no", "is_error": True}
    body = {
        "tools": [{"name": "Bash"}],
        "messages": [message(call, role="assistant"), message(result)],
    }
    asking = {"messages": [message({"type": "text", "text": "hubctl-live-hook-7-"})]}
    seen = look_at(
        {
            "3.abc": b"{}",
            "3.def": b"{}",
            "canary-local.x": b"",
            "all-PreToolUse.y": b'{"tool_name": "Bash"}',
            "all-Stop.z": b"{",
        },
        [
            Post(path="/v1/messages", body=body),
            Post(path="/v1/messages", body=asking),
            Post(path="/hook/5", body={}),
            Post(path="/hook/x", body={}),
            logged(event__name="hook_registered", hook_source="localSettings", hook_event="Stop"),
            logged(event__name="user_prompt", hook_source="localSettings", hook_event="Stop"),
        ],
        "t [ERROR] Invalid setting skipped without dialog (automated session): "
        "/a/settings.json: model: Expected string: really\nsomething else",
        [b'{"event": "Stop"}\n'],
    )
    assert seen.fired == {3: 2, 5: 1, 7: 1}
    assert seen.canaries == {"local"}
    assert seen.raised == {"PreToolUse": {"Bash"}, "Stop": {""}}
    assert seen.registered == {("localSettings", "Stop", "")}
    assert seen.notes == {"/a/settings.json": ("model: Expected string: really",)}
    assert seen.tools == {"Bash"}
    [answered] = seen.calls
    assert (answered.command, answered.failed) == ("echo", True)


def test_nothing_is_nothing() -> None:
    assert look_at({}, [], "", []) == Seen()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *("messages", "tools", "content", "input", "id", "name", "type"),
                    *("resourceLogs", "scopeLogs", "logRecords", "attributes", "key", "value"),
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(body=st.dictionaries(st.sampled_from(["messages", "tools", "resourceLogs"]), JSON))
def test_no_document_is_too_odd(body: dict[str, Any]) -> None:
    for path in ("/v1/messages", "/v1/logs"):
        look_at({}, [Post(path=path, body=body)], "", [])


def test_the_model_plays_its_script_to_the_end() -> None:
    script = turns("/api")
    answer = model(script)
    messages: list[Any] = [message({"type": "text", "text": "go"})]
    played = []
    for _ in range(len(script) + 2):
        played.append(answer({"tools": [{}], "messages": messages}))
        messages += [message(role="assistant"), message()]
    assert played == [*script, script[-1], script[-1]]


def test_the_model_lets_hooks_pass_and_ends_subagents_and_titles() -> None:
    answer = model(turns("/api"))
    hook = message({"type": "text", "text": "hubctl-live-hook-2-"})
    assert answer({"tools": [{}], "messages": [hook]}).text == '{"ok": true}'
    agent = message({"type": "text", "text": "hubctl-live-subagent"})
    assert answer({"tools": [{}], "messages": [agent]}).calls == ()
    assert answer({"messages": [message()]}).calls == ()
