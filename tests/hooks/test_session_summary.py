"""Cases of hooks_shared/families/context/session_summary.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.hooks.hook_case import Case, without_state

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case("session-summary", tmp_path)


def _tool(name: str, **given: object) -> dict[str, Any]:
    block = {"type": "tool_use", "id": "t", "name": name, "input": given}
    return {"type": "assistant", "message": {"role": "assistant", "content": [block]}}


def _said(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": [{"type": "text", "text": text}]}
    return {"type": "assistant", "message": message}


def _event(case: Case, name: str = "Stop", **more: Any) -> dict[str, Any]:
    return {
        "hook_event_name": name,
        "session_id": "s-1",
        "cwd": "/repo",
        "transcript_path": str(case.folder / "t.jsonl"),
        **more,
    }


def _append(case: Case, *lines: object) -> None:
    with (case.folder / "t.jsonl").open("a") as file:
        for line in lines:
            file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")


def _page(case: Case) -> str:
    return (case.folder / "own" / "summaries" / "s-1.md").read_text()


def test_the_page_says_what_was_changed_and_said(case: Case) -> None:
    _append(
        case,
        {"type": "user", "message": {"content": "please"}},
        _tool("Write", file_path="/repo/src/a.py"),
        _tool("Edit", file_path="/repo/src/a.py"),
        _tool("NotebookEdit", notebook_path="/else/n.ipynb"),
        _tool("Bash", command="ls"),
        _tool("Read", file_path="/repo/read.py"),
        _said("All done."),
    )
    assert case.decide(_event(case)) is None
    page = _page(case)
    assert page.startswith("# Session s-1\n")
    assert "1970-01-12 13:46 UTC · in progress · 5 tool calls (Bash 1, Edit 1," in page
    assert "- `src/a.py` (2×)\n" in page and "- `/else/n.ipynb` (1×)\n" in page
    assert "read.py" not in page
    assert page.endswith("## Last message\n\nAll done.\n")


def test_it_goes_on_where_it_stopped(case: Case) -> None:
    _append(case, _tool("Write", file_path="/repo/a"))
    case.decide(_event(case))
    _append(case, _tool("Write", file_path="/repo/a"), _tool("Write", file_path="/repo/b"))
    case.decide(_event(case))
    case.decide(_event(case, "SessionEnd", reason="other"))
    assert "`a` (2×)" in _page(case) and "`b` (1×)" in _page(case)
    assert "ended (other) · 3 tool calls" in _page(case)


def test_a_line_that_is_still_being_written_counts_when_it_is_whole(case: Case) -> None:
    text = json.dumps(_tool("Write", file_path="/repo/a"))
    (case.folder / "t.jsonl").write_text(text[:30])
    case.decide(_event(case))
    assert "no tool calls" in _page(case)
    (case.folder / "t.jsonl").write_text(text + "\n")
    case.decide(_event(case))
    assert "`a` (1×)" in _page(case)


def test_the_last_message_of_the_event_is_the_newest(case: Case) -> None:
    _append(case, _said("old"))
    case.decide(_event(case, last_assistant_message="new"))
    assert _page(case).endswith("\n\nnew\n")
    case.decide(_event(case, "SessionEnd"))
    assert _page(case).endswith("\n\nnew\n")


def test_the_page_is_bounded(case: Case) -> None:
    _append(
        case, *[_tool("Write", file_path=f"/repo/{n:03}") for n in range(700)], _said("x" * 9999)
    )
    case.decide(_event(case))
    assert "- and 470 more" in _page(case)
    assert len(_page(case)) < 2_500


def test_file_names_cannot_break_the_page(case: Case) -> None:
    _append(case, _tool("Write", file_path="/repo/`x`\n# Title"))
    case.decide(_event(case))
    assert "- `'x' # Title` (1×)" in _page(case)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "\udcff",
        {"type": "assistant"},
        {"type": "assistant", "message": {"content": "text"}},
        {"type": "assistant", "message": {"content": [5, {"type": "tool_use"}, {"text": 5}]}},
        _tool("Write", file_path=5),
        _tool("Write"),
    ],
    ids=str,
)
def test_lines_of_another_shape_are_passed_over(case: Case, line: object) -> None:
    with (case.folder / "t.jsonl").open("a", errors="surrogateescape") as file:
        file.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
    _append(case, _tool("Edit", file_path="/repo/a"))
    case.decide(_event(case))
    assert "`a` (1×)" in _page(case)


@pytest.mark.parametrize("session", ["", "../..", "/"])
def test_a_session_without_a_name_has_no_page(case: Case, session: str) -> None:
    _append(case, _said("x"))
    assert case.decide(_event(case, session_id=session)) is None
    assert not (case.folder / "own").exists()


def test_old_pages_go(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from hooks_shared.session import pages

    monkeypatch.setattr(pages, "PAGES", 3)
    for number in range(6):
        case.decide(_event(case, session_id=f"s{number}"))
    names = {path.name for path in (case.folder / "own" / "summaries").iterdir()}
    assert len(names) == 3 and "s5.md" in names


def test_a_transcript_far_too_long_is_read_from_its_end(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hooks_shared import transcript

    monkeypatch.setattr(transcript, "STEP", 2_000)
    _append(case, *[_tool("Write", file_path=f"/repo/{n:03}") for n in range(100)])
    case.decide(_event(case))
    assert "`099`" in _page(case) and "`000`" not in _page(case)


def test_without_memory_the_page_is_still_written(case: Case) -> None:
    without_state(case)
    _append(case, _tool("Write", file_path="/repo/a"))
    case.decide(_event(case))
    assert "`a` (1×)" in _page(case)


def test_without_a_transcript_there_is_the_last_message(case: Case) -> None:
    case.decide(_event(case, last_assistant_message="bye", transcript_path="/nowhere"))
    assert _page(case).endswith("bye\n")
