"""States of paths: what tells an unchanged world from a changed one without opening a file.

A recording is what a look rests on; packed, it can be asked later whether it still holds.
"""

from __future__ import annotations

import marshal
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.system.real_paths import RealPaths

State: TypeAlias = tuple[int, ...]
"""Nothing: (0,). A folder that was looked at, not into: its kind alone, because whatever is put
into it changes the rest. Anything else: mode, inode, size, mtime and ctime in nanoseconds."""

_KIND = 0o170000
_FOLDER = 0o040000
_LINK = 0o120000
NOTHING: State = (0,)
_LOOKED_AT: State = (_FOLDER,)
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
        """As a JSON list for `Present.holds`; paths below `root` without it.

        What follows from something else is left out: every path costs a system call per check.
        """
        own = f"{root}/"
        folders = self._folders_to_ask()
        files = self._files_to_ask(folders)
        inside = [path for path in files if path.startswith(own)]
        outside = [path for path in files if not path.startswith(own)]
        states = [self.files[path] for path in (*inside, *outside)]
        numbers = [number for state in (*states, *self.listed.values()) for number in state]
        return [
            [folder if folder == real else [folder, real] for folder, real in folders.items()],
            [path.removeprefix(own) for path in inside],
            outside,
            list(self.listed),
            _digest(numbers),
        ]

    def _folders_to_ask(self) -> dict[str, str]:
        """Folders but for those whose own state shows a folder, and those above another one."""
        asked = {
            folder: real
            for folder, real in self.folders.items()
            if folder != real
            or (folder not in self.listed and self.files.get(folder) != _LOOKED_AT)
        }
        above = _above(asked.values())
        also = {real for folder, real in asked.items() if folder != real}
        return {
            folder: real
            for folder, real in asked.items()
            if folder != real or folder not in above | also
        }

    def _files_to_ask(self, folders: dict[str, str]) -> list[str]:
        """Paths but for those whose state follows.

        A name that is not there, or is a link, cannot change without its listed folder. A folder
        with something in it is there, and no link where the real path of one in it is known.
        """
        known = _above(folders.values()) | set(folders.values())
        there = (path for path, state in self.files.items() if state != NOTHING)
        filled = _above((*there, *self.listed))
        return [
            path
            for path, state in self.files.items()
            if not (state == _LOOKED_AT and path in known and path in filled)
            and not (_is_fixed(state) and path.rpartition("/")[0] in self.listed)
        ]


def _digest(numbers: list[int]) -> str:
    # A state begins with what says how many numbers it has, so that the list can only be read one
    # way. Marshal is the cheapest way to bytes; version 2 gives the same for equal lists.
    return blake2b(marshal.dumps(numbers, 2), digest_size=16).hexdigest()


def _is_fixed(state: State) -> bool:
    """Whether nothing about it can change in its place."""
    return state == NOTHING or state[0] & _KIND == _LINK


def _above(paths: Iterable[str]) -> set[str]:
    """Every folder above one of the paths."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


class Present:
    """What stands at paths now; whatever many targets rest on is looked at once."""

    def __init__(self, paths: RealPaths) -> None:
        self._paths = paths
        self._states: dict[str, State] = {}
        self._real: set[str] = set()

    def holds(self, packed: list[Any], root: str) -> bool:
        """Whether everything that a packed recording rests on still is what it was."""
        folders, inside, outside, listed, digest = packed
        if not self._are_real(folders):
            return False
        own = f"{root}/"
        now: list[int] = []
        for path in inside:
            now += state_at(own + path)
        for path in outside:
            now += self._shared(path)
        for path in listed:
            now += listed_state(path)
        return bool(_digest(now) == digest)

    def _are_real(self, folders: list[str | list[str]]) -> bool:
        for folder in folders:
            if isinstance(folder, str):
                if folder not in self._real:
                    if self._paths.resolve(folder) != folder:
                        return False
                    self._real.add(folder)
            elif self._paths.resolve(folder[0]) != folder[1]:
                return False
        return True

    def _shared(self, path: str) -> State:
        state = self._states.get(path)
        if state is None:
            state = self._states[path] = state_at(path)
        return state


def state_at(path: str) -> State:
    """The state of whatever stands at a path."""
    try:
        found = os.lstat(path)
    except OSError:
        return NOTHING
    # As in `state_of`, without the call: a check of a fleet comes here tens of thousands of times.
    mode = found.st_mode
    if mode & _KIND == _FOLDER:
        return _LOOKED_AT
    return (mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def state_of(found: os.stat_result) -> State:
    """The state that `lstat` told."""
    mode = found.st_mode
    if mode & _KIND == _FOLDER:
        return _LOOKED_AT
    return (mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def listed_state(path: str) -> State:
    """The state of a folder whose names count."""
    try:
        found = os.lstat(path)
    except OSError:
        return NOTHING
    return (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
