"""A fleet that is remembered, and what may happen to it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.fleet import compile as compiling
from hubctl.system.sources_state import sources_state
from tests.support.cli import LOCAL_SETTINGS, LOCK, SETTINGS, Account

if TYPE_CHECKING:
    from pathlib import Path

RICH = """\
hub:
  name: acme
defaults:
  hooks: {pre_tool_use: [context-monitor]}
  commands: [tidy]
  conventions: [Small commits.]
  gitignore: [/scratch/]
  mcp:
    docs: {type: http, url: "http://localhost:8080/mcp"}
repositories:
  api:
    path: ~/src/api
    overrides:
      settings: {model: sonnet}
      local: {env: {EDITOR: vi}}
  web: {path: $CODE/web}
"""
TIDY = "hub/commands/tidy.md"
ALL = ["api", "web"]


def settled_sources(folder):
    """The state of sources, however young they are."""
    return replace(sources_state(folder), is_settled=True)


def told_and_true(account: Account) -> dict:
    """The report from memory; it has to be the one without memory."""
    told = account.report("drift")
    shutil.rmtree(account.cache, ignore_errors=True)
    assert told == account.report("drift")
    return told


def rewrite(path: Path) -> None:
    """Other bytes, as many as before, and the time put back."""
    found = path.stat()
    data = path.read_bytes()
    path.write_bytes(bytes(byte ^ 1 if chr(byte).isalnum() else byte for byte in data))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def swap_in(path: Path) -> None:
    """Another file of the same size and time, renamed over this one."""
    other = path.with_name("other")
    shutil.copy2(path, other)
    rewrite(other)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.rename(path)


def behind_link(path: Path) -> None:
    """The very same thing, moved out of its repository and linked to."""
    moved = next(above for above in path.parents if above.name == "home") / f"moved-{path.name}"
    path.rename(moved)
    path.symlink_to(moved)


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def into_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_back(path: Path, data: bytes) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    path.write_bytes(data)


WAYS = {
    "rewritten": rewrite,
    "swapped": swap_in,
    "removed": lambda path: path.unlink(),
    "linked": behind_link,
    "folder": into_folder,
    "pipe": into_pipe,
}
FILES = {
    "settings": f"src/api/{SETTINGS}",
    "local settings": f"src/api/{LOCAL_SETTINGS}",
    "lock": f"src/api/{LOCK}",
    "block": "src/api/CLAUDE.md",
    "ignore": "src/api/.gitignore",
    "exclude": "src/api/.git/info/exclude",
    "servers": "src/api/.mcp.json",
    "command": "src/api/.claude/commands/tidy.md",
}


def watch_rendering(monkeypatch) -> list[str]:
    """Names of the targets that are rendered, as they come."""
    rendered: list[str] = []
    render = compiling.Compiler._render_row

    def watched(self, name):
        rendered.append(name)
        return render(self, name)

    monkeypatch.setattr(compiling.Compiler, "_render_row", watched)
    return rendered
