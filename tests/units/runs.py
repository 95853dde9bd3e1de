"""When a calendar expression runs, by its own meaning: what schedules are measured against.

It knows no clock and no time zones, so a moment that a change to summer time skips is listed as
written. The caller places `after` in the expression's own zone.
"""

from __future__ import annotations

import calendar as months
import heapq
from bisect import bisect_left, bisect_right
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from hubctl.model.calendar import LIMITS, SECOND, Calendar, Span
from hubctl.model.calendar_values import span_range, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def next_runs(calendar: Calendar, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next `count` runs later than `after`, fewer where the years end."""
    return tuple(islice(_runs(calendar, after), count))


def _runs(calendar: Calendar, after: datetime) -> Iterator[datetime]:
    for year, month, day in _days(calendar, after):
        floor = after if (year, month, day) == (after.year, after.month, after.day) else None
        for hour, minute, micro in _times(calendar, floor):
            second, rest = divmod(micro, SECOND)
            yield datetime(year, month, day, hour, minute, second, rest, tzinfo=after.tzinfo)


def _days(calendar: Calendar, after: datetime) -> Iterator[tuple[int, int, int]]:
    first = (after.year, after.month, after.day)
    for year in _from(values(calendar.year, "year"), after.year):
        for month in values(calendar.month, "month"):
            for day in _month_days(calendar, year, month):
                if (year, month, day) >= first:
                    yield year, month, day


def _month_days(calendar: Calendar, year: int, month: int) -> Iterator[int]:
    before, length = months.monthrange(year, month)  # weekday of the first, Monday is 0
    for day in _dates(calendar, length):
        if day <= length and (not calendar.weekdays or (before + day - 1) % 7 in calendar.weekdays):
            yield day


def _dates(calendar: Calendar, length: int) -> Sequence[int]:
    if not calendar.from_end:
        return values(calendar.day, "day")
    spans = []
    for span in calendar.day:
        start, stop = length + 1 - span.start, span.stop
        if stop is None:
            spans.append(span_range(Span(start=start, step=span.step), length))
        else:
            spans.append(range(length + 1 - stop, start + 1, span.step))
    return sorted({day for days in spans for day in days})


def _times(calendar: Calendar, floor: datetime | None) -> Iterator[tuple[int, int, int]]:
    for hour in _from(values(calendar.hour, "hour"), floor.hour if floor else 0):
        now = floor if floor and hour == floor.hour else None
        for minute in _from(values(calendar.minute, "minute"), now.minute if now else 0):
            still = now is not None and minute == now.minute
            passed = now.second * SECOND + now.microsecond if now and still else -1
            for micro in _seconds(calendar.second, passed):
                yield hour, minute, micro


def _seconds(spans: Sequence[Span], passed: int) -> Iterator[int]:
    """Microseconds later than `passed`, in order, each once; lazily."""
    ranges = [span_range(span, LIMITS["second"][1]) for span in spans]
    last = -1
    for value in heapq.merge(*(r[bisect_right(r, passed) :] for r in ranges)):
        if value != last:
            yield value
        last = value


def _from(numbers: Sequence[int], low: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, low) :]
