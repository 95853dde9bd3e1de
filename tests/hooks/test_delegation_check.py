"""Cases of hooks_shared/families/delegation/delegation_check.py: rows as data, and its memory."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from hooks_shared.session.code import _fits
from tests.hooks.hook_case import without_state
from tests.hooks.session_case import BROKEN, Session, tool, user

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/delegation/check.jsonl").read_text().splitlines()
]
CODE = "x = 1\n" * 40


@pytest.fixture
def case(tmp_path: Path) -> Session:
    return Session("delegation-check", tmp_path.resolve())


def _event(
    case: Session, path: object, text: object = CODE, name: str = "Write", **more: Any
) -> Any:
    where = str(case.repo / path) if isinstance(path, str) else path
    fields = {
        "Write": {"file_path": where, "content": text},
        "Edit": {"file_path": where, "old_string": more.pop("old", ""), "new_string": text},
        "NotebookEdit": {"notebook_path": where, "new_source": text},
    }
    return case.event("PreToolUse", tool_name=name, tool_input=fields[name], **more)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_case(case: Session, row: dict[str, Any]) -> None:
    case.options = row.get("options", {})
    if not row.get("no_transcript"):
        case.add(user("t"))
        for name, given in row.get("transcript", []):
            case.add(*tool(name, result="ok", **given))
    if "exists" in row:
        (case.repo / row["path"]).parent.mkdir(parents=True, exist_ok=True)
        (case.repo / row["path"]).write_text(row["exists"])
    more = {"old": row["old"]} if "old" in row else {}
    event = _event(case, row["path"], row["text"], row["tool"], **more, **row.get("event", {}))
    verdict = case.decide(event)
    assert (verdict.decision if verdict else "") == row["decision"]
    told = (verdict.reason if row["decision"] else verdict.context) if verdict else ""
    assert row["says"] in told and bool(told) == bool(row["says"])


def test_advice_is_given_once_then_after_a_while(case: Session) -> None:
    case.add(user("t"))
    assert case.decide(_event(case, "a.py"))
    assert case.decide(_event(case, "b.py")) is None
    case.time += 31 * 60
    assert case.decide(_event(case, "c.py"))
    assert case.decide(_event(case, "d.py", session_id="other"))


def test_a_refusal_stands_until_there_was_a_search_and_then_never_comes_back(case: Session) -> None:
    case.options = {"search_first": "deny"}
    case.add(user("t"))
    for _ in range(2):
        verdict = case.decide(_event(case, "a.py"))
        assert verdict and verdict.decision == "deny"
    case.add(*tool("Grep", pattern="x"))
    assert case.decide(_event(case, "a.py")) is None
    case.transcript.unlink()
    assert case.decide(_event(case, "b.py")) is None


def test_a_long_transcript_is_read_once(case: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    case.add(user("t"), *[{"type": "attachment", "x": "y" * 900} for _ in range(3000)])
    assert case.decide(_event(case, "a.py"))
    began = time.process_time()
    for _ in range(50):
        assert case.decide(_event(case, "b.py")) is None
    assert (time.process_time() - began) / 50 < 0.02


@pytest.mark.parametrize("line", BROKEN, ids=lambda line: str(line)[:60])
def test_lines_of_another_shape_are_passed_over(case: Session, line: object) -> None:
    case.add(line, *tool("Grep", pattern="x"))
    case.options = {"search_first": "deny"}
    assert case.decide(_event(case, "a.py")) is None


@pytest.mark.parametrize(
    "event",
    [{}, {"tool_name": "Write"}, {"tool_name": "Write", "tool_input": 5, "unknown": {"a": 1}},
     {"tool_name": "Read", "tool_input": {"file_path": "/a.py", "content": CODE}}],
    ids=str,
)  # fmt: skip
def test_inputs_of_another_shape_are_passed_over(case: Session, event: dict[str, Any]) -> None:
    case.options = {"search_first": "deny"}
    assert case.decide({"session_id": "s", **event}) is None


def test_without_memory_policy_holds_and_advice_is_silent(case: Session) -> None:
    without_state(case)
    case.add(user("t"))
    assert case.decide(_event(case, "a.py")) is None
    case.options = {"search_first": "deny"}
    verdict = case.decide(_event(case, "a.py"))
    assert verdict and verdict.decision == "deny"
    case.add(*tool("Grep", pattern="x"))
    assert case.decide(_event(case, "a.py")) is None


PATTERNS = [
    ("a.config.js", "*.config.js", True),
    ("config.js", "*.config.js", False),
    ("a.config.jsx", "*.config.js", False),
    ("abcabc", "a*c*c", True),
    ("abc", "a*c*c", False),
    ("ab", "ab*b", False),
    ("x", "*", True),
    ("x", "", False),
    ("ab", "**b", True),
]


@pytest.mark.parametrize(("text", "pattern", "fits"), PATTERNS)
def test_a_star_stands_for_any_text(text: str, pattern: str, fits: bool) -> None:
    assert _fits(text, pattern) is fits
