"""The system refuses an effect: a full disk, a failing one, a folder that may not be written."""

from __future__ import annotations

import errno
import itertools
from typing import TYPE_CHECKING

import pytest

from hubctl.engine.rollback import recover
from hubctl.errors import OperationError
from hubctl.system.files import RealFiles
from tests.engine.test_crash import THEN, effects, prepared
from tests.support.doors import failing
from tests.support.workbench import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workbench import Workbench


def again(bench: Workbench) -> None:
    """What the next command does."""
    bench.door = RealFiles()
    bench.ids = itertools.count(100)
    recover(bench.journal, bench.door)
    bench.apply(THEN)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EACCES])
def test_one_refused_effect_leaves_the_target_as_it_was_or_done(tmp_path: Path, code: int) -> None:
    total = effects(tmp_path / "count")
    done = prepared(tmp_path / "done")
    old = snapshot(done.root)
    done.apply(THEN)
    new = snapshot(done.root)
    for step in range(1, total + 1):
        bench = prepared(tmp_path / str(step))
        bench.door = failing(RealFiles(), step, forever=False, code=code)
        try:
            outcome = bench.apply(THEN)
        except OperationError as error:
            assert error.message
        else:
            found = snapshot(bench.root)
            assert found == (old if outcome.failed else new), f"step {step}"
            assert bool(outcome.message) is bool(outcome.failed)
        again(bench)
        assert snapshot(bench.root) == new, f"step {step}"
        assert bench.plan(THEN).changes == ()


def test_a_disk_that_stays_full_loses_nothing(tmp_path: Path) -> None:
    total = effects(tmp_path / "count")
    done = prepared(tmp_path / "done")
    old = snapshot(done.root)
    done.apply(THEN)
    new = snapshot(done.root)
    for step in range(1, total + 1):
        bench = prepared(tmp_path / str(step))
        bench.door = failing(RealFiles(), step, forever=True, code=errno.ENOSPC)
        try:
            bench.apply(THEN)
        except OperationError as error:
            assert "full" in error.message
        for name, found in snapshot(bench.root).items():
            assert ".hubctl-" in name or found in (old.get(name), new.get(name)), name
        again(bench)
        assert snapshot(bench.root) == new, f"step {step}"


def test_a_journal_that_cannot_begin_writes_nothing(tmp_path: Path) -> None:
    bench = prepared(tmp_path)
    before = snapshot(bench.root)
    (bench.state / "journal").rename(bench.state / "was")
    (bench.state / "journal").write_text("somebody's file")
    with pytest.raises(OperationError, match="journal"):
        bench.apply(THEN)
    assert snapshot(bench.root) == before


def test_a_journal_that_cannot_be_tidied_is_no_failure(tmp_path: Path) -> None:
    bench = prepared(tmp_path)
    (bench.state / "journal/.DS_Store").write_text("somebody's file")
    (bench.state / "journal/odd/deep").mkdir(parents=True)
    assert not bench.apply(THEN).failed
    assert (bench.state / "journal/.DS_Store").exists()
