"""What git says about a folder: read from its files where that is enough, asked where not.

Reading `.git` takes microseconds, a git process three milliseconds; so only commands that are
about to write start one.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFacts:
    """One checkout.

    Attributes:
        common_dir: real path of the repository's own folder (shared by all worktrees).
        linked_worktree: the checkout is a linked worktree, not the main one.
    """

    common_dir: str
    linked_worktree: bool


def inspect(root: str) -> GitFacts | None:
    """Facts of the checkout whose top folder is `root`; None where it is none.

    A `.git` file is followed (worktrees, submodules); a submodule is a main checkout.
    """
    dot_git = f"{root}/.git"
    if os.path.isdir(dot_git):
        return GitFacts(common_dir=os.path.realpath(dot_git), linked_worktree=False)
    pointer = _first_line(dot_git)
    if not pointer.startswith("gitdir: "):
        return None
    git_dir = os.path.realpath(os.path.join(root, pointer.removeprefix("gitdir: ")))
    common = _first_line(f"{git_dir}/commondir")
    if not common:
        return GitFacts(common_dir=git_dir, linked_worktree=False)
    joined = os.path.realpath(os.path.join(git_dir, common))
    return GitFacts(common_dir=joined, linked_worktree=True)


def ignored(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths` (relative to `root`) that git ignores."""
    return _ask(root, ["check-ignore", "-z", "--stdin"], paths)


def tracked(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths` (relative to `root`) that are in the index."""
    if not paths:
        return frozenset()
    output = _git(root, ["ls-files", "-z", "--", *(f":(literal){path}" for path in paths)], "")
    return frozenset(output.split("\0")) - {""}


def _ask(root: str, arguments: list[str], paths: Sequence[str]) -> frozenset[str]:
    if not paths:
        return frozenset()
    output = _git(root, arguments, "\0".join(paths) + "\0")
    return frozenset(output.split("\0")) - {""}


def _git(root: str, arguments: list[str], text: str) -> str:
    # Hooks and filters of a target never run: only plumbing that reads the index and ignore files.
    done = subprocess.run(
        ["git", "-c", "core.fsmonitor=false", "-C", root, *arguments],
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
        timeout=30,
        env=_clean_environment(),
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def _clean_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.readline(4096).strip()
    except OSError:
        return ""
