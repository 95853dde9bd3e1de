"""Cases of hooks_shared/families/context/context_bundle_builder.py."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from hooks_shared.session import pages
from hooks_shared.session.lines import Call
from hooks_shared.session.searches import read_by_shell, search_of
from tests.hooks.hook_case import without_state
from tests.hooks.session_case import BROKEN, Session, tool, user

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def case(tmp_path: Path) -> Session:
    return Session("context-bundle-builder", tmp_path.resolve())


def _file(case: Session, name: str, text: str = "x" * 2048) -> str:
    path = case.repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def _bundle(case: Session) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((case.folder / "own/bundles/s-1.json").read_text())
    return found


def test_files_and_searches_come_back_after_a_compaction(case: Session) -> None:
    a, b, c = (_file(case, name) for name in ("src/a.py", "b.py", "c.py"))
    case.add(
        user("t"),
        *tool("Read", result="y" * 500, file_path=c),
        *tool("Read", result="y" * 400, file_path=a),
        *tool("Read", result="y" * 100, file_path=b),
        *tool("Read", result="y" * 100, file_path=b, offset=5),
        *tool("Edit", result="ok", file_path=a, old_string="x", new_string="yy"),
        *tool("Grep", result="z" * 300, pattern="def login"),
        *tool("Bash", result="z" * 10, command="cd src && rg -n 'login' ."),
        *tool("Bash", result="no", command="ls -la; git status"),
    )
    assert case.at("PreCompact", trigger="auto") == ""
    assert case.again().split("\n") == [
        "What this session worked with, kept by hubctl.",
        "Files:",
        "- src/a.py (written 1×, read 1×, 2.0 kB)",
        "- b.py (read 2×, 2.0 kB)",
        "- c.py (read 1×, 2.0 kB)",
        "Searches done:",
        "- rg -n 'login' .",
        "- Grep def login",
    ]
    bundle = _bundle(case)
    assert (bundle["format"], bundle["session"], bundle["folder"]) == (1, "s-1", str(case.repo))
    rows = {row["path"]: row for row in bundle["files"]}
    assert (rows[a]["written"], rows[a]["read"], rows[a]["characters"]) == (1, 1, 402)
    assert (rows[b]["read"], rows[b]["characters"], rows[b]["size"]) == (2, 200, 2048)
    assert {row["what"]: row["characters"] for row in bundle["searches"]} == {
        "Grep def login": 300,
        "rg -n 'login' .": 10,
    }


def test_a_call_and_its_result_may_come_in_two_parts(case: Session) -> None:
    call, result = tool("Read", result="y" * 70, file_path=_file(case, "a.py"))
    case.add(call)
    case.at("Stop")
    case.add(result)
    case.at("Stop")
    case.at("SessionEnd")
    (row,) = _bundle(case)["files"]
    assert (row["read"], row["characters"]) == (1, 70)


def test_what_failed_was_not_read(case: Session) -> None:
    case.add(*tool("Read", result="Error: no such file", file_path=_file(case, "a.py")))
    case.at("Stop")
    assert case.again() == "" and not (case.folder / "own").exists()


def test_what_changed_on_disk_since_is_told(case: Session) -> None:
    changed, gone = _file(case, "a.py"), _file(case, "b.py")
    empty = _file(case, "c.py", "")
    case.add(*(line for path in (changed, gone, empty) for line in
               tool("Read", result="x", file_path=path)))  # fmt: skip
    case.at("Stop")
    assert "since" not in case.again("resume")
    os.utime(changed, (5, 5))
    os.unlink(gone)
    told = case.again("resume")
    assert "- a.py (read 1×, 2.0 kB, changed on disk since)" in told
    assert "- b.py (read 1×, gone)" in told and "- c.py (read 1×, empty)" in told


@pytest.mark.parametrize("tokens", [50, 200, 600])
def test_it_keeps_to_its_bound_of_tokens(case: Session, tokens: int) -> None:
    for n in range(350):
        case.add(*tool("Write", file_path=_file(case, f"{n:03}/" + "p" * 60, ""), content="x"))
        case.add(*tool("Grep", result="x", pattern=f"pattern {n} " + "q" * 90))
    case.options = {"tokens": tokens}
    case.at("PreCompact")
    told = case.again()
    assert 0 < len(told.encode()) <= tokens * 4
    assert "- 349/" in told and " more" in told
    assert len(_bundle(case)["files"]) == 300 and len(_bundle(case)["searches"]) == 60
    (state,) = (case.folder / "state/sessions").glob("*.json")
    assert state.stat().st_size < 200_000


def test_what_the_page_of_preservation_names_is_not_said_again(case: Session) -> None:
    both = Session("context-preservation", case.folder)
    case.add(
        user("Build it"),
        *tool("Write", result="ok", file_path=_file(case, "a.py"), content="x"),
        *tool("Read", result="x", file_path=_file(case, "b.py")),
    )
    both.at("PreCompact")
    case.at("PreCompact")
    assert "- a.py\n" in both.again() + "\n" and "b.py" not in both.again()
    told = case.again()
    assert "a.py" not in told and "- b.py (read 1×" in told


@pytest.mark.parametrize("source", ["startup", "clear", "", None])
def test_it_is_silent_where_a_session_begins(case: Session, source: Any) -> None:
    case.add(*tool("Read", result="x", file_path=_file(case, "a.py")))
    case.at("Stop")
    assert case.again(source) == ""


@pytest.mark.parametrize("line", BROKEN, ids=lambda line: str(line)[:60])
def test_lines_of_another_shape_are_passed_over(case: Session, line: object) -> None:
    case.add(line, *tool("Read", result="x", file_path=_file(case, "a.py")))
    case.add(*tool("Read", result="x", file_path=5), *tool("Read", result="x", file_path="rel.py"))
    case.at("Stop")
    assert [row["path"] for row in _bundle(case)["files"]] == [str(case.repo / "a.py")]


@pytest.mark.parametrize("more", [{"session_id": ""}, {"session_id": ".."}, {"agent_id": "a"}])
def test_what_is_no_session_of_its_own_is_passed_over(case: Session, more: dict[str, str]) -> None:
    case.add(*tool("Read", result="x", file_path=_file(case, "a.py")))
    case.at("Stop", **more)
    assert case.again(**more) == "" and not (case.folder / "own").exists()


def test_a_damaged_memory_starts_anew(case: Session) -> None:
    case.add(*tool("Read", result="x", file_path=_file(case, "a.py")))
    case.at("Stop")
    (state,) = (case.folder / "state/sessions").glob("*.json")
    state.write_bytes(state.read_bytes().replace(b"a.py", b"b.py"))
    assert "- a.py (read 1×" in case.again()


def test_without_memory_it_still_tells(case: Session) -> None:
    without_state(case)
    case.add(*tool("Read", result="x", file_path=_file(case, "a.py")))
    assert "- a.py (read 1×" in case.again()


def test_old_bundles_go(case: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGES", 3)
    case.add(*tool("Read", result="x", file_path=_file(case, "a.py")))
    for number in range(6):
        case.at("Stop", session_id=f"s{number}")
    assert len(list((case.folder / "own/bundles").iterdir())) == 3


SEARCHES = [
    ("Grep", {"pattern": "x"}, "Grep x"),
    ("Glob", {"pattern": "**/*.py"}, "Glob **/*.py"),
    ("Agent", {"description": "look", "prompt": "p"}, "Agent look"),
    ("Task", {"description": "look"}, "Task look"),
    ("mcp__serena__find_symbol", {}, "mcp__serena__find_symbol"),
    ("mcp__other__find", {}, ""),
    ("Read", {"file_path": "/a"}, ""),
    ("Bash", {"command": "rg -n x src"}, "rg -n x src"),
    ("Bash", {"command": "cd a && /usr/bin/find . | head"}, "/usr/bin/find ."),
    ("Bash", {"command": "git grep login"}, "git grep login"),
    ("Bash", {"command": "git log --grep login"}, ""),
    ("Bash", {"command": "echo grep"}, ""),
    ("Bash", {"command": ""}, ""),
    ("Bash", {"command": None}, ""),
    ("Bash", {}, ""),
]


@pytest.mark.parametrize(("name", "given", "told"), SEARCHES, ids=str)
def test_what_counts_as_a_search(name: str, given: dict[str, Any], told: str) -> None:
    assert search_of(Call("t", name, given), ("mcp__serena__*",)) == told


READS = [
    ("cat a.py b.py", ["a.py", "b.py"]),
    ("sed -n 1,20p 'src/a.py' | head -5", ["1,20p", "src/a.py"]),
    ("cd x; tail -n 5 $FILE >out", ["5"]),
    ("python a.py", []),
]


@pytest.mark.parametrize(("command", "names"), READS)
def test_files_that_a_shell_prints(command: str, names: list[str]) -> None:
    found = read_by_shell(Call("t", "Bash", {"command": command}))
    assert found == names


def test_files_that_the_shell_printed_are_read_files(case: Session) -> None:
    _file(case, "src/a.py")
    case.add(*tool("Bash", result="x" * 90, command="sed -n '1,20p' src/a.py missing.py"))
    case.at("Stop")
    (row,) = _bundle(case)["files"]
    assert (row["path"], row["read"], row["characters"]) == (str(case.repo / "src/a.py"), 1, 90)
