from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hubctl.checkpoint.checkpoints import create, find
from hubctl.checkpoint.restore import plan, restore
from hubctl.system.files import RealFiles
from hubctl.system.git_objects import GitObjects
from tests.support.cli import tree

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Repository:
    """A git repository with some files, and checkpoints of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "--template=")
        self.store = GitObjects(str(root))

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        command = ["git", "-C", str(self.root), *who, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    def put(self, path: str, data: bytes, mode: int = 0o644) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        place.chmod(mode)

    def files(self) -> dict[str, object]:
        """Bytes, modes, links; folders only where they hold something."""
        found = tree(self.root)
        return {path: entry for path, entry in found.items() if entry is not None}

    def git_state(self) -> tuple[object, ...]:
        """All that a checkpoint must not touch."""
        index = self.root / ".git/index"
        return (
            (self.root / ".git/HEAD").read_bytes(),
            index.read_bytes() if index.exists() else None,
            self.git("for-each-ref", "refs/heads", "refs/tags", "refs/stash"),
        )

    def create(self, text: str = "") -> str:
        return create(self.store, RealFiles(), text, NOON)[0]

    def restore(self, name: str = "", door: RealFiles | None = None):
        door = door or RealFiles()
        found = plan(self.store, door, find(self.store, name))
        return restore(self.store, door, found, NOON, lambda _path: None)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    made = Repository(tmp_path / "repository")
    made.put("a.txt", b"one\r\ntwo")
    made.put("bin/run", b"#!/bin/sh\n", 0o755)
    made.put("secret", b"s\n", 0o600)
    made.put(".gitignore", b"*.log\nbuild/\n")
    made.put(".gitattributes", b"* text=auto eol=lf\n")
    (made.root / "link").symlink_to("a.txt")
    made.git("add", "-A")
    made.git("commit", "-qm", "first")
    made.put("new/file", b"untracked\n")
    made.put("run.log", b"ignored\n")
    return made
