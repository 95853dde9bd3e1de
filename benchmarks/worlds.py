"""Worlds to measure in: a hub over many repositories, applied, in a temporary home of its own.

Repositories are made by hand, because `git init` takes longer than everything that is measured.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]

MIXED = """\
hub:
  name: bench
defaults:
  settings:
    model: opus
    cleanupPeriodDays: 30
  permissions:
    allow: ["Bash(git diff *)"]
    deny: ["Read(./.env)"]
  local:
    env:
      EDITOR: vi
  hooks:
    pre_tool_use: [context-monitor]
    stop: [session-summary]
  commands: [review, release, triage]
  rules: [style]
  agents: [tester]
  conventions: ["Small commits, each with its reason."]
  gitignore: [/scratch/]
  mcp:
    docs: {type: http, url: "http://localhost:8080/mcp"}
repositories:
"""
FILES = """\
hub:
  name: bench
defaults:
  settings:
    model: opus
    cleanupPeriodDays: 30
  commands: [review, release]
  rules: [style]
  agents: [tester]
  conventions: ["Small commits, each with its reason."]
repositories:
"""
REPOSITORY = """\
  {name}:
    path: ../src/{name}
    language: python
    test_command: uv run pytest -q tests/{name}
    overrides:
      permissions:
        allow: ["Bash(make {name}:*)"]
"""
BODY = "Read what changed, name what could break, and say what you did not look at.\n" * 8
SOURCES = {
    "commands/review.md": f"---\ndescription: Look at the last change\n---\n\n{BODY}",
    "commands/release.md": f"---\ndescription: Prepare a release\n---\n\n{BODY}",
    "commands/triage.md": f"---\ndescription: Sort new reports\n---\n\n{BODY}",
    "rules/style.md": f"# Style\n\n{BODY}",
    "agents/tester.md": f"---\nname: tester\ndescription: Runs the tests\n---\n\n{BODY}",
}
GIT = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
}


@dataclass(frozen=True)
class World:
    """One hub and its repositories below a folder; `resources` are those of one repository."""

    base: Path
    repositories: int
    resources: int

    @property
    def hub(self) -> Path:
        return self.base / "hub"

    @property
    def cache(self) -> Path:
        return self.base / "home/.cache/hubctl"

    def environment(self) -> dict[str, str]:
        """A home of its own, and nothing of the caller's but PATH."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.base / "home"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def roots(self) -> list[Path]:
        return [self.base / "src" / name(i) for i in range(self.repositories)]

    def managed_files(self) -> list[str]:
        """Everything that apply wrote and a check has to look at, ledgers included."""
        folders = [*self.roots(), self.base / "home/.local/state/hubctl/bench"]
        found = (path for folder in folders for path in _leaves(folder))
        return sorted(path for path in found if not _is_foreign(path))

    def forget(self, folder: str) -> None:
        """Remove one kind of cache."""
        shutil.rmtree(self.cache / folder, ignore_errors=True)

    def clear(self) -> None:
        """Everything as it was before anybody ran hubctl here."""
        for root in self.roots():
            shutil.rmtree(root)
            _make_repository(root)
        shutil.rmtree(self.base / "home")
        (self.base / "home").mkdir()

    def apply(self) -> None:
        """Bring everything in sync, and make sure that this is the world the table tells of."""
        self.hubctl("apply", "--yes")
        time.sleep(1.5)  # what is younger than a second is never trusted to be unchanged
        told = self.hubctl("drift").splitlines()[-1]
        if told != f"Drift: none; {self.repositories * self.resources} in sync":
            raise SystemExit(f"another world than expected: {told}")

    def hubctl(self, *arguments: str) -> str:
        """Run hubctl in the hub's folder; it has to succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "hubctl", *arguments],
            cwd=self.hub,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"hubctl {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def _leaves(folder: Path) -> Iterator[str]:
    """Files and links."""
    for at, folders, names in os.walk(folder):
        linked = [n for n in folders if os.path.islink(f"{at}/{n}")]
        yield from (f"{at}/{n}" for n in (*names, *linked))


def _is_foreign(path: str) -> bool:
    return path.endswith(tuple(f"/{own}" for own in (*GIT, "README.md"))) or "/journal/" in path


def name(number: int) -> str:
    return f"repository-{number:04d}"


def build(base: Path, repositories: int, *, whole_files: bool = False) -> World:
    """A hub over many alike repositories that nothing was applied to yet.

    Each repository gets 20 resources in 13 files and a link, or with `whole_files` six files.
    """
    for package in ("hubctl", "hooks_shared"):
        # An installation has its bytecode; a checkout may lack that of the last change.
        compileall.compile_dir(ROOT / package, quiet=1)
    world = World(base, repositories, 8 if whole_files else 20)
    (base / "home").mkdir(parents=True)
    for path, text in SOURCES.items():
        _write(world.hub / path, text)
    head = FILES if whole_files else MIXED
    rows = "".join(REPOSITORY.format(name=name(i)) for i in range(repositories))
    _write(world.hub / "canonical.yaml", head + rows)
    for root in world.roots():
        _make_repository(root)
    return world


def _make_repository(root: Path) -> None:
    for folder in (".git/objects", ".git/refs/heads"):
        (root / folder).mkdir(parents=True)
    for path, text in GIT.items():
        _write(root / path, text)
    _write(root / "README.md", f"# {root.name}\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
