"""What git says about a folder: read from its files where that is enough, asked where not.

Reading `.git` takes microseconds, a git process three milliseconds; so only commands that are
about to write start one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.files import RealFiles
from hubctl.system.process import run
from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.system.files import Files, Look
    from hubctl.system.real_paths import Paths


_REFUSED = 128  # the exit code of a git that could not even look


# Settings for every call: programs that a repository's own configuration could name do not run.
NOTHING_RUNS = ("core.fsmonitor=false", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFacts:
    """One checkout.

    Attributes:
        common_dir: real path of the repository's own folder (shared by all worktrees).
        linked_worktree: the checkout is a linked worktree, not the main one.
    """

    common_dir: str
    linked_worktree: bool


def inspect(root: str, door: Files, paths: Paths) -> GitFacts | None:
    """Facts of the checkout whose top folder is `root`; None where it is none.

    A `.git` file is followed (worktrees, submodules); a submodule is a main checkout.
    """
    dot_git = paths.resolve(f"{root}/.git")
    look = _look(dot_git, door)
    if look is not None and look.kind == "folder":
        return GitFacts(common_dir=dot_git, linked_worktree=False)
    pointer = _first_line(dot_git, door) if look is not None else ""
    if not pointer.startswith("gitdir: "):
        return None
    git_dir = paths.resolve(os.path.join(root, pointer.removeprefix("gitdir: ")))
    common = _first_line(f"{git_dir}/commondir", door)
    if not common:
        return GitFacts(common_dir=git_dir, linked_worktree=False)
    joined = paths.resolve(os.path.join(git_dir, common))
    return GitFacts(common_dir=joined, linked_worktree=True)


def _look(path: str, door: Files) -> Look | None:
    try:
        return door.look(path)
    except OSError:
        return None


def ignored(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths` (relative to `root`) that git ignores."""
    if not paths:
        return frozenset()
    return _git(root, ["check-ignore", "-z", "--stdin"], "\0".join(paths) + "\0")


def configured() -> frozenset[str] | None:
    """Names of everything that is configured outside of repositories; None where git is missing."""
    return _ask("/", ["config", "--list", "--name-only", "-z"], "")


def tracked(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Those of `paths` (relative to `root`) that are in the index.

    Where git is missing or refuses the folder (that of another user), those that the index seems to
    name.
    """
    likely = _likely_tracked(root, paths)
    if not likely:
        return frozenset()
    asked = ["ls-files", "-z", "--", *(f":(literal){path}" for path in sorted(likely))]
    found = _ask(root, asked, "")
    return likely if found is None else found


def named(root: str, names: Sequence[str]) -> frozenset[str]:
    """Files below `root` with one of these names, relative to it; none that git ignores."""
    patterns = [f":(glob)**/{name}" for name in names]
    options = ["--cached", "--others", "--exclude-standard"]
    return _git(root, ["ls-files", "-z", *options, "--", *patterns], "")


def _likely_tracked(root: str, paths: Sequence[str]) -> frozenset[str]:
    """Less those that the index surely does not name: saves a process for nearly everybody."""
    facts = inspect(root, RealFiles(), RealPaths())
    if facts is None or facts.linked_worktree:
        return frozenset(paths if facts is not None else ())
    try:
        with open(f"{facts.common_dir}/index", "rb") as stream:
            index = stream.read()
    except FileNotFoundError:
        return frozenset()
    except OSError:
        return frozenset(paths)
    # Version 4 stores only what differs from the entry before, so a name need not appear whole.
    whole_names = index[4:8] in (b"\0\0\0\2", b"\0\0\0\3") and b"link" not in index[-64:]
    return frozenset(path for path in paths if not whole_names or os.fsencode(path) in index)


def _git(root: str, arguments: list[str], text: str) -> frozenset[str]:
    """Names that git prints; none where git is missing or refuses the folder."""
    return _ask(root, arguments, text) or frozenset()


def _ask(root: str, arguments: list[str], text: str) -> frozenset[str] | None:
    """Names that git prints; None where git is missing or refuses the folder."""
    # Hooks and filters of a target never run: only plumbing that reads index and ignore files.
    settings = [word for setting in NOTHING_RUNS for word in ("-c", setting)]
    command = ["git", *settings, "-C", root, *arguments]
    try:
        done = run(command, timeout=30.0, env=clean_environment(), input=text)
    except OperationError:
        return None
    if done.returncode >= _REFUSED:
        return None
    return frozenset(done.stdout.split("\0")) - {""}


def clean_environment() -> dict[str, str]:
    """Our environment for git: no other repository, no question, nothing fetched or locked.

    What a partial clone misses would be fetched by a program that its configuration names.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _first_line(path: str, door: Files) -> str:
    try:
        line = door.read(path).partition(b"\n")[0]
    except OSError:
        return ""
    return os.fsdecode(line[:4096].strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTreeState:
    """Where a checkout stands: `branch` is "" where HEAD is detached; the others are counts.

    `ahead` and `behind` compare with the upstream as it was last fetched.
    """

    branch: str
    ahead: int
    behind: int
    uncommitted: int


def work_tree_state(root: str) -> WorkTreeState | None:
    """What `git status` says of a checkout; None where git is missing or refuses it."""
    names = _ask(root, ["config", "--list", "--name-only", "-z"], "")
    if names is None:
        return None
    # A filter is a program that the repository's own configuration names.
    filters = {name.rpartition(".")[0] for name in names if name.startswith("filter.")}
    keys = ("clean=", "process=", "required=")
    off = [f"{name}.{key}" for name in sorted(filters) for key in keys]
    settings = [word for setting in off for word in ("-c", setting)]
    rows = _ask(root, [*settings, "status", "--porcelain=v2", "--branch", "-z"], "")
    if rows is None:
        return None
    heads = dict(row[2:].split(" ", 1) for row in rows if row.startswith("# ") and " " in row[2:])
    branch = heads.get("branch.head", "")
    ahead, _, behind = heads.get("branch.ab", "+0 -0").partition(" ")
    return WorkTreeState(
        branch="" if branch == "(detached)" else branch,
        ahead=abs(int(ahead)),
        behind=abs(int(behind)),
        uncommitted=sum(row[:2] in ("1 ", "2 ", "u ", "? ") for row in rows),
    )
