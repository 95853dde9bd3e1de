"""Doors around the door: the core never asks whether it may write.

`ReadOnlyFiles` refuses every write (plan, drift); `CountingFiles` calls back before each effect,
which is how crash tests stop an apply at every single step.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.system.files import Files, Look


class _Read(Protocol):
    def __call__(self, path: str, *, follow: bool = True) -> bytes: ...


class ReadOnlyFiles:
    """Reads like `inner`; every write is EROFS."""

    def __init__(self, inner: Files) -> None:
        self._inner = inner
        self.look: Callable[[str], Look | None] = inner.look
        self.read: _Read = inner.read
        self.list: Callable[[str], tuple[str, ...]] = inner.list

    def write(
        self, path: str, data: bytes, mode: int, *, exact: bool = True, like: str = ""
    ) -> None:
        """Refuse."""
        raise _read_only(path)

    def rename(self, source: str, destination: str, *, swap: bool = False) -> None:
        """Refuse."""
        raise _read_only(destination)

    def link(self, source: str, path: str, *, symbolic: bool) -> None:
        """Refuse."""
        raise _read_only(path)

    def remove(self, path: str) -> None:
        """Refuse."""
        raise _read_only(path)

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """Refuse."""
        raise _read_only(path)

    def sync(self, path: str) -> None:
        """Nothing was written, so nothing needs to become durable."""


class CountingFiles:
    """Calls `before(step, name, path)` ahead of every effect of `inner`; reads pass untouched."""

    def __init__(self, inner: Files, before: Callable[[int, str, str], None]) -> None:
        self._inner = inner
        self._before = before
        self.steps = 0
        self.look: Callable[[str], Look | None] = inner.look
        self.read = inner.read
        self.list = inner.list

    def _step(self, name: str, path: str) -> None:
        self.steps += 1
        self._before(self.steps, name, path)

    def write(
        self, path: str, data: bytes, mode: int, *, exact: bool = True, like: str = ""
    ) -> None:
        """Count, then write."""
        self._step("write", path)
        self._inner.write(path, data, mode, exact=exact, like=like)

    def rename(self, source: str, destination: str, *, swap: bool = False) -> None:
        """Count, then rename."""
        self._step("rename", destination)
        self._inner.rename(source, destination, swap=swap)

    def link(self, source: str, path: str, *, symbolic: bool) -> None:
        """Count, then link."""
        self._step("link", path)
        self._inner.link(source, path, symbolic=symbolic)

    def remove(self, path: str) -> None:
        """Count, then remove."""
        self._step("remove", path)
        self._inner.remove(path)

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """Count, then make the folder."""
        self._step("mkdir", path)
        self._inner.mkdir(path, mode)

    def sync(self, path: str) -> None:
        """Count, then sync."""
        self._step("sync", path)
        self._inner.sync(path)


def _read_only(path: str) -> OSError:
    return OSError(errno.EROFS, "this command does not write", path)
