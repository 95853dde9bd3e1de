"""Numbers that look thrown and are the same every time: made-up work that can be compared."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")
_WHOLE = 1 << 48


class Dice:
    """Throws of one seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._throws = 0

    def part(self) -> float:
        """From 0 up to 1."""
        self._throws += 1
        digest = hashlib.sha256(f"{self._seed} {self._throws}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / _WHOLE

    def within(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self.part() * (most - least + 1))

    def skewed(self, least: float, most: float) -> float:
        """Mostly near the lesser end, now and then near the other one."""
        return least + (most - least) * float(self.part() ** 4)

    def happens(self, percent: float) -> bool:
        """Whether something of that likelihood happens."""
        return self.part() * 100 < percent

    def one_of(self, choices: Sequence[_T]) -> _T:
        """One of them."""
        return choices[self.within(0, len(choices) - 1)]


def name_of(seed: str) -> str:
    """An id in the form of a UUID."""
    text = hashlib.sha256(seed.encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"
