"""When somebody last looked at the dashboard. Whoever has no token is no visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable


class Visits:
    """Counts from its own beginning. `clock`: seconds since some moment."""

    def __init__(self, clock: Callable[[], float] = stopwatch) -> None:
        self._clock = clock
        self._last = clock()

    def note(self) -> None:
        """Somebody looks now."""
        self._last = self._clock()

    def quiet_seconds(self) -> float:
        """Since somebody last did."""
        return self._clock() - self._last
