"""A door that remembers what was looked at, so that an unchanged world need not be read again.

A state is taken before the bytes it stands for are read: a later change shows, an earlier one was
read. What changed within the clock's last tick could hide behind equal times, so a recording that
fresh is not to be trusted (`Recording.is_settled`).
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from hubctl.system.files import RealFiles, as_look, read_file, stat_of
from hubctl.system.states import NOTHING, Recording, listed_state, state_at, state_of
from hubctl.system.wrappers import ReadOnlyFiles

if TYPE_CHECKING:
    from hubctl.system.files import Look
    from hubctl.system.real_paths import RealPaths

_MOST_LINKS = 40
_GONE = (errno.ENOENT, errno.ENOTDIR)


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
            self.seen.files.setdefault(path, NOTHING)
            raise
        self.seen.files.setdefault(path, NOTHING if found is None else state_of(found))
        return None if found is None else as_look(path, found)

    def _read(self, path: str, *, follow: bool = True) -> bytes:
        self.resolve(path.rpartition("/")[0])
        try:
            data, found = read_file(path, follow=False)
        except OSError as error:
            if follow and error.errno == errno.ELOOP:
                return self._read(self._behind_links(path), follow=False)
            self.seen.files.setdefault(path, NOTHING if error.errno in _GONE else state_at(path))
            raise
        self.seen.files.setdefault(path, state_of(found))
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
        self.seen.listed.setdefault(real, listed_state(real))
        return self._inner.list(real)
