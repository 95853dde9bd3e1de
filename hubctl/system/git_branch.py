"""Commits on a branch beside the checkout: its index, stash, files and branch are never touched.

Works on objects and references, in a linked worktree of its own that is gone afterwards. Programs
that a repository's configuration names do not run, but for a push, which its owner asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hubctl.errors import OperationError
from hubctl.system.git import NOTHING_RUNS
from hubctl.system.git_blame import own_environment
from hubctl.system.process import ProgramMissingError, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINK: Final = "120000"
_PATIENCE_S: Final = 120.0
_MOST_LINKS: Final = 40
# What servers, hooks and `gh` say when a rule forbids it, as opposed to a line that is down.
_POLICY: Final = re.compile(
    r"rejected|declined|protected|forbidden|not allowed|denied|policy|must be|GH0\d\d|403", re.I
)


class RefusedError(OperationError):
    """Somebody's policy forbids it: told, and no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of a commit: path below the root, bytes (None: deleted), whether executable."""

    path: str
    data: bytes | None
    executable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Worktree:
    """A linked worktree at a commit; only the files that were asked for stand in it.

    Attributes:
        root: its folder. base: the commit. branch: the branch to move; tip: where that is now, ""
            where there is none yet.
    """

    root: str
    base: str
    branch: str
    tip: str
    repository: str = field(repr=False)


@contextmanager
def worktree(repository: str, branch: str) -> Iterator[Worktree]:
    """A worktree at the tip of `branch`, or at HEAD where that is new or merged already.

    Raises:
        OperationError: no repository, no commit, a bad name, or the branch is checked out.
    """
    folder = tempfile.mkdtemp(prefix="hubctl-branch-")
    try:
        with _git(repository) as git:
            tip, base = _start(git, branch)
            root = f"{folder}/{os.path.basename(repository)}"
            git.worktree("add", "--no-checkout", "--detach", root, base)
        try:
            yield Worktree(
                root=os.path.realpath(root),
                base=base,
                branch=branch,
                tip=tip,
                repository=repository,
            )
        finally:
            with _git(repository) as git:
                git.worktree("remove", "--force", root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(git: Any, branch: str) -> tuple[str, str]:
    """Where the branch is ("" for a new one), and the commit to start from."""
    reference = f"refs/heads/{branch}"
    _ask(git, f"{branch!r} is no name for a branch", "check-ref-format", reference)
    head = _ask(git, "there is no commit yet", "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if f"branch {reference}" in git.worktree("list", "--porcelain").splitlines():
        raise OperationError(
            f"the branch {branch!r} is checked out", hint="choose another name; nothing was touched"
        )
    tip = git.for_each_ref("--format=%(objectname)", reference)
    if not tip:
        return "", head
    merged = git.merge_base(tip, head, with_exceptions=False) == tip
    return tip, head if merged else tip


def materialize(tree: Worktree, paths: frozenset[str]) -> None:
    """Put those of `paths` that the commit has into the worktree, and what links lead to."""
    with _git(tree.root) as git:
        known = _entries(git, tree.base)
        wanted = sorted(paths & known.keys())
        for _ in range(_MOST_LINKS):
            more = [path for path in _put(git, tree.root, known, wanted) if path in known]
            if not more:
                return
            wanted = more


def _entries(git: Any, commit: str) -> dict[str, tuple[str, str]]:
    """Path → (mode, object) of everything in a commit."""
    found = {}
    for row in git.ls_tree("-r", "-z", "--full-tree", commit).split("\0"):
        meta, _, path = row.partition("\t")
        if path:
            mode, _, digest = meta.split(" ")[:3]
            found[path] = (mode, digest)
    return found


def _put(
    git: Any, root: str, known: Mapping[str, tuple[str, str]], paths: list[str]
) -> Iterator[str]:
    """Write files; yields the paths that links lead to."""
    for path in paths:
        mode, digest = known[path]
        place = f"{root}/{path}"
        if os.path.lexists(place):
            continue
        os.makedirs(os.path.dirname(place), exist_ok=True)
        data = git.cat_file("blob", digest, stdout_as_string=False, strip_newline_in_stdout=False)
        if mode == _LINK:
            os.symlink(data, os.fsencode(place))
            yield os.path.normpath(f"{os.path.dirname(path)}/{os.fsdecode(data)}")
        else:
            with open(place, "wb") as stream:
                stream.write(data)
            os.chmod(place, 0o755 if mode == "100755" else 0o644)


def commit(tree: Worktree, changes: tuple[FileChange, ...], message: str) -> str:
    """Commit changes on the branch and move it there; returns the commit.

    Raises:
        OperationError: git knows no author, or the branch moved meanwhile.
    """
    with _git(tree.root) as git:
        git.read_tree(tree.base)
        for change in changes:
            _stage(git, tree.root, change)
        written = git.write_tree()
        try:
            made: str = git.commit_tree(written, "-p", tree.base, "-m", message)
            git.update_ref(f"refs/heads/{tree.branch}", made, tree.tip or "0" * len(made))
        except Exception as error:
            raise _failed(error) from error
    return made


def _stage(git: Any, root: str, change: FileChange) -> None:
    if change.data is None:
        git.update_index("--force-remove", "--", change.path)
        return
    place = f"{root}/.hubctl-object"
    with open(place, "wb") as stream:
        stream.write(change.data)
    digest = git.hash_object("-w", "--no-filters", place)
    os.unlink(place)
    mode = "100755" if change.executable else "100644"
    git.update_index("--add", "--cacheinfo", f"{mode},{digest},{change.path}")


# -- remotes --------------------------------------------------------------------------------------


def push(repository: str, branch: str) -> bool:
    """Push the branch to `origin`, unless it is there already; whether anything was pushed.

    Raises:
        RefusedError: a policy forbids it. OperationError: it could not be reached.
    """
    with _git(repository) as git:
        tip = git.rev_parse(f"refs/heads/{branch}")
    reference = f"refs/heads/{branch}"
    there = _outside(repository, "ls-remote", "origin", reference)
    if there.split("\t")[0] == tip:
        return False
    _outside(repository, "push", "--porcelain", "origin", f"{reference}:{reference}")
    return True


def _outside(repository: str, *arguments: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_DIR")}
    environment = kept | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    done = run(["git", "-C", repository, *arguments], timeout=_PATIENCE_S, env=environment)
    if done.returncode:
        raise _told(done.complaint, done.stdout)
    return done.stdout


def request(repository: str, branch: str, title: str, body: str, *, fresh: bool) -> tuple[str, str]:
    """A pull request for the branch, through `gh`: its address, and `new`, `open` or `none`.

    `fresh`: the branch moved, so one that was closed is opened anew.

    Raises:
        RefusedError: `gh` is not installed, or a policy forbids it.
    """
    import json

    found = json.loads(
        _gh(repository, "pr", "list", "--head", branch, "--state", "all", "--json", "url,state")
        or "[]"
    )
    for one in found:
        if one.get("state") == "OPEN":
            return str(one.get("url", "")), "open"
    if found and not fresh:
        return "", "none"
    made = _gh(repository, "pr", "create", "--head", branch, "--title", title, "--body", body)
    return made.strip().rpartition("\n")[2], "new"


def _gh(repository: str, *arguments: str) -> str:
    try:
        done = run(["gh", *arguments], timeout=_PATIENCE_S, cwd=repository)
    except ProgramMissingError as error:
        raise RefusedError(
            "gh is not installed, so no request was made", hint="open one by hand for the branch"
        ) from error
    if done.returncode:
        raise _told(done.complaint)
    return done.stdout


def _told(complaint: str, verdict: str = "") -> OperationError:
    """The error behind a complaint; `verdict` is what git prints for programs."""
    forbidden = _POLICY.search(f"{complaint}\n{verdict}")
    return RefusedError(complaint) if forbidden else OperationError(complaint)


@contextmanager
def _git(repository: str) -> Iterator[Any]:
    """GitPython's git in a repository, with nothing of the repository's own being run."""
    from git import Repo
    from git.exc import GitError

    with own_environment():
        try:
            with Repo(repository, expand_vars=False) as repo:
                repo.git.set_persistent_git_options(c=list(NOTHING_RUNS))
                yield repo.git
        except GitError as error:
            raise _failed(error) from error


def _ask(git: Any, problem: str, *arguments: str) -> str:
    from git.exc import GitError

    try:
        found: str = git.execute(["git", *arguments])
    except GitError as error:
        raise OperationError(problem) from error
    return found


def _failed(error: Exception) -> OperationError:
    text = str(getattr(error, "stderr", "") or error)
    words = " ".join(text.replace("stderr:", "").split()).strip("' ")
    return OperationError(f"git: {words}" if words else "git failed")
