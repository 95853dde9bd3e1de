"""Cases of hooks_shared/families/delegation/delegation_warning.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.hooks.hook_case import Case, without_state

if TYPE_CHECKING:
    from pathlib import Path

TOKENS = 3_000
TEXT = "x" * TOKENS * 4


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case("delegation-warning", tmp_path)


def _write(path: object = "/repo/a.py", text: object = TEXT, **more: Any) -> dict[str, Any]:
    given = {"file_path": path, "content": text}
    return {"session_id": "s", "tool_name": "Write", "tool_input": given, **more}


def _edit(text: str, path: str = "/repo/a.py") -> dict[str, Any]:
    given = {"file_path": path, "old_string": "x", "new_string": text}
    return {"session_id": "s", "tool_name": "Edit", "tool_input": given}


def _agent(name: str = "Agent", **more: Any) -> dict[str, Any]:
    return {"session_id": "s", "tool_name": name, "tool_input": {"prompt": "p"}, **more}


def test_a_debt_is_told_when_it_is_worth_it(case: Case) -> None:
    assert case.says(_write()) == "" and case.says(_edit(TEXT)) == ""
    assert case.says(_write("/repo/b.py")) == (
        "Delegation debt: so far this session wrote about 9,000 tokens of code into 2 files itself."
        " What an agent (the Agent tool) writes does not stay in this context."
    )
    assert case.samples == [{"name": "delegation.own", "tokens": TOKENS}]


def test_next_it_has_to_double_and_some_time_to_pass(case: Case) -> None:
    told = [bool(case.says(_write())) for _ in range(6)]
    assert told == [False, False, True, False, False, False]
    case.time += 21 * 60
    assert "21,000 tokens" in case.says(_write())
    case.time += 21 * 60
    assert [bool(case.says(_write())) for _ in range(8)].count(True) == 1


def test_many_writes_cost_few_notes(case: Case) -> None:
    notes = 0
    for _ in range(500):
        case.time += 60
        notes += bool(case.says(_write()))
    assert 5 <= notes <= 10


@pytest.mark.parametrize("name", ["Agent", "Task"])
def test_handing_work_over_pays_the_debt(case: Case, name: str) -> None:
    case.says(_write())
    case.says(_write())
    assert case.decide(_agent(name)) is None
    assert case.samples == [{"name": "delegation.handed_over"}]
    case.time += 3600
    assert case.says(_write()) == "" and case.says(_write()) == ""
    assert "since it last handed work over this session wrote about 9,000" in case.says(_write())


def test_handing_over_does_not_bring_the_next_note_sooner(case: Case) -> None:
    assert [bool(case.says(_write())) for _ in range(3)] == [False, False, True]
    case.decide(_agent())
    assert not any(case.says(_write()) for _ in range(5))


def test_what_agents_do_is_no_debt_and_pays_none(case: Case) -> None:
    case.says(_write())
    case.says(_write())
    assert case.decide(_write(agent_id="a")) is None and case.samples == []
    assert case.decide(_agent(agent_id="a")) is None and case.samples == []
    assert "9,000" in case.says(_write())


NO_DEBT = [
    _write("/repo/README.md"),
    _write("/repo/package.json"),
    _write("/repo/conftest.py"),
    _write("/repo/vite.config.ts"),
    _write(text=""),
    _write(text=None),
    _write(path=5),
    {"session_id": "s", "tool_name": "Write"},
    {"session_id": "s", "tool_name": "Write", "tool_input": 5, "unknown": [1]},
    {"session_id": "s", "tool_name": "Read", "tool_input": {"file_path": "/a.py"}},
    {},
]


@pytest.mark.parametrize("event", NO_DEBT, ids=lambda event: str(event)[:80])
def test_what_is_no_code_is_no_debt(case: Case, event: dict[str, Any]) -> None:
    case.options = {"tokens": 100}
    assert case.decide(dict(event)) is None and case.samples == []


def test_thresholds_endings_and_words_are_options(case: Case) -> None:
    case.options = {"tokens": 100, "code": [".md"], "whitelist": [], "delegate_to": "the team"}
    assert case.says(_write()) == ""
    said = case.says(_write("/repo/README.md", "x" * 401))
    assert "about 100 tokens of code into 1 file itself" in said and "What the team writes" in said


def test_sessions_have_debts_of_their_own(case: Case) -> None:
    case.says(_write())
    case.says(_write())
    assert case.says(_write(session_id="other")) == ""


def test_the_memory_is_bounded(case: Case) -> None:
    for number in range(300):
        case.decide(_write(f"/repo/{number}/" + "p" * 400 + ".py"))
    (state,) = (case.folder / "state/sessions").glob("*.json")
    assert state.stat().st_size < 30_000


def test_without_memory_it_only_measures(case: Case) -> None:
    without_state(case)
    case.options = {"tokens": 100}
    assert case.says(_write()) == "" and len(case.samples) == 1
