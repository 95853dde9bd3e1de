"""Git repositories that hubctl itself makes: of templates, and of new projects.

No hook, no signature and no question: what is committed here is committed by a program.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.system.git import NOTHING_RUNS, clean_environment
from hubctl.system.process import run, run_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECONDS = 120.0
_PLAIN = (*NOTHING_RUNS, "core.autocrlf=false", "commit.gpgSign=false", "init.templateDir=")
_OURS = ("-c", "user.name=hubctl", "-c", "user.email=hubctl@localhost")
_DIGEST = ".git/hubctl-files"


def read_folder(folder: str) -> dict[str, tuple[bytes, int]]:
    """Every regular file below a folder: relative path → bytes and mode."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            path = f"{place}/{name}"
            with open(path, "rb") as stream:
                data = stream.read()
            found[os.path.relpath(path, folder)] = (data, os.stat(path).st_mode & 0o777)
    return found


def commit_files(root: str, files: Mapping[str, tuple[bytes, int]], version: str) -> str:
    """Make the repository at `root` hold exactly `files` under a tag of this version.

    Returns the tag: `v1.2.3`, or `v1.2.3.post1` where that version had other files before.

    Raises:
        OperationError: something cannot be written.
    """
    digest = _digest(files)
    try:
        with open(f"{root}/{_DIGEST}", encoding="ascii") as stream:
            known, _, tag = stream.read().partition(" ")
        if known == digest:
            return tag
    except OSError:
        pass
    try:
        return _commit(root, files, version, digest)
    except OSError as error:
        raise OperationError(f"cannot write {error.filename}: {error.strerror}") from error


def _digest(files: Mapping[str, tuple[bytes, int]]) -> str:
    state = hashlib.sha256()
    for path, (data, mode) in sorted(files.items()):
        state.update(f"{path}\0{mode:o}\0{len(data)}\0".encode() + data)
    return state.hexdigest()


def _commit(root: str, files: Mapping[str, tuple[bytes, int]], version: str, digest: str) -> str:
    if not os.path.isdir(f"{root}/.git"):
        os.makedirs(root, mode=0o700, exist_ok=True)
        git(root, "init", "--quiet", "--initial-branch=main")
    for name in os.listdir(root):
        if name != ".git":
            _remove(f"{root}/{name}")
    for path, (data, mode) in files.items():
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        with open(f"{root}/{path}", "wb") as stream:
            stream.write(data)
        os.chmod(f"{root}/{path}", mode | 0o600)
    git(root, "add", "--all", "--force")
    git(root, *_OURS, "commit", "--quiet", "--allow-empty", "--message", f"Templates of {version}")
    tag = _free_tag(root, f"v{version}")
    git(root, "tag", tag)
    with open(f"{root}/{_DIGEST}", "w", encoding="ascii") as stream:
        stream.write(f"{digest} {tag}")
    return tag


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def _free_tag(root: str, wanted: str) -> str:
    taken = frozenset(git(root, "tag", "--list").split())
    tags = (wanted, *(f"{wanted}.post{number}" for number in range(1, len(taken) + 2)))
    return next(tag for tag in tags if tag not in taken)


def start_repository(root: str) -> None:
    """Make a folder a repository whose first branch is `main`."""
    git(root, "init", "--quiet", "--initial-branch=main")


def commit_all(root: str, message: str) -> str:
    """Commit everything that git does not ignore; why not where git knows no name to commit by."""
    git(root, "add", "--all")
    code, out = _git(root, "commit", "--quiet", "--message", message)
    if code == 0:
        return ""
    return "git knows no name and address for you" if "user.email" in out else out


def git(root: str, *arguments: str) -> str:
    """What a git command prints.

    Raises:
        OperationError: it failed.
    """
    code, out = _git(root, *arguments)
    if code:
        verb = next((word for word in arguments if word[0] != "-"), "")
        raise OperationError(f"git {verb} failed in {root}: {out}")
    return out


def _git(root: str, *arguments: str) -> tuple[int, str]:
    # Copies are made of checkouts on this very machine.
    env = clean_environment() | {"GIT_ALLOW_PROTOCOL": "file"}
    done = run(_command(root, arguments), timeout=_SECONDS, env=env)
    return done.returncode, done.complaint if done.returncode else done.stdout


def _command(root: str, arguments: Sequence[str]) -> list[str]:
    settings = [word for setting in _PLAIN for word in ("-c", setting)]
    return ["git", *settings, "-C", root, *arguments]


# -- changes that were worked out in a copy --------------------------------------------------------


def copy_of(root: str, folder: str) -> str:
    """A clone of what a checkout's HEAD stands for, in `folder`, sharing its objects."""
    copy = f"{folder}/{os.path.basename(root)}"
    git(folder, "clone", "--quiet", "--shared", "--no-local", root, copy)
    return copy


def difference(root: str) -> bytes:
    """All changes of a checkout against HEAD, new files too, as a patch."""
    git(root, "add", "--all")
    command = _command(root, ["diff", "--cached", "--binary", "--full-index", "--no-ext-diff"])
    code, out, complaint = run_bytes(command, timeout=_SECONDS, env=clean_environment())
    if code:
        raise OperationError(f"git diff failed in {root}: {complaint}")
    return out


def changed_files(root: str) -> tuple[str, ...]:
    """Paths that differ from HEAD in the index."""
    return tuple(filter(None, git(root, "diff", "--cached", "--name-only", "-z").split("\0")))


def apply_patch(root: str, patch: bytes) -> str:
    """Change the files of a checkout by a patch, wholly or not at all; why not, "" if done."""
    with tempfile.NamedTemporaryFile(prefix="hubctl-patch-") as file:
        file.write(patch)
        file.flush()
        return _git(root, "apply", "--whitespace=nowarn", file.name)[1].strip()
