"""Containment: which real file stands behind a logical path, and whether we may touch it.

Every path that reaches the disk passes here, also those read from ledgers and journals, which are
untrusted. Links are followed only inside the target and into `hub.follow`.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.real_paths import Paths

_MAX_LINKS = 40
_ODD = frozenset(("", ".", ".."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a logical path leads.

    Attributes:
        path: absolute path of the file itself, every link on the way resolved.
        links: the links that were followed, in order (absolute path of each).
        problem: why it may not be touched, "" if it may; `hint` what to do about it.
    """

    path: str
    links: tuple[str, ...] = ()
    problem: str = ""
    hint: str = ""


@lru_cache(maxsize=4096)  # most targets of a fleet have the same logical paths
def is_contained(path: str) -> bool:
    """Whether a logical path is relative, normal and stays below its root."""
    if not path or path.startswith("/") or "\0" in path or "\\" in path:
        return False
    if not path.isascii():
        try:
            path.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return False  # half a surrogate pair: no file can have that name
    return _ODD.isdisjoint(path.split("/"))


def real_entry(path: str) -> str:
    """The same entry by a path without links on the way; the leaf may be one."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


class Locator:
    """Resolves the logical paths of one target; folders are resolved once each.

    Files are located with `locate`, links of ours with `locate_link`. `paths` may be shared by the
    targets of a run that only looks; whoever writes takes a fresh one.
    """

    def __init__(self, target: Target, door: Files, paths: Paths | None = None) -> None:
        self._target = target
        self._door = door
        self._resolve = (paths or RealPaths()).resolve
        self._inside: set[str] = set()
        self._bounds = tuple(dict.fromkeys(self._real(folder) for folder in _folders(target)))

    def _real(self, folder: str) -> str:
        return self._resolve(folder).rstrip("/")

    def locate(self, path: str) -> Place:
        """Where a file's bytes lie; a leaf link is followed to its end."""
        place = self.locate_link(path)
        if place.problem:
            return place
        try:
            return self._follow(place.path)
        except OSError as error:
            return Place(path=place.path, problem=reason_of(error), hint=f"mend {place.path}")

    def locate_link(self, path: str) -> Place:
        """Where the entry itself lies: its folder resolved, the leaf not."""
        if not is_contained(path):
            return Place(path=path, problem="the path leaves its target", hint="fix the name")
        folder, _, leaf = self._target.absolute(path).rpartition("/")
        real = self._resolve(folder)
        if not self._within(real):
            return _outside(f"{folder}", real)
        return Place(path=f"{real}/{leaf}")

    def _follow(self, path: str) -> Place:
        links: list[str] = []
        current = path
        while (look := self._door.look(current)) is not None and look.kind == "link":
            links.append(current)
            if len(links) > _MAX_LINKS:
                return Place(path=path, problem="a loop of links", hint=f"remove {path}")
            joined = os.path.join(os.path.dirname(current), look.destination)
            folder, leaf = os.path.split(joined)
            current = os.path.join(self._resolve(folder), leaf)
        if links and not self._within(current):
            return _outside(path, current, tuple(links))
        return Place(path=current, links=tuple(links))

    def _within(self, path: str) -> bool:
        # For the host the links of dotfile managers are the normal case and all are followed.
        if path in self._inside or self._target.is_host:
            return True
        if any(path == bound or path.startswith(bound + "/") for bound in self._bounds):
            self._inside.add(path)
            return True
        return False


def _folders(target: Target) -> tuple[str, ...]:
    """The folders that a target's files may lie in."""
    return (target.root, *target.roots.values(), *target.follow)


def _outside(path: str, real: str, links: tuple[str, ...] = ()) -> Place:
    folder = os.path.dirname(real) if links else real
    return Place(
        path=real,
        links=links,
        problem=f"{path} leads out of the target, to {real}",
        hint=f"to follow it, add this folder to hub.follow in canonical.yaml: {folder}",
    )


def reason_of(error: OSError) -> str:
    """An OSError in words a person would use."""
    known = {
        errno.EACCES: "permission denied",
        errno.EPERM: "permission denied",
        errno.EROFS: "the file system is read-only",
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EISDIR: "a folder stands where a file belongs",
        errno.ENOTDIR: "a file stands where a folder belongs",
        errno.ELOOP: "a loop of links",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
