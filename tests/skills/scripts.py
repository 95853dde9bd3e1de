"""Scripts of shipped skills, run as people run them: by a bare Python, with nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.cli import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SKILLS = ROOT / "templates" / "skills"
SECONDS = 60


def run(
    script: str,
    *arguments: object,
    folder: Path,
    env: dict[str, str] | None = None,
    bare: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run `SKILL/SCRIPT.py` in a folder; with `bare` only the standard library is there."""
    skill, _, name = script.partition("/")
    options = ["-E", "-s", "-S"] if bare else []
    return subprocess.run(
        [
            sys.executable,
            "-B",
            *options,
            str(SKILLS / skill / "scripts" / name),
            *map(str, arguments),
        ],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(env or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
