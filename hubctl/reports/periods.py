"""Periods of local days: names of weeks and months, spans that end on a day, what preceded them.

Pure: the day on which it is asked is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.metrics.days import bounds

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Local days from `first` to `last`, both ISO dates and included."""

    first: str
    last: str

    @property
    def days(self) -> int:
        """How many."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    @property
    def times(self) -> tuple[int, int]:
        """Its first microsecond, and that after its last one."""
        return bounds(self.first)[0], bounds(self.last)[1]

    @property
    def before(self) -> Span:
        """As many days, just before it."""
        return ending(shifted(self.first, -1), self.days)

    def __iter__(self) -> Iterator[str]:
        for number in range(self.days):
            yield shifted(self.first, number)


def ending(last: str, days: int) -> Span:
    """The span of so many days that ends on a day."""
    return Span(first=shifted(last, 1 - days), last=last)


def shifted(day: str, days: int) -> str:
    """The day so many days later.

    Raises:
        UsageError: it lies beyond the calendar.
    """
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        raise UsageError(f"there is no day {days} days after {day}") from None


def parse_day(text: str) -> str:
    """An ISO date that somebody wrote.

    Raises:
        UsageError: it is none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", hint="write it as 2026-01-31") from None
    if not 1900 <= day.year <= 9990:
        raise UsageError(f"{text} is too far away")
    return day.isoformat()


def week_of(day: str) -> str:
    """The ISO week, as in `2026-W05`."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def month_of(day: str) -> str:
    """The month, as in `2026-01`."""
    return day[:7]


def week_around(day: str) -> Span:
    """Monday to Sunday."""
    found = date.fromisoformat(day)
    monday = shifted(day, -found.weekday())
    return Span(first=monday, last=shifted(monday, 6))


def month_around(day: str) -> Span:
    """The first to the last of a month."""
    first = f"{day[:7]}-01"
    last = shifted(f"{shifted(first, 31)[:7]}-01", -1)
    return Span(first=first, last=last)
