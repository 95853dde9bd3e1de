"""Demo worlds, each built once by the real command in an environment that leads nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Played:
    """One run of `hubctl demo`; `outside` stands for the real home of whoever ran it."""

    home: Path
    outside: Path
    done: subprocess.CompletedProcess[str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command inside the demo, as the last lines of its output tell people to run it."""
        command = ["/bin/sh", str(self.home / "enter"), *arguments]
        return subprocess.run(
            command,
            env=surroundings(self.outside),
            cwd=self.outside,
            capture_output=True,
            text=True,
            check=False,
        )


def surroundings(outside: Path, path: str | None = None) -> dict[str, str]:
    """An environment whose every variable that hubctl or git might follow leads to `outside`."""
    return {
        "PATH": os.environ["PATH"] if path is None else path,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(":"),
        "HOME": str(outside),
        "CLAUDE_CONFIG_DIR": str(outside / "claude"),
        "HUBCTL_HUB": str(outside / "hub"),
        "XDG_CONFIG_HOME": str(outside / "config"),
        "XDG_STATE_HOME": str(outside / "state"),
        "XDG_DATA_HOME": str(outside / "data"),
        "XDG_CACHE_HOME": str(outside / "cache"),
        "GIT_DIR": str(outside / "git"),
        "GIT_WORK_TREE": str(outside),
        "HUBCTL_DEBUG": "1",
    }


def play(base: Path, *options: str, path: str | None = None, folder: bool = True) -> Played:
    """Run `hubctl demo`, with its folder in `base` unless told otherwise."""
    outside = base / "outside"
    outside.mkdir(mode=0o500)
    home = base / "demo"
    where = ["--dir", str(home)] if folder else []
    done = subprocess.run(
        [sys.executable, "-m", "hubctl", "demo", *where, *options],
        env=surroundings(outside, path) | {"TMPDIR": str(base)},
        cwd=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    return Played(home=home, outside=outside, done=done)


@pytest.fixture(scope="session")
def only_git(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with git and nothing else: no systemctl, no client, no shell tools."""
    folder = tmp_path_factory.mktemp("bin")
    git = shutil.which("git")
    assert git is not None
    (folder / "git").symlink_to(git)
    return str(folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The world before hubctl came."""
    return play(tmp_path_factory.mktemp("built"), "--until", "build")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, only_git: str) -> Iterator[Played]:
    """The whole demo, on a machine that has nothing but git; its dashboard ends with the tests."""
    played = play(tmp_path_factory.mktemp("finished"), path=only_git)
    yield played
    played.run("hubctl", "dashboard", "--stop")


@pytest.fixture(scope="session")
def rolled_back(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The world after everything was taken back."""
    return play(tmp_path_factory.mktemp("rolled-back"), "--until", "rollback")


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The world after somebody interfered; a fresh one for each module."""
    return play(tmp_path_factory.mktemp("drifted"), "--until", "edit")
