"""Panels that were made already: kept until what they tell of may have changed.

Whoever asks names what a panel rests on. One that took long to make is also kept for a while after
that: being fresh takes a small part of a processor and no more, however much there is to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_MOST = 200
_LONG, _TIMES = 0.25, 20  # seconds; how many times as long it is kept at least


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    mark: str
    text: str
    until: float


class Kept:
    """The last so many answers. `clock`: seconds since some moment.

    Threads ask without a lock: each step on the map is whole, and to make something twice is no
    harm.

    Attributes:
        behind: how often something was given that may be old by now.
    """

    def __init__(self, clock: Callable[[], float] = stopwatch) -> None:
        self.behind = 0
        self._clock = clock
        self._found: dict[Hashable, _Made] = {}

    def get(self, key: Hashable, mark: str) -> str | None:
        """What was made under this mark, or took so long that it has to do."""
        found = self._found.get(key)
        if found is None or found.mark == mark:
            return found.text if found else None
        if self._clock() >= found.until:
            return None
        self.behind += 1
        return found.text

    def text(self, key: Hashable, mark: str, make: Callable[[], str]) -> str:
        """What is kept, or is made now; what fails is not kept."""
        known = self.get(key, mark)
        if known is not None:
            return known
        begin = self._clock()
        made = make()
        end = self._clock()
        took = end - begin
        until = end + (took * _TIMES if took > _LONG else 0)
        self._found.pop(key, None)
        self._found[key] = _Made(mark=mark, text=made, until=until)
        for old in tuple(self._found)[:-_MOST]:
            self._found.pop(old, None)
        return made
