"""Doors for tests: somebody else who is at work at the same time, and disks that give up."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles

if TYPE_CHECKING:
    from collections.abc import Callable


class PlainFiles(RealFiles):
    """A file system that cannot swap entries, and without hard links if told so."""

    def __init__(self, *, hard_links: bool) -> None:
        self._hard_links = hard_links

    def rename(self, source: str, destination: str, *, swap: bool = False) -> None:
        if swap:
            raise OSError(errno.EINVAL, "cannot swap", destination)
        super().rename(source, destination)

    def link(self, source: str, path: str, *, symbolic: bool) -> None:
        if not symbolic and not self._hard_links:
            raise OSError(errno.EPERM, "cannot link", path)
        super().link(source, path, symbolic=symbolic)


SYSTEMS: dict[str, Callable[[], RealFiles]] = {
    "swap": RealFiles,
    "hard-links": lambda: PlainFiles(hard_links=True),
    "plain": lambda: PlainFiles(hard_links=False),
}


def meanwhile(inner: RealFiles, step: int, do: Callable[[], None]) -> CountingFiles:
    """A door that lets somebody `do` something right before effect number `step`."""

    def before(number: int, _name: str, _path: str) -> None:
        if number == step:
            do()

    return CountingFiles(inner, before)


def failing(inner: RealFiles, step: int, *, forever: bool, code: int) -> CountingFiles:
    """A door whose effect number `step`, and with `forever` each one after, is refused.

    A full disk refuses what needs room; removing and renaming still work.
    """

    def before(number: int, name: str, path: str) -> None:
        needs_room = code != errno.ENOSPC or name in ("write", "mkdir", "link")
        if needs_room and (number >= step if forever else number == step):
            raise OSError(code, "refused", path)

    return CountingFiles(inner, before)
