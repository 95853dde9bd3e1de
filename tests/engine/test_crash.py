"""Kill apply at every single effect: each path holds old or new, and the next run repairs it all.

The kill is real: a child process runs the apply behind a door that sends SIGKILL to itself ahead of
effect number N, for every N there is.
"""

from __future__ import annotations

import itertools
import os
import signal
from typing import TYPE_CHECKING

import pytest

from hubctl.engine.rollback import recover
from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.doors import SYSTEMS
from tests.support.workbench import (
    SETTINGS,
    Workbench,
    allow,
    block,
    link,
    setting,
    snapshot,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path

FIRST = [setting("/model", "sonnet"), whole(".claude/rules/old.md", "old\n"), link("l", "/a")]
THEN = [
    setting("/model", "opus"),
    allow("Bash(ls *)"),
    block("Be kind.\n"),
    whole(".claude/rules/new/deep.md", "new\n", executable=True),
    link("l", "/b"),
]


def prepared(tmp_path: Path) -> Workbench:
    bench = Workbench(root=tmp_path / "api", state=tmp_path / "state")
    bench.put(SETTINGS, b'{\r\n\t"theme": "dark"\r\n}\r\n')
    bench.put("CLAUDE.md", b"mine, no newline")
    (bench.root / "CLAUDE.md").chmod(0o600)
    bench.apply(FIRST)
    return bench


def effects(tmp_path: Path, system: str = "swap") -> int:
    bench = prepared(tmp_path)
    bench.door = CountingFiles(SYSTEMS[system](), lambda *_: None)
    bench.apply(THEN)
    return bench.door.steps


def killed_at(bench: Workbench, step: int, system: str = "swap") -> None:
    child = os.fork()
    if child == 0:

        def kill(number: int, _name: str, _path: str) -> None:
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)

        bench.door = CountingFiles(SYSTEMS[system](), kill)
        try:
            bench.apply(THEN)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def every_path_is_old_or_new(now: dict, old: dict, new: dict) -> None:
    for name, found in now.items():
        if ".hubctl-" not in name:
            assert found in (old.get(name), new.get(name)), name
    for name, was in old.items():
        if name not in now:
            assert new.get(name) != was, f"{name} is lost"


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_kill_before_any_effect_leaves_old_or_new_and_recovers(tmp_path, system):
    total = effects(tmp_path / "count", system)
    assert total > 30
    done = prepared(tmp_path / "done")
    old = snapshot(done.root)
    done.apply(THEN)
    new = snapshot(done.root)
    for step in range(1, total + 1):
        bench = prepared(tmp_path / str(step))
        killed_at(bench, step, system)
        every_path_is_old_or_new(snapshot(bench.root), old, new)
        recover(bench.journal, bench.door)
        recovered = snapshot(bench.root)
        assert recovered in (old, new), f"step {step}"
        bench.ids = itertools.count(100)
        bench.apply(THEN)
        assert snapshot(bench.root) == new
        assert bench.plan(THEN).changes == ()


def test_recovery_itself_may_be_killed(tmp_path):
    total = effects(tmp_path / "count")
    bench = prepared(tmp_path / "world")
    old = snapshot(bench.root)
    killed_at(bench, total - 8)
    for step in range(1, 200):
        child = os.fork()
        if child == 0:

            def kill(number: int, _name: str, _path: str, at: int = step) -> None:
                if number == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            door = CountingFiles(RealFiles(), kill)
            bench.door = door
            recover(bench.journal, door)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
    else:
        pytest.fail("recovery never came to an end")
    assert step > 3
    assert snapshot(bench.root) == old
    assert bench.journal.open_ids() == ()


def test_work_done_after_the_crash_is_kept(tmp_path):
    total = effects(tmp_path / "count")
    bench = prepared(tmp_path / "world")
    killed_at(bench, total - 3)
    bench.put("CLAUDE.md", "written after the crash\n")
    (found,) = recover(bench.journal, bench.door)
    assert found.changed == (str(bench.root / "CLAUDE.md"),)
    assert bench.read("CLAUDE.md") == b"written after the crash\n"
