"""States of paths: what tells an unchanged world from a changed one without opening a file.

A recording is what a look rests on; packed, it can be asked later whether it still holds.
"""

from __future__ import annotations

import marshal
import os
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
_NUMBERS: Callable[[os.stat_result], State] = attrgetter(
    "st_mode", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns"
)
_ACCESS_ASKS_LINKS = os.access in os.supports_follow_symlinks


class Packed(NamedTuple):
    """What a recording rests on.

    Attributes:
        inside: paths below the root, without it: real folders, names that are not there, folders
            that were looked at, files and links, listed folders. Alike in most of a fleet.
        outside: the same for what lies elsewhere.
        led: folders and the different real paths that they lead to.
        digest: of the states of files, links and listed folders.
    """

    inside: list[list[str]]
    outside: list[list[str]]
    led: list[list[str]]
    digest: str


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

    def pack(self, root: str, state: str = "") -> Packed:
        """For `Present.holds`, as JSON values.

        What follows from something else is left out: every path costs a system call per check. So
        does where folders of hubctl's own `state` folder really lie: no verdict depends on it.
        """
        folders = self._folders_to_ask()
        if state:
            folders = {f: real for f, real in folders.items() if not f.startswith(f"{state}/")}
        led = [[folder, real] for folder, real in folders.items() if folder != real]
        files = self._files_to_ask(folders)
        kinds = (
            [folder for folder, real in folders.items() if folder == real],
            [
                *(path for path in files if self.files[path] == NOTHING),
                *(path for path, state in self.listed.items() if state == NOTHING),
            ],
            [path for path in files if self.files[path] == _LOOKED_AT],
            [path for path in files if self.files[path] not in (NOTHING, _LOOKED_AT)],
            [path for path, state in self.listed.items() if state != NOTHING],
        )
        own = f"{root}/"
        cut = len(own)
        inside = [[p[cut:] for p in paths if p.startswith(own)] for paths in kinds]
        outside = [[p for p in paths if not p.startswith(own)] for paths in kinds]
        states = [self.files[own + path] for path in inside[3]]
        states += [self.files[path] for path in outside[3]]
        states += [self.listed[own + path] for path in inside[4]]
        states += [self.listed[path] for path in outside[4]]
        return Packed(inside, outside, led, _digest(states))

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


def _digest(states: list[State]) -> str:
    # Marshal is the cheapest way to bytes; version 2 gives the same for equal values.
    return blake2b(marshal.dumps(states, 2), digest_size=16).hexdigest()


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
        self._listed: dict[str, State] = {}
        self._real: set[str] = set()

    def holds(self, packed: Packed, root: str) -> bool:
        """Whether everything that a packed recording rests on still is what it was."""
        own = f"{root}/"
        own_folders, own_gone, own_looked, own_files, own_listed = packed.inside
        folders, gone, looked, files, listed = packed.outside
        if not self._are_real([*folders, *[own + name for name in own_folders]], packed.led):
            return False
        if any(map(_is_there, [*gone, *[own + name for name in own_gone]])):
            return False
        if any(self._state(path) != _LOOKED_AT for path in looked):
            return False
        if any(state_at(own + name) != _LOOKED_AT for name in own_looked):
            return False
        try:
            now = [_NUMBERS(os.lstat(own + name)) for name in own_files]
            now += map(self._state, files)
            now += [_NUMBERS(os.lstat(own + name)) for name in own_listed]
            now += map(self._listed_state, listed)
        except OSError:
            return False
        return _digest(now) == packed.digest

    def _are_real(self, folders: Iterable[str], led: list[list[str]]) -> bool:
        resolve, known = self._paths.resolve, self._real
        for folder in folders:
            if folder not in known:
                if resolve(folder) != folder:
                    return False
                known.add(folder)
        return all(resolve(folder) == real for folder, real in led)

    def _state(self, path: str) -> State:
        state = self._states.get(path)
        if state is None:
            state = self._states[path] = state_at(path)
        return state

    def _listed_state(self, path: str) -> State:
        state = self._listed.get(path)
        if state is None:
            state = self._listed[path] = listed_state(path)
        return state


def _is_there(path: str) -> bool:
    # The cheapest question about a single path; not every system answers it for links.
    if _ACCESS_ASKS_LINKS:
        return os.access(path, os.F_OK, follow_symlinks=False)
    return state_at(path) != NOTHING


def state_at(path: str) -> State:
    """The state of whatever stands at a path."""
    try:
        return state_of(os.lstat(path))
    except OSError:
        return NOTHING


def state_of(found: os.stat_result) -> State:
    """The state that `lstat` told."""
    return _LOOKED_AT if found.st_mode & _KIND == _FOLDER else _NUMBERS(found)


def listed_state(path: str) -> State:
    """The state of a folder whose names count."""
    try:
        return _NUMBERS(os.lstat(path))
    except OSError:
        return NOTHING
