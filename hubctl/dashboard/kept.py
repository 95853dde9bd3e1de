"""Panels that were made already: kept until what they tell of may have changed.

The store's files say whether it changed; canonical.yaml's say it of limits and prices. What tells
of this moment, or of files in repositories, is made anew after so many seconds as its row says.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_MOST = 200


class Kept:
    """The last so many answers; any thread may ask."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, tuple[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, mark: str) -> str | None:
        """What was made under this mark."""
        with self._lock:
            found = self._found.get(key)
            return found[1] if found and found[0] == mark else None

    def text(self, key: Hashable, mark: str, make: Callable[[], str]) -> str:
        """What was made under this mark, or is made now; what fails is not kept."""
        known = self.get(key, mark)
        if known is not None:
            return known
        made = make()
        with self._lock:
            self._found[key] = (mark, made)
            self._found.move_to_end(key)
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
        return made
