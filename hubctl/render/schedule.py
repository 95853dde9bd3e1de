"""Schedules for launchd: calendar expressions as the intervals its agents know.

Pure. launchd has months, days, weekdays, hours and minutes of the local zone, each with one
value or any; what needs more is refused with the reason rather than run at another time.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.model.calendar import LIMITS, SECOND, Calendar
from hubctl.model.calendar_values import values

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_INTERVALS = 400
_KEYS = {"month": "Month", "day": "Day", "hour": "Hour", "minute": "Minute"}


def launchd_intervals(calendar: Calendar) -> tuple[dict[str, int], ...]:
    """The StartCalendarInterval dictionaries that together mean `calendar`, seconds aside.

    Raises:
        UsageError: launchd cannot express it; the message says why.
    """
    for reason in _obstacles(calendar):
        raise UsageError(reason)
    wanted = dict(_wanted(calendar))
    count = 1
    for numbers in wanted.values():
        count *= len(numbers)
    if count > MOST_INTERVALS:
        raise UsageError(
            f"launchd would need {count} calendar entries for it; {MOST_INTERVALS} are allowed"
        )
    return tuple(dict(zip(wanted, row, strict=True)) for row in product(*wanted.values()))


def starts_on_the_minute(calendar: Calendar) -> bool:
    """Whether every run is at second 0, the only one launchd knows."""
    return all(span.start == 0 and not span.step for span in calendar.second)


def _wanted(calendar: Calendar) -> Iterator[tuple[str, tuple[int, ...]]]:
    for part, key in _KEYS.items():
        low, high = LIMITS[part]
        numbers = values(getattr(calendar, part), part)
        if len(numbers) < high - low + 1:
            yield key, numbers
    if calendar.weekdays:
        yield "Weekday", tuple(sorted((day + 1) % 7 for day in calendar.weekdays))  # 0 is Sunday


def _obstacles(calendar: Calendar) -> Iterator[str]:
    if calendar.zone:
        yield f"launchd knows the local time zone only, not {calendar.zone}"
    if calendar.year:
        yield "launchd knows no years"
    if calendar.from_end:
        yield "launchd cannot count days from the end of a month"
    if calendar.weekdays and len(values(calendar.day, "day")) < 31:
        yield "launchd runs on a weekday or on a day of the month, never on both together"
    if len(calendar.second) > 1 or any(span.step for span in calendar.second):
        yield "launchd starts a job once a minute at most"
    if any(span.start % SECOND for span in calendar.second):
        yield "launchd knows no parts of a second"
