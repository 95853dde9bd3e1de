"""Cases of hooks_shared/families/context/output_monitor.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.hooks.hook_case import Case, without_state

if TYPE_CHECKING:
    from pathlib import Path

LARGE = "x" * 20_000


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case("output-monitor", tmp_path)


def _event(response: object, tool: str = "Bash", **more: Any) -> dict[str, Any]:
    return {"session_id": "s", "tool_name": tool, "tool_response": response, **more}


RESPONSES = [
    ("", False),
    ("x" * 10_240, False),
    ("x" * 10_241, True),
    ({"stdout": "x" * 6_000, "stderr": "y" * 6_000}, True),
    ({"stdout": "x" * 6_000, "stderr": ""}, False),
    ({"type": "text", "file": {"filePath": "/a", "content": LARGE, "numLines": 9}}, True),
    ({"type": "image", "file": {"base64": LARGE}}, False),
    ({"stdout": LARGE, "isImage": True}, False),
    ({"filenames": ["a" * 100] * 200}, True),
    ([{"text": LARGE}], True),
    (None, False),
    (5, False),
    ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {}}}}}}}}, False),
]


@pytest.mark.parametrize(("response", "told"), RESPONSES, ids=lambda value: str(value)[:40])
def test_only_large_text_is_a_debt(case: Case, response: object, told: bool) -> None:
    assert bool(case.says(_event(response))) == told
    assert bool(case.samples) == told


def test_the_note_counts_tokens_of_this_output_and_of_the_session(case: Case) -> None:
    assert "about 5,000 tokens, all large outputs of this session (1)" in case.says(
        _event(LARGE, "Read")
    )
    case.time += 60
    assert case.says(_event(LARGE)) == ""
    case.time += 600
    said = case.says(_event(LARGE, "Grep"))
    assert "this Grep output is about 5,000 tokens" in said
    assert "this session (3) about 15,000" in said


def test_the_threshold_is_an_option(case: Case) -> None:
    case.options = {"threshold_kb": 100}
    assert case.says(_event(LARGE)) == ""


def test_sessions_have_debts_of_their_own(case: Case) -> None:
    assert case.says(_event(LARGE))
    assert "this session (1)" in case.says(_event(LARGE, session_id="other"))


def test_what_a_subagent_reads_is_no_debt_of_the_session(case: Case) -> None:
    assert case.decide(_event(LARGE, agent_id="a1")) is None and case.samples == []
    assert "this session (1)" in case.says(_event(LARGE))


def test_a_missing_response_is_none(case: Case) -> None:
    assert case.decide({"session_id": "s", "tool_name": "Bash", "unknown": LARGE}) is None


def test_without_memory_it_is_silent(case: Case) -> None:
    without_state(case)
    assert case.says(_event(LARGE)) == ""
