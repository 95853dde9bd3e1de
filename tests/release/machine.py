"""Installs into folders of the test, with compilers that run once for each text."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hubctl.release.choose import install
from hubctl.system.files import RealFiles
from hubctl.system.process import Completed, run
from tests.hooks.inputs import event_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.release.install import InstalledRelease
    from hubctl.system.places import Places

DOOR = RealFiles()


def change(package: Path, number: int) -> None:
    (package / "__init__.py").write_text(f'"""Version {number}."""\n')


@functools.cache
def _compiled(args: tuple[str, ...], text: str) -> Completed:
    return run(args, timeout=60, input=text)


TRIED = Completed(args=(), returncode=0, stdout="", stderr="")


def once(
    args: Sequence[str],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    input: str = "",
    cwd: str | None = None,
) -> Completed:
    """Runs a compiler once for each text, and tries no release: only the writing counts here."""
    return _compiled(tuple(args), input) if "-c" in args else TRIED


def installed(places: Places, interpreter: str = sys.executable) -> InstalledRelease:
    return install(places, interpreter, DOOR, runner=once)


def current(places: Places) -> Path:
    return Path(places.releases) / "current"


def runs(places: Places) -> bool:
    """Whether the release in use answers an event (there is no hub, so with nothing)."""
    program = [sys.executable, "-I", "-S", f"{places.releases}/current/run.py", "PreToolUse"]
    done = subprocess.run(
        program,
        input=event_text("PreToolUse").encode(),
        capture_output=True,
        check=False,
        env={"XDG_STATE_HOME": places.state},
        timeout=60,
    )
    return (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
