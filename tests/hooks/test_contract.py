from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.events import EVENTS as NAMES
from hubctl.system.hooks_package import contract
from tests.hooks.inputs import FIRST, INPUTS

Verdict = contract.Verdict
DENY, ASK, ALLOW = contract.DENY, contract.ASK, contract.ALLOW

# event → what a denial looks like: exit code, top-level keys, key in hookSpecificOutput
BLOCKS = {"decision", "reason"}
DENIALS: dict[str, tuple[int, set[str], str]] = {
    "PreToolUse": (2, set(), "permissionDecision"),
    "PreModelSwitch": (2, set(), "permissionDecision"),
    "PermissionRequest": (0, set(), "decision"),
    "Elicitation": (2, set(), "action"),
    "ElicitationResult": (2, set(), "action"),
    **dict.fromkeys(
        (
            "UserPromptSubmit",
            "UserPromptExpansion",
            "PostToolUse",
            "PostToolUseFailure",
            "PostToolBatch",
            "SubagentStop",
            "TaskCreated",
            "TaskCompleted",
            "TeammateIdle",
            "Stop",
            "PreCompact",
            "ConfigChange",
        ),
        (2, BLOCKS, ""),
    ),
}
# What the client documents for additionalContext.
CONTEXTS = {
    "SessionStart",
    "Setup",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "Notification",
    "SubagentStart",
    "SubagentStop",
    "Stop",
    "PostModelSwitch",
}


def test_the_table_has_every_event_of_the_client_and_no_other() -> None:
    assert tuple(contract.EVENTS) and set(contract.EVENTS) == set(NAMES)
    assert set(FIRST) == set(NAMES)


@pytest.mark.parametrize("data", INPUTS, ids=lambda data: data["hook_event_name"])
def test_every_input_decodes_and_keeps_each_field(data: dict[str, Any]) -> None:
    event = contract.decode(json.dumps(data) + "\n")
    assert event.name == data["hook_event_name"]
    assert event.session_id == data["session_id"]
    assert event.cwd == data["cwd"]
    assert event.tool_name == data.get("tool_name", "")
    assert event.tool_input == data.get("tool_input", {})
    assert event.data == data


@pytest.mark.parametrize("data", INPUTS, ids=lambda data: data["hook_event_name"])
def test_unknown_fields_and_missing_ones_are_no_error(data: dict[str, Any]) -> None:
    more = contract.decode(json.dumps({**data, "x-new": [1, {"y": None}]}))
    assert more.data["x-new"] == [1, {"y": None}]
    assert contract.decode(json.dumps({"hook_event_name": data["hook_event_name"]})).cwd == ""


@pytest.mark.parametrize(
    "text", ["", "null", "[]", '"x"', "{", '{"a":1} {"b":2}', "nonsense", '{"a":NaN}', b"\xff\xfe"]
)
def test_what_is_no_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        contract.decode(text)


def test_fields_of_another_type_read_as_empty() -> None:
    event = contract.decode('{"hook_event_name":7,"tool_input":[1],"cwd":null,"session_id":{}}')
    assert (event.name, event.tool_input, event.cwd, event.session_id) == ("", {}, "", "")


def test_a_byte_order_mark_and_broken_utf8_are_tolerated() -> None:
    event = contract.decode(b'\xef\xbb\xbf{"cwd":"/a\xff"}')
    assert event.cwd == "/a\ufffd"


@pytest.mark.parametrize("name", NAMES)
def test_silence_says_nothing(name: str) -> None:
    assert contract.encode(name, Verdict()) == ("", "", 0)


@pytest.mark.parametrize("name", sorted(DENIALS))
def test_a_denial_is_json_on_stdout_and_a_reason_on_stderr(name: str) -> None:
    stdout, stderr, code = contract.encode(name, contract.deny("because"))
    expected, top, specific = DENIALS[name]
    answer = json.loads(stdout)
    assert code == expected
    assert stderr == ("because\n" if code == 2 else "")
    assert top <= set(answer)
    if specific:
        assert answer["hookSpecificOutput"]["hookEventName"] == name
        assert specific in answer["hookSpecificOutput"]
    else:
        assert (answer["decision"], answer["reason"]) == ("block", "because")


def test_the_exact_answers_that_the_client_honours() -> None:
    denied = json.loads(contract.encode("PreToolUse", contract.deny("no"))[0])
    assert denied == {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": "no",
        }
    }
    asked = contract.encode("PreToolUse", contract.ask("sure?"))
    assert json.loads(asked[0])["hookSpecificOutput"]["permissionDecision"] == "ask"
    assert asked[1:] == ("", 0)
    request = json.loads(contract.encode("PermissionRequest", contract.deny("no"))[0])
    assert request["hookSpecificOutput"]["decision"] == {"behavior": "deny", "message": "no"}


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(DENIALS) - {"WorktreeCreate"}))
def test_where_nothing_can_be_denied_a_denial_never_blocks(name: str) -> None:
    stdout, stderr, code = contract.encode(name, contract.deny("because"))
    assert (stderr, code) == ("", 0)
    answer = json.loads(stdout) if stdout else {}
    assert "decision" not in answer
    assert ("systemMessage" in answer) == contract.EVENTS[name].messages


def test_worktree_create_reads_a_path_and_no_json() -> None:
    made = Verdict(output={"worktreePath": "/w"}, message="hello", context="facts")
    assert contract.encode("WorktreeCreate", made) == ("/w\n", "", 0)
    assert contract.encode("WorktreeCreate", contract.deny("no")) == ("", "no\n", 2)
    assert contract.encode("WorktreeCreate", Verdict(output={"worktreePath": "a\nb"}))[0] == ""


@pytest.mark.parametrize("name", NAMES)
def test_context_goes_where_the_event_takes_it_and_nowhere_else(name: str) -> None:
    stdout, _, code = contract.encode(name, contract.advise("a fact"))
    assert code == 0
    if name in CONTEXTS:
        expected = {"hookEventName": name, "additionalContext": "a fact"}
        assert json.loads(stdout) == {"hookSpecificOutput": expected}
    else:
        assert stdout == ""


def test_an_unknown_event_is_told_nothing() -> None:
    assert contract.encode("NextYearsEvent", contract.deny("no")) == ("", "", 0)


def test_fields_that_the_event_does_not_know_are_left_out() -> None:
    verdict = Verdict(output={"sessionTitle": "t", "updatedInput": {}, "bogus": 1})
    answer = json.loads(contract.encode("SessionStart", verdict)[0])
    assert answer == {"hookSpecificOutput": {"hookEventName": "SessionStart", "sessionTitle": "t"}}


def test_a_permission_request_without_a_decision_is_no_answer() -> None:
    verdict = Verdict(output={"updatedInput": {"command": "ls"}})
    assert contract.encode("PermissionRequest", verdict)[0] == ""
    verdict.decision = ALLOW
    answer = json.loads(contract.encode("PermissionRequest", verdict)[0])
    decision = {"behavior": "allow", "updatedInput": {"command": "ls"}}
    assert answer["hookSpecificOutput"]["decision"] == decision


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_long_strings_are_cut_to_what_the_client_takes(letter: str) -> None:
    stdout, stderr, _ = contract.encode(
        "PreToolUse", Verdict(DENY, letter * 20_000, letter * 20_000, letter * 20_000)
    )
    answer = json.loads(stdout)
    texts = [answer["systemMessage"], stderr[:-1]]
    texts += [answer["hookSpecificOutput"][key] for key in ("additionalContext",)]
    for text in texts:
        assert 9_900 < len(text.encode("utf-16-le")) // 2 <= contract.LIMIT
        assert text.endswith("(cut here)")


def test_text_at_the_limit_is_whole() -> None:
    assert contract.cap("x" * contract.LIMIT) == "x" * contract.LIMIT
    assert contract.cap("😀" * (contract.LIMIT // 2)) == "😀" * (contract.LIMIT // 2)


MERGES = [
    ([ALLOW, ASK, DENY], DENY, "deny"),
    ([ALLOW, ASK, ""], ASK, "ask"),
    (["", ALLOW], ALLOW, "allow"),
    (["", ""], "", ""),
    ([DENY, DENY], DENY, "deny"),
]


@pytest.mark.parametrize(("decisions", "decision", "reason"), MERGES)
def test_merging_takes_the_strictest(decisions: list[str], decision: str, reason: str) -> None:
    merged = contract.merge([Verdict(one, one) for one in decisions])
    assert (merged.decision, merged.reason) == (decision, reason)


def test_merging_joins_what_is_said() -> None:
    merged = contract.merge(
        [
            Verdict(context="a", message="m", output={"x": 1}),
            Verdict(context="b", output={"x": 2}),
            Verdict(context="a"),
        ]
    )
    assert merged == Verdict(context="a\n\nb", message="m", output={"x": 2})


NONSENSE = [
    "deny",
    {"decision": "deny"},
    True,
    Verdict("block", "x"),
    Verdict(DENY, ""),
    Verdict(DENY, "  "),
    Verdict(context=5),
    Verdict(output=[1]),
    Verdict(output={"x": object()}),
    Verdict(output={"x": float("nan")}),
]


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_named(value: object) -> None:
    assert contract.nonsense(value)


@pytest.mark.parametrize("value", [None, Verdict(), contract.deny("x"), Verdict(ALLOW)])
def test_answers_are_no_nonsense(value: object) -> None:
    assert contract.nonsense(value) == ""


TEXTS = st.text(max_size=40)
VERDICTS = st.builds(
    Verdict,
    decision=st.sampled_from(["", DENY, ASK, ALLOW]),
    reason=TEXTS,
    context=TEXTS,
    message=TEXTS,
    output=st.dictionaries(
        st.sampled_from(["updatedInput", "worktreePath", "watchPaths", "retry", "x"]), TEXTS
    ),
)


@settings(max_examples=100)
@given(name=st.sampled_from(NAMES), verdict=VERDICTS)
def test_whatever_is_said_stdout_is_one_object_or_nothing(name: str, verdict: Any) -> None:
    stdout, stderr, code = contract.encode(name, verdict)
    assert code in (0, 2)
    assert (code == 2) == bool(stderr)
    if stdout and name != "WorktreeCreate":
        assert stdout.count("\n") == 1
        answer = json.loads(stdout)
        assert set(answer) <= {"decision", "reason", "systemMessage", "hookSpecificOutput"}
        if "hookSpecificOutput" in answer:
            assert answer["hookSpecificOutput"]["hookEventName"] == name
            assert len(answer["hookSpecificOutput"]) > 1
