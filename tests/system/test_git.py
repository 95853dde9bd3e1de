"""What git tracks and ignores, also where git itself gives no answer."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from hubctl.system import git

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = ".claude/settings.local.json"
OTHER = "CLAUDE.local.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository that tracks the one local file and ignores the other."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (tmp_path / ".claude").mkdir()
    (tmp_path / LOCAL).write_text("{}")
    (tmp_path / ".gitignore").write_text(f"{OTHER}\n")
    for arguments in (["init", "-q", "--template="], ["add", "-f", LOCAL]):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True)
    return str(tmp_path)


def test_what_is_in_the_index_is_tracked(root: str) -> None:
    assert git.tracked(root, (LOCAL, OTHER)) == {LOCAL}
    assert git.tracked(root, ()) == frozenset()


def test_what_a_pattern_names_is_ignored(root: str) -> None:
    assert git.ignored(root, (LOCAL, OTHER)) == {OTHER}


def test_without_git_the_index_itself_is_believed(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.tracked(root, (LOCAL, OTHER)) == {LOCAL}
    assert git.ignored(root, (LOCAL, OTHER)) == frozenset()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_that_git_refuses_as_somebody_elses(root: str) -> None:
    for place in (root, f"{root}/.git"):
        os.chown(place, 12345, 12345)
    assert git.tracked(root, (LOCAL, OTHER)) == {LOCAL}
