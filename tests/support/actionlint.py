"""actionlint, the linter of workflows: where it is, and what it says. Tests skip without it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

_CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
TOOLS = Path(os.environ.get("HUBCTL_CI_TOOLS") or f"{_CACHE}/hubctl-ci/tools")


def program() -> str:
    """Its path; the test skips where it is not there."""
    found = shutil.which("actionlint", path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"actionlint is not in {TOOLS}: `.ci/run prepare` puts it there, given go")
    return found


def complaints(folder: Path, workflow: str, beside: Mapping[str, str] | None = None) -> list[str]:
    """What it says of a workflow in a repository that also has the files `beside`."""
    actionlint = program()
    files = {".github/workflows/w.yml": workflow, **(beside or {})}
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    done = subprocess.run(
        [actionlint, "-no-color", "-oneline", "-shellcheck=", "-pyflakes="],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()
