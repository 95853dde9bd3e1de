"""A door that remembers what was looked at, so that an unchanged world need not be read again.

The signature of a path is taken before its bytes are read: a later change shows, an earlier one was
read. What changed within the clock's last tick could hide behind equal times, so a recording that
fresh is not to be trusted (`is_settled`).
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from hubctl.system.wrappers import ReadOnlyFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.system.files import Files, Look

# (inode, size, mtime, ctime, mode); () for a path where nothing stands.
Signature = tuple[int, ...]

_SETTLED_NS = 1_000_000_000


def signature(path: str) -> Signature:
    """What tells one state of a path from another without opening it."""
    try:
        found = os.lstat(path)
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)


def is_unchanged(recorded: Iterable[tuple[str, Signature]]) -> bool:
    """Whether every path still has its recorded signature."""
    lstat = os.lstat
    for path, was in recorded:
        try:
            found = lstat(path)
        except OSError:
            if was:
                return False
            continue
        if not was or (
            found.st_mtime_ns != was[2]
            or found.st_ctime_ns != was[3]
            or found.st_size != was[1]
            or found.st_ino != was[0]
            or found.st_mode != was[4]
        ):
            return False
    return True


def is_settled(recorded: Iterable[tuple[str, Signature]]) -> bool:
    """Whether every change so far lies far enough back to be told from a next one."""
    limit = time.time_ns() - _SETTLED_NS
    return all(not was or was[3] < limit for _, was in recorded)


class RecordingFiles(ReadOnlyFiles):
    """Reads like `inner` and keeps the signature of every path; writes are refused."""

    def __init__(self, inner: Files) -> None:
        super().__init__(inner)
        self.seen: dict[str, Signature] = {}
        self.look = self._look
        self.read = self._read
        self.list = self._list

    def note(self, path: str) -> None:
        """Keep the signature of a path that is looked at past the door."""
        if path not in self.seen:
            self.seen[path] = signature(path)

    def _look(self, path: str) -> Look | None:
        self.note(path)
        return self._inner.look(path)

    def _read(self, path: str, *, follow: bool = True) -> bytes:
        self.note(path)
        if follow:
            self.note(os.path.realpath(path))
        return self._inner.read(path, follow=follow)

    def _list(self, path: str) -> tuple[str, ...]:
        self.note(path)
        return self._inner.list(path)
