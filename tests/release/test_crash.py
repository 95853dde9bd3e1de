from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.release.choose import install
from hubctl.release.verify import verify
from hubctl.system.wrappers import CountingFiles
from tests.release.machine import DOOR, change, current, installed, once

if TYPE_CHECKING:
    from hubctl.system.places import Places


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def steps_of(places: Places) -> int:
    door = CountingFiles(DOOR, lambda step, name, path: None)
    install(places, sys.executable, door, runner=once)
    return door.steps


def _killed_at(places: Places, at: int) -> None:
    def before(step: int, name: str, path: str) -> None:
        if step == at:
            raise Killed

    with contextlib.suppress(Killed):
        install(places, sys.executable, CountingFiles(DOOR, before), runner=once)


def test_a_kill_at_any_step_leaves_the_old_or_the_new_release(
    places: Places, tmp_path: Path, small: Path
) -> None:
    change(small, 1)
    old = installed(places).name
    saved = tmp_path / "saved"
    shutil.copytree(tmp_path / "data", saved / "data", symlinks=True)
    shutil.copytree(tmp_path / "state", saved / "state", symlinks=True)
    change(small, 2)
    steps = steps_of(places)
    new = os.readlink(current(places))
    seen = set()
    assert steps > 20
    for at in range(1, steps + 1):
        _restore(saved, tmp_path)
        _killed_at(places, at)
        name = os.readlink(current(places))
        seen.add(name)
        assert verify(places, DOOR, full=True) == ()
        again = installed(places)
        assert again.version == new and verify(places, DOOR, full=True) == ()
        left = {entry.name for entry in Path(places.releases).iterdir()}
        assert not any(entry.startswith(".staged") for entry in left)
    assert seen == {old, new}


def _restore(saved: Path, root: Path) -> None:
    for name in ("data", "state"):
        shutil.rmtree(root / name)
        shutil.copytree(saved / name, root / name, symlinks=True, copy_function=shutil.copy2)


@pytest.mark.usefixtures("small")
def test_a_kill_during_the_first_install_leaves_none_or_a_whole_one(
    places: Places, tmp_path: Path
) -> None:
    steps = steps_of(places)
    for at in range(1, steps + 1):
        for name in ("data", "state"):
            shutil.rmtree(tmp_path / name)
        _killed_at(places, at)
        rules = {finding.rule for finding in verify(places, DOOR, full=True)}
        assert rules in (set(), {"release/missing"})
        installed(places)
        assert verify(places, DOOR, full=True) == ()


def test_two_installs_at_once_are_one_after_the_other(places: Places) -> None:
    code = (
        "import sys; from hubctl.release.choose import install;"
        "from hubctl.system.files import RealFiles;"
        "from hubctl.system.places import find_places;"
        "print(install(find_places(), sys.executable, RealFiles()).name)"
    )
    environment = {
        **os.environ,
        "HOME": places.home,
        "XDG_DATA_HOME": str(Path(places.data).parent),
        "XDG_STATE_HOME": str(Path(places.state).parent),
    }
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
        for _ in range(3)
    ]
    names = {process.communicate(timeout=60)[0] for process in running}
    assert len(names) == 1 and all(process.returncode == 0 for process in running)
    assert verify(places, DOOR, full=True) == ()
