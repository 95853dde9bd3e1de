"""Real paths of folders, each folder on the way looked at once per run.

A thousand repositories lie below a few folders; `os.path.realpath` would ask about each of those a
thousand times.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Protocol

_ODD = ("", ".", "..")


class Paths(Protocol):
    """Whoever knows real paths."""

    def resolve(self, path: str) -> str:
        """Like `os.path.realpath`."""


class RealPaths:
    """Answers like `os.path.realpath` for absolute paths; one answer a run for each of them."""

    def __init__(self) -> None:
        # The root is "" in here, so that a name always follows after a slash.
        self._known: dict[str, str] = {"": "", "/": ""}
        # Links that lead in a circle: what the system says of paths behind one follows no rule.
        self._circles: set[str] = set()

    def resolve(self, path: str) -> str:
        """The real path of what stands at `path`, or would if it existed."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._resolve(path)
        return found or "/"

    def _resolve(self, path: str) -> str:
        parent, _, name = path.rpartition("/")
        if name in _ODD:
            return self._asked(path, path)
        above = self._known.get(parent)
        if above is None:
            above = self._known[parent] = self._resolve(parent)
        if parent in self._circles:
            return self._asked(path, path)
        real = f"{above}/{name}"
        try:
            mode = os.lstat(real).st_mode
        except OSError:
            return real
        return self._asked(path, real) if stat.S_ISLNK(mode) else real

    def _asked(self, path: str, real: str) -> str:
        """What the system says of `real`, which `path` comes down to."""
        try:
            os.stat(real)
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._circles.add(path)
                real = path
        return os.path.realpath(real).rstrip("/")
