"""States of paths: what tells an unchanged world from a changed one without opening a file.

A recording is what a look rests on; packed, it can be asked later whether it still holds.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from hubctl.system.real_paths import RealPaths

State: TypeAlias = tuple[int, ...]
"""Nothing: (0,). A folder that was looked at, not into: its kind alone, because whatever is put
into it changes the rest. Anything else: mode, inode, size, mtime and ctime in nanoseconds."""

_KIND = 0o170000
_FOLDER = 0o040000
NOTHING: State = (0,)
_SETTLED_NS = 1_000_000_000


class Recording:
    """What a look rests on; fills up while somebody looks.

    Attributes:
        folders: folder → its real path. files: path → state.
        listed: folder whose names were read → state, with the times that a new name changes.
    """

    __slots__ = ("files", "folders", "listed")

    def __init__(self, other: Recording | None = None) -> None:
        self.folders: dict[str, str] = dict(other.folders) if other else {}
        self.files: dict[str, State] = dict(other.files) if other else {}
        self.listed: dict[str, State] = dict(other.listed) if other else {}

    def is_settled(self, before: int) -> bool:
        """Whether every change lies far enough before a moment (ns) that preceded all looks.

        Only then can a next change be told from the last one by its time.
        """
        limit = before - _SETTLED_NS
        states = (*self.files.values(), *self.listed.values())
        return all(state[-1] < limit for state in states)

    def pack(self, root: str) -> list[Any]:
        """As a JSON list for `holds`; paths below `root` without it."""
        own = f"{root}/"
        folders = [
            _short(folder, own) if folder == real else [_short(folder, own), real]
            for folder, real in self.folders.items()
            if folder != real or not self._is_looked_at(folder)
        ]
        files = [_short(path, own) for path in self.files]
        listed = [_short(path, own) for path in self.listed]
        states = [n for state in (*self.files.values(), *self.listed.values()) for n in state]
        return [folders, files, listed, states]

    def _is_looked_at(self, folder: str) -> bool:
        """Whether its own state tells already that it is a folder and no link to one."""
        return folder in self.listed or self.files.get(folder) == (_FOLDER,)


def _short(path: str, own: str) -> str:
    return path.removeprefix(own)


def holds(packed: list[Any], root: str, paths: RealPaths) -> bool:
    """Whether everything that a packed recording rests on still is what it was."""
    folders, files, listed, states = packed
    own = f"{root}/"
    for folder in folders:
        path, real = folder if isinstance(folder, list) else (folder, "")
        path = path if path[:1] == "/" else own + path
        if paths.resolve(path) != (real or path):
            return False
    now: list[int] = []
    for path in files:
        now += state_at(path if path[:1] == "/" else own + path)
    for path in listed:
        now += listed_state(path if path[:1] == "/" else own + path)
    return bool(now == states)


def state_at(path: str) -> State:
    """The state of whatever stands at a path."""
    try:
        found = os.lstat(path)
    except OSError:
        return NOTHING
    return state_of(found)


def state_of(found: os.stat_result) -> State:
    """The state that `lstat` told."""
    mode = found.st_mode
    if mode & _KIND == _FOLDER:
        return (_FOLDER,)
    return (mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def listed_state(path: str) -> State:
    """The state of a folder whose names count."""
    try:
        found = os.lstat(path)
    except OSError:
        return NOTHING
    return (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
