"""Tags of a git repository elsewhere, and the files of one: fetched bare, through GitPython.

There is no checkout, so no filter, hook or link of that repository can do anything here.
"""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError
from hubctl.system.archive import MAX_BYTES, MAX_FILES
from hubctl.system.git import NOTHING_RUNS
from hubctl.system.git_blame import own_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SECONDS = 120
_PROTOCOLS = "https:ssh:file"  # nothing that could be read or changed on its way
_TAG = re.compile(r"refs/tags/([^\s^]+)(\^\{\})?\Z")
_REGULAR = (0o100644, 0o100755)


def remote_tags(url: str) -> tuple[str, ...]:
    """Names of the tags at `url`, sorted.

    Raises:
        OperationError: git is missing, or cannot reach the repository.
    """
    with tempfile.TemporaryDirectory(prefix="hubctl-git-") as folder:
        listed = _git(folder, "ls_remote", "--tags", "--quiet", "--", url)
    matches = (_TAG.search(line) for line in listed.splitlines())
    return tuple(sorted({match[1] for match in matches if match}))


def tagged_files(url: str, tag: str, wanted: Callable[[str], bool]) -> Mapping[str, bytes]:
    """Path → bytes of the files of a tag that are `wanted`.

    Raises:
        OperationError: it cannot be fetched, or one of them is a link or too big.
    """
    with tempfile.TemporaryDirectory(prefix="hubctl-git-") as folder:
        options = ("--bare", "--quiet", "--depth=1", "--no-recurse-submodules", "--template=")
        _git(folder, "clone", *options, f"--branch={tag}", "--", url, f"{folder}/bare")
        return dict(_files(f"{folder}/bare", tag, wanted))


def _git(folder: str, command: str, *arguments: str) -> str:
    try:
        from git import Git
        from git.exc import GitError
    except ImportError as error:
        raise OperationError(f"git cannot be used: {error}", hint="install git") from error
    try:
        with own_environment():
            git = Git(folder)
            git.update_environment(GIT_ALLOW_PROTOCOL=_PROTOCOLS)
            git.set_persistent_git_options(c=list(NOTHING_RUNS))
            return str(getattr(git, command)(*arguments, kill_after_timeout=_SECONDS))
    except (GitError, OSError) as error:
        said = " ".join(str(getattr(error, "stderr", "") or error).split())
        raise OperationError(f"git cannot fetch the hooks: {said[-300:]}") from error


def _files(bare: str, tag: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    from git import Repo
    from git.exc import GitError

    total = count = 0
    try:
        with own_environment(), Repo(bare, expand_vars=False) as repo:
            for item in _blobs(repo.commit(f"refs/tags/{tag}").tree):
                path = str(item.path)
                if not wanted(path):
                    continue
                if item.mode not in _REGULAR:
                    raise OperationError(f"{path} of the tag {tag} is a link; it was not used")
                total, count = total + item.size, count + 1
                if total > MAX_BYTES or count > MAX_FILES:
                    raise OperationError(f"the tag {tag} is too big; it was not used")
                yield path, item.data_stream.read()
    except (GitError, ValueError, OSError) as error:
        raise OperationError(f"the tag {tag} cannot be read: {error}") from error


def _blobs(tree: Any) -> Iterator[Any]:
    yield from tree.blobs
    for below in tree.trees:
        yield from _blobs(below)
