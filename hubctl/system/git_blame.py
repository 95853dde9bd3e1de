"""Who committed the line that now differs: git blame, through GitPython.

A repository's own configuration can name programs for nearly everything that git does with a file
of the checkout (filters, text conversion, file monitors, fetching what a partial clone misses). So
git is asked about commits alone, the checkout is read here, and nothing may be fetched.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hubctl.system.git import NOTHING_RUNS, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_COMMITTED = "not committed yet: it was changed in the working copy"


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
        with own_environment(), Repo(root, expand_vars=False) as repo:
            repo.git.set_persistent_git_options(c=list(NOTHING_RUNS))
            return _describe(repo, os.path.relpath(path, root), needle)
    except (GitError, OSError, ValueError):
        return ""


@contextmanager
def own_environment() -> Iterator[None]:
    """GitPython hands on our environment, where a hook that runs us may have left `GIT_DIR`."""
    kept = dict(os.environ)
    clean = clean_environment()
    try:
        _become(clean)
        yield
    finally:
        _become(kept)


def _become(environment: dict[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


def _describe(repo: Any, relative: str, needle: str) -> str:
    if not repo.git.ls_files("--", f":(literal){relative}"):
        return ""
    lines = _lines(os.path.join(repo.working_dir, relative))
    if lines is None:
        return ""
    if needle:
        return _commit_of_line(repo, relative, [line for line in lines if needle in line])
    if lines != _text(repo.git.cat_file("blob", f"HEAD:{relative}", stdout_as_string=False)):
        return ""
    commits = list(repo.iter_commits(max_count=1, paths=relative))
    return _sentence(commits[0]) if commits else ""


def _commit_of_line(repo: Any, relative: str, wanted: list[str]) -> str:
    if not wanted:
        return ""
    blamed = repo.blame("HEAD", relative, rev_opts=["--no-textconv"]) or ()
    for commit, lines in blamed:
        if any(_decoded(line).rstrip("\r") in wanted for line in lines):
            return _sentence(commit)
    return NOT_COMMITTED


def _lines(path: str) -> list[str] | None:
    try:
        with open(path, "rb") as stream:
            return _text(stream.read())
    except OSError:
        return None


def _text(data: bytes) -> list[str]:
    """Lines without their ends; whether the last one has an end does not matter."""
    return data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n")


def _decoded(line: str | bytes) -> str:
    return line.decode("utf-8", "replace") if isinstance(line, bytes) else line


def _sentence(commit: Any) -> str:
    return (
        f"{commit.author.name} in commit {commit.hexsha[:10]} of "
        f"{commit.committed_datetime:%Y-%m-%d}: {commit.summary}"
    )
