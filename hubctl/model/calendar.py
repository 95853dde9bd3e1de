"""Calendar expressions: the grammar of systemd's OnCalendar, parsed and checked in pure Python.

Owns the syntax and the ranges, so that canonical.yaml can be checked on a machine without
systemd. It reads no time zone files: which zone names exist is the caller's to say. The numbers
that components stand for are in `calendar_values`.

    [Mon..Fri,Sun] [[year-]month-day] [hour:minute[:second]] [zone]      or a word such as `daily`

Each component is `*`, or a list of values, ranges `a..b` and repetitions `a/step`, `a..b/step`.
`~` instead of the last `-` counts days from the end of the month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

SECOND = 1_000_000  # seconds are counted in microseconds
LONGEST = 4000
_MOST_SPANS = 241
_INT_MAX = 2**31 - 1
# Every month has 28 days. systemd lowers this by 3 for each further member of the list.
_LAST_FROM_END = 28

WORDS = {
    "minutely": "*-*-* *:*:00",
    "hourly": "*-*-* *:00:00",
    "daily": "*-*-* 00:00:00",
    "weekly": "Mon *-*-* 00:00:00",
    "monthly": "*-*-01 00:00:00",
    "quarterly": "*-01,04,07,10-01 00:00:00",
    "semiannually": "*-01,07-01 00:00:00",
    "yearly": "*-01-01 00:00:00",
}
_OTHER_SPELLINGS = {
    "annually": "yearly",
    "anually": "yearly",
    "biannually": "semiannually",
    "bi-annually": "semiannually",
    "semi-annually": "semiannually",
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*\Z")
_AREA_ZONE = re.compile(
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe"
    r"|Indian|Mexico|Pacific|US)/"
)
_LONE_ZONE = re.compile(
    r"(?:CET|CST6CDT|Cuba|EET|EST|EST5EDT|Egypt|Eire|Factory|GB|GB-Eire|GMT|GMT[+-]?0|Greenwich"
    r"|HST|Hongkong|Iceland|Iran|Israel|Jamaica|Japan|Kwajalein|Libya|MET|MST|MST7MDT|NZ|NZ-CHAT"
    r"|Navajo|PRC|PST8PDT|Poland|Portugal|ROC|ROK|Singapore|Turkey|UCT|UTC|Universal|W-SU|WET"
    r"|Zulu)\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One member of a component's list.

    Attributes:
        start: first value.
        stop: last value; None where the span has no end of its own.
        step: distance of repetitions; 0 for `start` alone.
    """

    start: int
    stop: int | None = None
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar expression; an empty component means any value.

    Attributes:
        weekdays: Monday is 0.
        second: in microseconds.
        from_end: `day` counts back from the last day of the month, which is 1.
        zone: name of the time zone, "" for the machine's own.
    """

    weekdays: frozenset[int] = frozenset()
    year: tuple[Span, ...] = ()
    month: tuple[Span, ...] = ()
    day: tuple[Span, ...] = ()
    hour: tuple[Span, ...] = ()
    minute: tuple[Span, ...] = ()
    second: tuple[Span, ...] = ()
    from_end: bool = False
    zone: str = ""


LIMITS = {
    "year": (1970, 2199),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 60 * SECOND - 1),
}


def parse_calendar(text: str, *, zones: Container[str] | None = None) -> Calendar:
    """Parse an expression as systemd does.

    Args:
        text: the expression.
        zones: the zone names that exist here; without it a name is judged by its shape. The local
            zone's abbreviations (`CEST`), which systemd also takes, are refused: they mean
            something on one machine only.

    Raises:
        UsageError: it is none; the message says which part.
    """
    if len(text) > LONGEST:
        raise UsageError(f"a calendar expression of {len(text)} characters; {LONGEST} are allowed")
    body, zone = _split_zone(text, zones)
    word = body.lower()
    body = WORDS.get(_OTHER_SPELLINGS.get(word, word), body)
    return _checked(text, _Reader(text=text, body=body).read(zone))


def _split_zone(text: str, zones: Container[str] | None) -> tuple[str, str]:
    if text[-4:].lower() == " utc":
        return text[:-4], "UTC"
    body, space, name = text.rpartition(" ")
    if space and _ZONE.match(name) and _zone_exists(name, zones):
        return body, name
    return text, ""


def _zone_exists(name: str, zones: Container[str] | None) -> bool:
    if zones is not None:
        return name in zones
    return bool(_LONE_ZONE.match(name) or _AREA_ZONE.match(name))


class _Reader:
    """A position in the text and one method per rule of the grammar."""

    def __init__(self, *, text: str, body: str) -> None:
        self.text = text
        self.rest = body

    def read(self, zone: str) -> Calendar:
        if not self.rest:
            raise self.error("it is empty")
        calendar = self.date(Calendar(weekdays=self.weekdays(), zone=zone))
        if calendar.second:  # a point in time: nothing may follow it
            if self.rest:
                raise self.error(f"{self.rest!r} follows the time")
            return calendar
        return self.time(calendar)

    def error(self, why: str) -> UsageError:
        return UsageError(
            f"not a calendar expression: {self.text!r}: {why}",
            hint="for example daily, Mon..Fri 09:00, *:0/15, *-*-01 04:30 Europe/Berlin",
        )

    def weekdays(self) -> frozenset[int]:
        days: set[int] = set()
        first: int | None = None  # start of a range still open
        while (day := self.weekday(expected=bool(days))) is not None:
            if first is not None and first > day:
                raise self.error("a range of weekdays runs backwards")
            days.update(range(day if first is None else first, day + 1))
            if self.rest[:1] in ("", " "):
                break
            first = self.weekday_separator(day, open_range=first is not None)
            if self.rest[:1] in ("", " "):
                if first is not None:
                    raise self.error("a range of weekdays has no end")
                break
        if days:
            self.spaces()
        return frozenset() if len(days) == len(_DAYS) else frozenset(days)

    def weekday(self, *, expected: bool) -> int | None:
        lower = self.rest.lower()
        for number, name in enumerate(_DAYS):
            for spelling in (name, name[:3]):
                if lower.startswith(spelling):
                    self.rest = self.rest[len(spelling) :]
                    if self.rest[:1] not in ("", "-", ".", ",", " "):
                        raise self.error(f"{spelling!r} goes on with {self.rest[:1]!r}")
                    return number
        if expected:
            raise self.error(f"a weekday is expected at {self.rest!r}")
        return None

    def weekday_separator(self, day: int, *, open_range: bool) -> int | None:
        """Skip `,`, `..` or `-`; the day that opens a range, else None."""
        if self.take(","):
            return None
        if open_range:
            raise self.error("a range of weekdays has two ends")
        if self.take("..") or self.take("-"):
            return day
        raise self.error("between weekdays stands ',' or '..'")

    def date(self, calendar: Calendar) -> Calendar:
        if self.rest.startswith("@"):
            return self.point(calendar)
        before = self.rest
        if not before:
            return calendar
        parts: list[tuple[Span, ...]] = [self.chain()]
        from_end = False
        while self.rest[:1] not in ("", ":", " ") and len(parts) < 3 and not from_end:
            from_end = self.take("~")
            if not from_end and not self.take("-"):
                raise self.error(f"a date does not go on with {self.rest!r}")
            parts.append(self.chain())
        if len(parts) == 1 and self.rest[:1] in ("", ":"):  # it was a time
            self.rest = before
            return calendar
        if len(parts) == 1 or self.rest[:1] not in ("", " "):
            raise self.error("a date is month-day or year-month-day")
        self.spaces()
        year = _full_years(parts[0]) if len(parts) == 3 else ()
        month, day = parts[-2:]
        return replace(calendar, year=year, month=month, day=day, from_end=from_end and bool(day))

    def point(self, calendar: Calendar) -> Calendar:
        """`@SECONDS` since 1970, in UTC."""
        found = re.match(r"@\s*\+?([0-9]{1,18})(?![0-9])", self.rest)
        if not found or int(found[1]) >= 2**33:
            raise self.error("after '@' stand seconds since 1970, up to the year 2199")
        self.rest = self.rest[found.end() :]
        when = datetime.fromtimestamp(int(found[1]), tz=UTC)
        second = when.second * SECOND
        values = (when.year, when.month, when.day, when.hour, when.minute, second)
        parts: dict[str, tuple[Span, ...]] = {}
        for part, value in zip(LIMITS, values, strict=True):
            parts[part] = (Span(start=value),)
        return _with_parts(replace(calendar, zone="UTC"), parts)

    def time(self, calendar: Calendar) -> Calendar:
        zero: tuple[Span, ...] = (Span(start=0),)
        if not self.rest:
            return replace(calendar, hour=zero, minute=zero, second=zero)
        hour = self.chain()
        self.colon()
        minute, second = self.chain(), zero
        if self.rest:
            self.colon()
            second = self.chain(seconds=True)
        if self.rest:
            raise self.error(f"{self.rest!r} follows the time")
        return replace(calendar, hour=hour, minute=minute, second=second)

    def chain(self, *, seconds: bool = False) -> tuple[Span, ...]:
        if self.take("*"):
            return (Span(start=0, step=SECOND),) if seconds else ()
        spans = [self.span(seconds=seconds)]
        while self.take(","):
            spans.append(self.span(seconds=seconds))
            if len(spans) > _MOST_SPANS:
                raise self.error(f"a list has more than {_MOST_SPANS} members")
        return tuple(spans)

    def span(self, *, seconds: bool) -> Span:
        unit = SECOND if seconds else 1
        start, stop, step = self.number(seconds=seconds), None, 0
        if self.take(".."):
            stop, step = self.number(seconds=seconds), unit
        if self.take("/"):
            step = self.number(seconds=seconds)
            if not step:
                raise self.error("a repetition of 0 never ends")
        elif seconds and stop is not None and start + step > stop:
            raise self.error("a range of seconds is shorter than one")
        if self.rest[:1] not in ("", " ", ",", "-", "~", ":"):
            raise self.error(f"a number goes on with {self.rest!r}")
        return Span(start=start, stop=stop, step=step)

    def number(self, *, seconds: bool) -> int:
        found = re.match(r"([0-9]+)(?:\.(?!\.)([0-9]*))?" if seconds else r"([0-9]+)", self.rest)
        if not found or len(found[1]) > 20 or (seconds and found[2] == ""):
            raise self.error(f"a number is expected at {self.rest!r}")
        self.rest = self.rest[found.end() :]
        value = int(found[1])
        if seconds:
            value = value * SECOND + _microseconds(found[2] or "")
        if value > _INT_MAX:
            raise self.error("a number is too large")
        return value

    def colon(self) -> None:
        if not self.take(":"):
            raise self.error("a time is hour:minute or hour:minute:second")

    def spaces(self) -> None:
        self.rest = self.rest.lstrip(" ")

    def take(self, text: str) -> bool:
        found = self.rest.startswith(text)
        if found:
            self.rest = self.rest[len(text) :]
        return found


def _microseconds(digits: str) -> int:
    """Decimal digits of a second, rounded half up at the seventh."""
    padded = f"{digits}0000000"
    return int(padded[:6]) + (padded[6] >= "5")


def _full_years(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """12 is 2012, 89 is 1989."""
    return tuple(
        replace(s, start=_full_year(s.start), stop=None if s.stop is None else _full_year(s.stop))
        for s in spans
    )


def _full_year(year: int) -> int:
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)


def _checked(text: str, calendar: Calendar) -> Calendar:
    parts = {part: _sorted(getattr(calendar, part)) for part in LIMITS}
    for part, spans in parts.items():
        low, high = LIMITS[part]
        from_end = calendar.from_end and part == "day"
        for index, span in enumerate(spans):
            top = _LAST_FROM_END - 3 * index if from_end else high
            if not _in_limits(span, low=low, high=top, from_end=from_end):
                shown = f"{low}..{top}" if part != "second" else "0..59.999999"
                raise UsageError(
                    f"not a calendar expression: {text!r}: a {part} is outside {shown}, "
                    "runs backwards, or its repetition cannot happen"
                )
    return _with_parts(calendar, parts)


def _with_parts(calendar: Calendar, parts: Mapping[str, tuple[Span, ...]]) -> Calendar:
    return replace(
        calendar,
        year=parts["year"],
        month=parts["month"],
        day=parts["day"],
        hour=parts["hour"],
        minute=parts["minute"],
        second=parts["second"],
    )


def _sorted(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    trimmed = {_trimmed(span) for span in spans}
    return tuple(sorted(trimmed, key=lambda s: (s.start, -1 if s.stop is None else s.stop, s.step)))


def _trimmed(span: Span) -> Span:
    """The same values with an end that is one of them, and no step that leads nowhere."""
    start, stop, step = span.start, span.stop, span.step
    if stop is not None and stop > start and step:
        stop -= (stop - start) % step
    if stop == start:
        return Span(start=start)
    return Span(start=start, stop=stop, step=step)


def _in_limits(span: Span, *, low: int, high: int, from_end: bool) -> bool:
    if not low <= span.start <= high or span.step > high - low:
        return False
    if span.stop is not None:
        return low <= span.stop <= high and span.start + span.step <= span.stop
    if from_end:
        return span.start - span.step >= low
    return span.start + span.step <= high
