"""Local days: which one a moment falls into, and when it begins and ends.

The zone is the machine's own; a store whose zone changed makes its roll-ups anew.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

SECOND = 1_000_000
SLOT = 900 * SECOND  # no zone's day begins within a quarter of an hour


@lru_cache(maxsize=4096)
def day_of_slot(slot: int) -> str:
    """ISO date of the local day of a quarter of an hour since 1970; "" beyond the calendar."""
    try:
        return datetime.fromtimestamp(slot * 900, UTC).astimezone().date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


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
    """A text that changes with the machine's zone."""
    winter, summer = (datetime(2024, month, 1).astimezone() for month in (1, 7))
    return f"{winter:%Z%z} {summer:%Z%z}"
