"""A door that remembers what was looked at, so that an unchanged world need not be read again.

A state is taken before the bytes it stands for are read: a later change shows, an earlier one was
read. What changed within the clock's last tick could hide behind equal times, so a recording that
fresh is not to be trusted (`is_settled`).
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any, TypeAlias

from hubctl.system.files import RealFiles, as_look, read_file, stat_of
from hubctl.system.wrappers import ReadOnlyFiles

if TYPE_CHECKING:
    from hubctl.system.files import Look
    from hubctl.system.real_paths import RealPaths

State: TypeAlias = tuple[int, ...]
"""Nothing: (0,). A folder that was looked at, not into: its kind alone, because whatever is put
into it changes the rest. Anything else: mode, inode, size, mtime and ctime in nanoseconds."""

_KIND = 0o170000
_FOLDER = 0o040000
_NOTHING: State = (0,)
_SETTLED_NS = 1_000_000_000
_MOST_LINKS = 40
_GONE = (errno.ENOENT, errno.ENOTDIR)


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
        now += _state(path if path[:1] == "/" else own + path)
    for path in listed:
        now += _listed_state(path if path[:1] == "/" else own + path)
    return bool(now == states)


def _state(path: str) -> State:
    try:
        found = os.lstat(path)
    except OSError:
        return _NOTHING
    return _state_of(found)


def _state_of(found: os.stat_result) -> State:
    mode = found.st_mode
    if mode & _KIND == _FOLDER:
        return (_FOLDER,)
    return (mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _listed_state(path: str) -> State:
    try:
        found = os.lstat(path)
    except OSError:
        return _NOTHING
    return (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class RecordingFiles(ReadOnlyFiles):
    """Reads, and keeps what every look rests on in `seen`; writes are refused.

    `before` is what was looked at for the same purpose earlier.
    """

    def __init__(self, paths: RealPaths, before: Recording | None = None) -> None:
        super().__init__(RealFiles())
        self._paths = paths
        self.seen = Recording(before)
        self.look = self._look
        self.read = self._read
        self.list = self._list

    def resolve(self, path: str) -> str:
        """The real path of a folder."""
        real = self.seen.folders.get(path)
        if real is None:
            real = self.seen.folders[path] = self._paths.resolve(path)
        return real

    def _look(self, path: str) -> Look | None:
        self.resolve(path.rpartition("/")[0])
        try:
            found = stat_of(path)
        except OSError:
            self.seen.files.setdefault(path, _NOTHING)
            raise
        self.seen.files.setdefault(path, _NOTHING if found is None else _state_of(found))
        return None if found is None else as_look(path, found)

    def _read(self, path: str, *, follow: bool = True) -> bytes:
        self.resolve(path.rpartition("/")[0])
        try:
            data, found = read_file(path, follow=False)
        except OSError as error:
            if follow and error.errno == errno.ELOOP:
                return self._read(self._behind_links(path), follow=False)
            self.seen.files.setdefault(path, _NOTHING if error.errno in _GONE else _state(path))
            raise
        self.seen.files.setdefault(path, _state_of(found))
        return data

    def _behind_links(self, path: str) -> str:
        for _ in range(_MOST_LINKS):
            look = self._look(path)
            if look is None or look.kind != "link":
                break
            path = os.path.join(os.path.dirname(path), look.destination)
        return path

    def _list(self, path: str) -> tuple[str, ...]:
        real = self.resolve(path)
        self.resolve(real.rpartition("/")[0])
        self.seen.listed.setdefault(real, _listed_state(real))
        return self._inner.list(real)
