"""Folders of sources: which files stand in one, which are refused, and their text.

Links may not leave their folder: the hub may lie in `~/.claude`, beside credentials, and whoever
may edit it could otherwise publish any file of this machine. Hidden files, editor leftovers and
bytecode are no sources. Nothing here knows names of canonical.yaml or writes.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.source_names import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_BYTES = 4 << 20  # the client skips larger instruction files
MAX_FILES = 5000
MAX_DEPTH = 16
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One listed folder; relative paths use `/`, a refused folder ends in `/`.

    Attributes:
        shown: how it is named to people.
        files: relative path → real path. refused: relative path → why.
    """

    shown: str
    files: Mapping[str, str]
    refused: Mapping[str, str]


def list_folder(base: str, kind: str, prefix: str) -> Folder:
    """Everything below `base/kind`; an absent folder is empty. `prefix` stands in `shown`.

    Raises:
        OperationError: it leads out of `base`, cannot be listed, or holds more than MAX_FILES.
    """
    root = os.path.realpath(f"{base}/{kind}")
    shown = f"{prefix}/{kind}" if prefix else kind
    inside = f"{os.path.realpath(base).rstrip('/')}/"
    if not root.startswith(inside):
        raise OperationError(
            f"{base}/{kind} is a link that leads out of the hub, to {root}",
            hint="replace the link by a folder",
        )
    files: dict[str, str] = {}
    refused: dict[str, str] = {}
    if os.path.isdir(root):
        for path, real, problem in _walk(root, "", (root,)):
            if problem:
                refused[path] = problem
            else:
                files[path] = real
            if len(files) + len(refused) > MAX_FILES:
                raise OperationError(f"{base}/{kind} holds more than {MAX_FILES} files")
    return Folder(shown=shown, files=files, refused=refused)


def _walk(root: str, below: str, trail: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield (relative path, real path, problem) of everything below `trail[-1]`."""
    for entry in _entries(trail[-1]):
        path = f"{below}{entry.name}"
        real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
        folder = os.path.isdir(real)
        problem = _entry_problem(entry, real, root, trail)
        if problem or not folder:
            yield (f"{path}/" if folder else path), real, problem
        else:
            yield from _walk(root, f"{path}/", (*trail, real))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((e for e in entries if not _is_noise(e.name)), key=lambda e: e.name)
    except OSError as error:
        raise OperationError(f"cannot read {folder}: {error.strerror}") from error


def _is_noise(name: str) -> bool:
    return name.startswith(".") or name.endswith(("~", ".pyc", ".swp")) or name == "__pycache__"


def _entry_problem(entry: os.DirEntry[str], real: str, root: str, trail: tuple[str, ...]) -> str:
    if not is_plain(entry.name):
        return "its name has a backslash, a '#', a control character or invalid UTF-8"
    if not real.startswith(f"{root}/"):
        return f"it is a link that leads out of its folder, to {real}"
    if real in trail or len(trail) > MAX_DEPTH:
        return "its folders form a loop or lie too deep"
    if not os.path.isfile(real) and not os.path.isdir(real):
        return "it is neither a file nor a folder"
    return ""


def read_text(path: str) -> tuple[str, bool]:
    """The text of a file with LF line ends and no BOM, and whether it is executable.

    Raises:
        OperationError: unreadable, larger than MAX_BYTES, or not UTF-8 text.
    """
    try:
        descriptor = os.open(path, _READ)
        with open(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            data = file.read(MAX_BYTES + 1) if stat.S_ISREG(found.st_mode) else b"\0"
    except OSError as error:
        raise OperationError(f"it cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise OperationError(f"it is larger than {MAX_BYTES >> 20} MB")
    return _decode(data), bool(found.st_mode & 0o111)


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperationError(f"it is not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise OperationError("it is binary; hubctl copies text only")
    return text.replace("\r\n", "\n")
