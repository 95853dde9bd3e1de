"""Local days: which one a moment falls into, and when it begins and ends.

The zone is the machine's own; a store whose zone changed makes its roll-ups anew.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.system.clock import own_zone, restore_zone, set_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = 1_000_000
_LAST_YEAR = 9999  # whose last day has no next one
SLOT = 900 * SECOND  # no zone's day begins within a quarter of an hour


@lru_cache(maxsize=4096)
def day_of_slot(slot: int) -> str:
    """ISO date of the local day of a quarter of an hour since 1970; "" beyond the calendar."""
    try:
        day = datetime.fromtimestamp(slot * 900, UTC).astimezone().date()
    except (ValueError, OverflowError, OSError):
        return ""
    return day.isoformat() if day.year < _LAST_YEAR else ""


def day_of(time: int) -> str:
    """ISO date of the local day of a moment in microseconds."""
    return day_of_slot(time // SLOT)


def bounds(day: str) -> tuple[int, int]:
    """First microsecond of a local day, and of the next one."""
    first = date.fromisoformat(day)
    return _midnight(first), _midnight(first + timedelta(days=1))


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp()) * SECOND


def zone() -> str:
    """A text that changes with the zone of days."""
    winter, summer = (datetime(2024, month, 1).astimezone() for month in (1, 7))
    return f"{winter:%Z%z} {summer:%Z%z}"


@contextlib.contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Days are those of a zone of the tz database; "" for the machine's own. For one thread.

    Raises:
        UsageError: there is none of that name.
    """
    before = own_zone()
    if not name:
        yield
        return
    try:
        set_zone(name)
    except ValueError:
        raise UsageError(
            f"there is no time zone {name!r}", hint="write it as Europe/Berlin or UTC"
        ) from None
    try:
        day_of_slot.cache_clear()
        yield
    finally:
        restore_zone(before)
        day_of_slot.cache_clear()
