"""Units from canonical.yaml to a running timer and back, through the command and a real systemd."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.system.process import Completed
    from tests.support.user_manager import UserManager

ROOT = Path(__file__).resolve().parents[2]
CANONICAL = """\
hub: {name: team}
repositories:
  api:
    path: ../src/api
    units:
      nightly: {command: ./run, schedule: "02:30", persistent: true}
units:
  serve: {command: [sleep, infinity], type: simple}
"""
TIMER = "hubctl-team-api-nightly.timer"
SERVICE = "hubctl-team-serve.service"
OWN = {TIMER, "hubctl-team-api-nightly.service", SERVICE}


@pytest.fixture
def hub(manager: UserManager) -> Path:
    folder = manager.home / "hub"
    folder.mkdir(exist_ok=True)
    (manager.home / "src/api/.git").mkdir(parents=True, exist_ok=True)
    program = manager.home / "src/api/run"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (folder / "canonical.yaml").write_text(CANONICAL)
    return folder


@pytest.fixture
def hubctl(manager: UserManager, hub: Path) -> Callable[..., Completed]:
    def call(*args: str) -> Completed:
        env = {**os.environ, "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
        command = [sys.executable, "-m", "hubctl", *args]
        done = manager.runner(command, timeout=60, env=env, cwd=str(hub))
        assert done.returncode in (0, 1), done.stderr
        return done

    return call


def actives(manager: UserManager) -> tuple[str, str]:
    return manager.shows(TIMER, "ActiveState"), manager.shows(SERVICE, "ActiveState")


def test_units_live_and_die_with_canonical(
    manager: UserManager, hub: Path, hubctl: Callable[..., Completed]
) -> None:
    hubctl("apply", "--yes")
    assert {path.name for path in manager.unit_dir.iterdir() if path.is_file()} == OWN
    assert actives(manager) == ("active", "active")
    service = (manager.unit_dir / "hubctl-team-api-nightly.service").read_text()
    assert f"ExecStart={manager.home}/src/api/run\n" in service
    assert hubctl("drift").returncode == 0

    manager.systemctl("stop", "--", TIMER)
    drifted = hubctl("drift")
    assert drifted.returncode == 1
    assert f"unit:{TIMER}#active" in drifted.stdout
    assert hubctl("drift", "--fix").returncode == 0
    assert actives(manager) == ("active", "active")

    (hub / "canonical.yaml").write_text(CANONICAL.partition("units:\n  serve")[0])
    hubctl("apply", "--yes")
    assert actives(manager) == ("active", "inactive")
    assert not (manager.unit_dir / SERVICE).exists()
    assert not (manager.unit_dir / "default.target.wants" / SERVICE).is_symlink()

    hubctl("rollback", "--yes")
    assert actives(manager) == ("active", "active")
    assert {path.name for path in manager.unit_dir.iterdir() if path.is_file()} == OWN


def test_a_service_at_work_goes_on_as_its_new_file_says(
    manager: UserManager, hub: Path, hubctl: Callable[..., Completed]
) -> None:
    hubctl("apply", "--yes")
    before = manager.shows(SERVICE, "MainPID")
    (hub / "canonical.yaml").write_text(CANONICAL.replace("infinity", "1h"))
    hubctl("apply", "--yes")
    assert actives(manager) == ("active", "active")
    assert manager.shows(SERVICE, "MainPID") not in (before, "0")
    again = manager.shows(SERVICE, "MainPID")
    hubctl("rollback", "--yes")
    assert manager.shows(SERVICE, "MainPID") not in (before, again, "0")
