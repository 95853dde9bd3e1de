"""Cases of hooks_shared/families/formatting/auto_format.py: rows as data, races, repositories."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.system.hooks_package import registry
from tests.hooks.formatting_case import CONFIG, RUFF, UPPER, Repo
from tests.hooks.hook_case import without_state
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from tests.hooks.world import World

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/auto-format/files.jsonl").read_text().splitlines()
]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    return Repo.at(tmp_path.resolve(), monkeypatch)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_case(repo: Repo, row: dict[str, Any]) -> None:
    repo.options = row.get("options", {})
    for name, text in row.get("above", {}).items():
        (repo.folder / name).write_text(text)
    for name, text in row.get("files", {}).items():
        repo.write(name, text)
    for name, script in row.get("programs", {}).items():
        if row.get("raw"):
            repo.write(name, "\0" + script, program=True)
        else:
            repo.program(name, script)
    path = repo.write(row["path"], row["text"])
    before = row.get("before")
    verdict = repo.touched(path, tool_response={"type": "update", "originalFile": before})
    assert path.read_bytes() == row["becomes"].encode("utf-8", "surrogateescape")
    assert row.get("says", "") in (verdict.context if verdict else "")
    assert row.get("message", "") in (verdict.message if verdict else "")
    assert bool(verdict) == bool(row.get("says") or row.get("message"))
    assert repo.outcomes == ([row["outcome"]] if "outcome" in row else [])
    assert [one for one in path.parent.iterdir() if ".hubctl-" in one.name] == []


INPUTS = [
    {},
    {"tool_input": 5},
    {"tool_input": {"file_path": 5}},
    {"tool_input": {"file_path": ""}},
    {"tool_input": {"file_path": "a.py"}},
    {"tool_input": {"file_path": "/nowhere/a.py"}},
    {"tool_input": {"file_path": "/a.py"}, "cwd": ""},
    {"tool_input": {"file_path": "/dev/null.py"}, "unknown": {"a": [1]}},
]


@pytest.mark.parametrize("event", INPUTS, ids=str)
def test_inputs_of_another_shape_are_passed_over(repo: Repo, event: dict[str, Any]) -> None:
    assert repo.decide({"session_id": "s", "cwd": str(repo.root), **event}) is None


def test_what_was_told_is_not_told_again(repo: Repo) -> None:
    path = _with_ruff(repo, "echo 'error: no' >&2; exit 1")
    assert repo.touched(path)
    assert repo.touched(path) is None
    assert repo.touched(path, session_id="other")


def test_without_memory_what_is_wrong_is_not_told_but_changes_are(repo: Repo) -> None:
    without_state(repo)
    assert repo.touched(_with_ruff(repo, "exit 1")) is None
    assert repo.touched(_with_ruff(repo, UPPER)) is not None


def test_many_files_are_remembered_up_to_a_bound(repo: Repo) -> None:
    for number in range(130):
        path = _with_ruff(repo, f"echo error: {number} >&2; exit 1", f"a{number}.py")
        assert repo.touched(path)
    (state,) = (repo.folder / "state/sessions").glob("*.json")
    assert len(state.read_text()) < 20_000


def _with_ruff(repo: Repo, script: str, name: str = "a.py", text: str = "x = 1\n") -> Path:
    for config, content in CONFIG.items():
        repo.write(config, content)
    repo.program(RUFF, script)
    return repo.write(name, text)


def test_only_files_of_this_repository(repo: Repo) -> None:
    _with_ruff(repo, UPPER)
    nested = repo.write("vendored/lib/a.py", "x\n")
    (repo.root / "vendored/.git").mkdir()
    other = repo.folder / "other/a.py"
    other.parent.mkdir()
    other.write_text("x\n")
    for path in (nested, other):
        assert repo.touched(path) is None
        assert path.read_text() == "x\n"


def test_a_worktree_belongs_to_its_repository(repo: Repo) -> None:
    _with_ruff(repo, UPPER)
    tree = repo.folder / "tree"
    (repo.root / ".git/worktrees/tree").mkdir(parents=True)
    (repo.root / ".git/worktrees/tree/commondir").write_text("../..\n")
    (tree / ".venv/bin").mkdir(parents=True)
    (tree / ".git").write_text(f"gitdir: {repo.root}/.git/worktrees/tree\n")
    (tree / "pyproject.toml").write_text(CONFIG["pyproject.toml"])
    shutil.copy(repo.root / RUFF, tree / RUFF)
    (tree / "a.py").write_text("x\n")
    assert repo.touched(tree / "a.py")
    assert (tree / "a.py").read_text() == "X\n"


def test_outside_git_the_folder_of_the_session_is_the_root(repo: Repo) -> None:
    (repo.root / ".git").rmdir()
    path = _with_ruff(repo, UPPER, "src/a.py")
    assert repo.touched(path)
    assert repo.touched(_with_ruff(repo, UPPER))
    assert repo.touched(_with_ruff(repo, UPPER, "b.py"), cwd=str(repo.root / "src")) is None


def test_the_project_of_the_session_counts_not_its_working_folder(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(repo.root))
    assert repo.touched(_with_ruff(repo, UPPER), cwd="/")


def test_a_link_is_followed_inside_and_left_alone_outside(repo: Repo) -> None:
    path = _with_ruff(repo, UPPER)
    link = repo.root / "link.py"
    link.symlink_to("a.py")
    assert repo.touched(link)
    assert path.read_text() == "X = 1\n" and link.is_symlink()
    outside = repo.folder / "out.py"
    outside.write_text("x\n")
    link.unlink()
    link.symlink_to(outside)
    assert repo.touched(link) is None and outside.read_text() == "x\n"


def test_a_second_name_of_a_file_keeps_it_as_it_is(repo: Repo) -> None:
    path = _with_ruff(repo, UPPER)
    os.link(path, repo.root / "second.py")
    assert repo.touched(path) is None
    assert path.read_text() == "x = 1\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_is_no_file_is_never_waited_for(repo: Repo) -> None:
    _with_ruff(repo, UPPER).unlink()
    os.mkfifo(repo.root / "a.py")
    assert repo.touched(repo.root / "a.py") is None


def test_mode_and_attributes_stay(repo: Repo) -> None:
    path = _with_ruff(repo, UPPER)
    path.chmod(0o750)
    marked = _set_attribute(path)
    assert repo.touched(path)
    assert path.stat().st_mode & 0o7777 == 0o750
    assert not marked or os.getxattr(path, "user.hubctl-test") == b"1"


def _set_attribute(path: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        os.setxattr(path, "user.hubctl-test", b"1")
    except OSError:
        return False
    return True


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_leaves_the_file(repo: Repo) -> None:
    path = _with_ruff(repo, UPPER, "src/a.py")
    path.parent.chmod(0o500)
    try:
        verdict = repo.touched(path)
    finally:
        path.parent.chmod(0o700)
    assert verdict and "could not be formatted" in verdict.context
    assert path.read_text() == "x = 1\n"


# What somebody else does to the file while its formatter runs.
MEANWHILE = {
    "written in place": "printf other > {path}",
    "replaced": "printf other > {path}.new; mv {path}.new {path}",
    "grown": "printf more >> {path}",
    "removed": "rm {path}",
    "made a folder": "rm {path}; mkdir {path}",
    "made a link": "mv {path} {path}.moved; ln -s {path}.moved {path}",
    "emptied": ": > {path}",
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_file_that_changes_meanwhile_is_not_written(repo: Repo, what: str) -> None:
    script = MEANWHILE[what].format(path=repo.root / "a.py")
    path = _with_ruff(repo, f"{script}\n{UPPER}")
    copy = repo.write("copy.py", "x = 1\n")
    os.system(script.replace(str(path), str(copy)))
    verdict = repo.touched(path)
    assert verdict is None or "could not be formatted" in verdict.context
    assert repo.outcomes[0] in ("moved", "failed")
    assert _kind(path) == _kind(copy)


def _kind(path: Path) -> object:
    if path.is_symlink():
        return "link", path.read_bytes()
    return path.read_bytes() if path.is_file() else path.exists()


def test_nothing_of_a_stopped_formatter_goes_on(repo: Repo) -> None:
    repo.options = {"seconds": 0.3}
    late = repo.root / "late"
    path = _with_ruff(repo, f"(sleep 1; touch {late}) & wait")
    began = time.monotonic()
    assert repo.touched(path)
    assert time.monotonic() - began < 5
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline and not late.exists():
        time.sleep(0.05)
    assert not late.exists()


def test_a_child_left_behind_is_not_waited_for(repo: Repo) -> None:
    path = _with_ruff(repo, f"sleep 20 & {UPPER}")
    began = time.monotonic()
    assert repo.touched(path)
    assert time.monotonic() - began < 5


def test_a_formatter_gets_no_secret(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "s3cret")
    monkeypatch.setenv("CLAUDE_CODE_MESSAGING_SOCKET", "/s3cret")
    monkeypatch.setenv("MY_SETTING", "kept")
    path = _with_ruff(repo, f"env > {repo.root}/seen; {UPPER}")
    assert repo.touched(path)
    seen = (repo.root / "seen").read_text()
    assert "s3cret" not in seen and "MY_SETTING=kept" in seen and "NO_COLOR=1" in seen


def test_a_formatter_runs_in_the_folder_that_told_of_it(repo: Repo) -> None:
    repo.write("web/ruff.toml", "[format]\n")
    repo.program("web/.venv/bin/ruff", f"pwd > {repo.root}/seen; {UPPER}")
    here = Path.cwd()
    assert repo.touched(repo.write("web/src/a.py", "x\n"))
    assert (repo.root / "seen").read_text().strip() == str(repo.root / "web")
    assert Path.cwd() == here


def test_arguments_name_the_file(repo: Repo) -> None:
    path = _with_ruff(repo, f'printf "%s\\n" "$@" > {repo.root}/seen; {UPPER}')
    repo.touched(path)
    seen = (repo.root / "seen").read_text().split("\n")
    assert seen[:-1] == ["format", "--quiet", "--stdin-filename", str(path), "-"]


def test_in_a_run_of_its_own(world: World) -> None:
    """With the dispatcher's memory bound, its silenced outputs and the launcher's descriptor."""
    (world.repo / ".venv/bin").mkdir(parents=True)
    script = world.repo / RUFF
    script.write_text(f"#!/bin/sh\nulimit -d > {world.root}/limit; sleep 9 & {UPPER}\n")
    script.chmod(0o755)
    (world.repo / "pyproject.toml").write_text(CONFIG["pyproject.toml"])
    path = world.repo / "a.py"
    path.write_text("x = 1\n")
    row = registry.find("auto-format")
    assert row is not None
    world.enable(row.id, "PostToolUse", module=row.module, options=row.options, deadline=20)
    given = {"file_path": str(path), "content": "x = 1\n"}
    text = event_text("PostToolUse", tool_name="Write", tool_input=given, cwd=str(world.repo))
    began = time.monotonic()
    answer = world.launch("PostToolUse", text)
    assert time.monotonic() - began < 8
    assert answer.code == 0 and answer.context.startswith("ruff formatted a.py; ")
    assert path.read_text() == "X = 1\n"
    assert (world.root / "limit").read_text().strip() == "unlimited"
    (record,) = world.records()
    assert record["samples"] == [{"name": "format", "formatter": "ruff", "outcome": "changed"}]
