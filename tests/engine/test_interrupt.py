"""Control-C at every single effect: nothing half-done stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.engine.test_crash import THEN, effects, prepared
from tests.support.workbench import snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupted_apply_undoes_itself(tmp_path: Path, times: int) -> None:
    """A second Control-C may leave work to the next run, but never anything broken."""
    total = effects(tmp_path / "count")
    done = prepared(tmp_path / "done")
    old = snapshot(done.root)
    done.apply(THEN)
    new = snapshot(done.root)
    for step in range(1, total + 1):
        bench = prepared(tmp_path / str(step))

        def before(number: int, _name: str, _path: str, at: int = step) -> None:
            if at <= number < at + times:
                raise KeyboardInterrupt

        bench.door = CountingFiles(RealFiles(), before)
        try:
            bench.apply(THEN)
        except KeyboardInterrupt:
            bench.door = RealFiles()
        else:
            pytest.fail(f"step {step} was not reached")
        found = snapshot(bench.root)
        if not bench.journal.open_ids():
            assert found in (old, new), f"step {step}"
        assert times == 2 or not bench.journal.open_ids(), f"step {step}"
