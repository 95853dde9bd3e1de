"""Real paths of folders, each folder on the way looked at once per run.

A thousand repositories lie below a few folders; `os.path.realpath` would ask about each of those a
thousand times.
"""

from __future__ import annotations

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

    def resolve(self, path: str) -> str:
        """The real path of what stands at `path`, or would if it existed."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._resolve(path)
        return found or "/"

    def _resolve(self, path: str) -> str:
        parent, _, name = path.rpartition("/")
        if name in _ODD:
            return os.path.realpath(path).rstrip("/")
        above = self._known.get(parent)
        if above is None:
            above = self._known[parent] = self._resolve(parent)
        real = f"{above}/{name}"
        try:
            mode = os.lstat(real).st_mode
        except OSError:
            return real
        return os.path.realpath(real).rstrip("/") if stat.S_ISLNK(mode) else real
