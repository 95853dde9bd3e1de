"""Runs over several targets: each on its own, or all of them or none."""

from __future__ import annotations

import contextlib
import errno
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry
from hubctl.engine.operations import UnitOperation
from hubctl.engine.prepare import Allowed, prepare
from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.workbench import NoUnits, Workbench, block, snapshot, whole

if TYPE_CHECKING:
    from pathlib import Path

    from hubctl.engine.operations import Batch

ITEMS = [block("b\n"), whole(".claude/rules/a.md", "x\n")]


def batch(bench: Workbench, name: str) -> Batch:
    plan = bench.plan(ITEMS)
    prepared = prepare(plan, bench.target, bench.records(), bench.door, Allowed())
    return replace(prepared, target=name)


@pytest.fixture
def benches(tmp_path: Path) -> tuple[Workbench, Workbench]:
    state = tmp_path / "state"
    one, two = (Workbench(root=tmp_path / name, state=state) for name in ("one", "two"))
    one.put("CLAUDE.md", "mine\n")
    two.put("CLAUDE.md", "mine\n")
    return one, two


def run(one: Workbench, two: Workbench, *, together: bool, fails: str, effect: str = ""):
    def before(_number: int, name: str, path: str) -> None:
        if path.startswith(fails) and "/.claude" in path and effect in ("", name):
            raise OSError(errno.EIO, "refused", path)

    entry = Entry(
        id="0001", time="t", command="apply", batches=(batch(one, "one"), batch(two, "two"))
    )
    door = CountingFiles(RealFiles(), before)
    return Executor(door=door, journal=one.journal, units=NoUnits()).run(entry, together=together)


def test_one_target_fails_alone(benches: tuple[Workbench, Workbench]) -> None:
    one, two = benches
    old = snapshot(two.root)
    outcomes = run(one, two, together=False, fails=str(two.root))
    assert [bool(outcome.failed) for outcome in outcomes] == [False, True]
    assert snapshot(two.root) == old
    assert one.plan(ITEMS).changes == ()
    assert one.journal.read("0001").ending == "done"


@pytest.mark.parametrize("fails", [0, 1])
def test_targets_that_belong_together_fail_together(
    benches: tuple[Workbench, Workbench], fails: int
) -> None:
    one, two = benches
    old = snapshot(one.root), snapshot(two.root)
    outcomes = run(one, two, together=True, fails=str(benches[fails].root))
    assert outcomes[-1].failed
    assert len(outcomes) == fails + 1
    assert (snapshot(one.root), snapshot(two.root)) == old
    assert one.journal.read("0001").ending == "undone"


@pytest.mark.parametrize("fails", [0, 1])
@pytest.mark.parametrize("together", [True, False])
def test_a_target_whose_folders_cannot_be_synced_fails_at_the_end(
    benches: tuple[Workbench, Workbench], fails: int, *, together: bool
) -> None:
    one, two = benches
    old = [snapshot(bench.root) for bench in benches]
    outcomes = run(one, two, together=together, fails=str(benches[fails].root), effect="sync")
    assert [bool(outcome.failed) for outcome in outcomes] == [fails == 0, fails == 1]
    for number, bench in enumerate(benches):
        if together or number == fails:
            assert snapshot(bench.root) == old[number]
        else:
            assert bench.plan(ITEMS).changes == ()
    assert one.journal.read("0001").ending == ("undone" if together else "done")


def test_a_run_that_came_to_nothing_is_no_run_to_roll_back(
    benches: tuple[Workbench, Workbench],
) -> None:
    one, two = benches
    outcomes = run(one, two, together=False, fails=str(one.root.parent))
    assert all(outcome.failed for outcome in outcomes)
    assert one.journal.read("0001").ending == "undone"


class Remembering:
    """A service manager that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def reload(self) -> None:
        self.told.append("reload")

    def set_state(self, unit: str, prop: str, state: str) -> None:
        self.told.append(f"{unit} {prop} {state}")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "refused"), KeyboardInterrupt()])
def test_units_of_a_target_that_is_undone_go_back_too(
    benches: tuple[Workbench, Workbench], error: BaseException
) -> None:
    one, _ = benches
    off = UnitOperation(unit="a.timer", prop="active", before="active", after="inactive")
    on = UnitOperation(unit="b.timer", prop="active", before="inactive", after="active")
    wanted = replace(batch(one, "one"), units=(off, on), reload=True)
    units = Remembering()

    def before(_number: int, _name: str, path: str) -> None:
        if path.endswith("CLAUDE.md"):
            raise error

    executor = Executor(door=CountingFiles(RealFiles(), before), journal=one.journal, units=units)
    entry = Entry(id="0001", time="t", command="apply", batches=(wanted,))
    with contextlib.suppress(KeyboardInterrupt):
        executor.run(entry)
    assert units.told[:2] == ["a.timer active inactive", "reload"]
    assert units.told[-1] == "a.timer active active"
    assert "b.timer active active" not in units.told
