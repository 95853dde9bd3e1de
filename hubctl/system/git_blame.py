"""Who committed the line that now differs: git blame, through GitPython."""

from __future__ import annotations

import os
from typing import Any


def last_commit(root: str, path: str, needle: str) -> str:
    """One sentence about the line of a tracked file that holds `needle`, or about the file.

    The file's last commit answers only for a file that stands as it was committed. "" where git has
    nothing to say: no repository, an untracked file, no such line, no git.
    """
    try:
        from git import Repo
        from git.exc import GitError
    except ImportError:
        return ""
    try:
        with Repo(root) as repo:
            return _describe(repo, os.path.relpath(path, root), needle)
    except (GitError, OSError, ValueError):
        return ""


def _describe(repo: Any, relative: str, needle: str) -> str:
    if not repo.git.ls_files("--", f":(literal){relative}"):
        return ""
    if needle and os.path.isfile(os.path.join(repo.working_dir, relative)):
        for commit, lines in repo.blame(None, relative) or ():
            if any(needle in _text(line) for line in lines):
                return _sentence(commit)
        return ""
    if repo.git.diff("HEAD", "--name-only", "--no-ext-diff", "--", f":(literal){relative}"):
        return ""
    commits = list(repo.iter_commits(max_count=1, paths=relative))
    return _sentence(commits[0]) if commits else ""


def _text(line: str | bytes) -> str:
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else line


def _sentence(commit: Any) -> str:
    if commit.hexsha.strip("0") == "":
        return "not committed yet: it was changed in the working copy"
    return (
        f"{commit.author.name} in commit {commit.hexsha[:10]} of "
        f"{commit.committed_datetime:%Y-%m-%d}: {commit.summary}"
    )
