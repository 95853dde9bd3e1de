"""Work done once for values that many targets have in common.

Values are told apart by what they are, not by what they hold: comparing a thousand specs would cost
what the work itself costs. So they must never be changed in place. Owns no work itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Shared(Generic[T]):
    """Results of one kind of work, the last few dozen of them."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._known: dict[tuple[Hashable, ...], tuple[tuple[object, ...], T]] = {}

    def get(self, values: tuple[object, ...], also: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives for these very values; `also` is compared by what it holds."""
        key = (also, *map(id, values))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            # The values are kept: an address tells one only as long as nobody else can have it.
            known = self._known[key] = (values, make())
        return known[1]
