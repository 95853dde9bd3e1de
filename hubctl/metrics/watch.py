"""Who watches a refresh: told what is being read, how far that is, and how far it goes.

Owns the shape of that and nothing else; showing it is for whoever has a screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    # What is worked on, and how much of how much is done: of one kind, whatever its unit.
    Watch = Callable[[str, int, int], None]


def nobody(_what: str, _done: int, _all: int) -> None:
    """Nobody watches."""
