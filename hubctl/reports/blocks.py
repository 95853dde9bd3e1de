"""Blocks of five hours, as the client's plans count them: the first answer opens one.

The client tells its true windows only in its status line; these are what the answers in the store
lead to, each beginning with the hour of its first answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND
from hubctl.reports.totals import OF_ANSWERS, Totals, totals_of
from hubctl.reports.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.usage import Only

HOUR = 3600 * SECOND
LENGTH = 5 * HOUR
MINUTE = 60 * SECOND
# Where an earlier block began decides where the next one does; a pause begins the count anew.
_EARLIER = 7 * 24 * HOUR
_SHORTEST = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the open block goes on at the pace it has.

    Attributes:
        ends: microseconds. minutes_left: until then.
        tokens_per_minute: since its first answer. tokens, cost_usd: expected at its end; None where
            that is not known.
    """

    ends: int
    minutes_left: float
    tokens_per_minute: float
    tokens: int
    cost_usd: float | None


def blocks(store: Store, span: Span, only: Only) -> tuple[Usage, ...]:
    """The blocks with an answer in the span, in order; a row's key is its beginning in UTC."""
    begin, end = span.times
    condition, values = only.sql()
    rows = store.rows(
        f"SELECT min(time), max(time), {OF_ANSWERS} FROM claude_context"
        f" WHERE time >= ? AND time < ? AND counted{condition}"
        f" GROUP BY time / {MINUTE} ORDER BY 1",
        (begin - _EARLIER, end, *values),
    )
    minutes = ((int(row[0] or 0), int(row[1] or 0), totals_of(row)) for row in rows)
    return tuple(block for block in _cut(minutes) if block.last >= begin)


def _cut(minutes: Iterable[tuple[int, int, Totals]]) -> Iterator[Usage]:
    opened, first, last, sums = 0, 0, 0, Totals()
    for begin, end, totals in minutes:
        if not sums.answers or begin >= opened + LENGTH:
            if sums.answers:
                yield _block(opened, first, last, sums)
            opened, first, sums = begin // HOUR * HOUR, begin, Totals()
        last, sums = end, sums + totals
    if sums.answers:
        yield _block(opened, first, last, sums)


def _block(opened: int, first: int, last: int, sums: Totals) -> Usage:
    return Usage(key=stamp(opened), first=first, last=last, totals=sums)


def stamp(time: int) -> str:
    """Microseconds as ISO in UTC, to the second."""
    return f"{datetime.fromtimestamp(time // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"


def opened(block: Usage) -> int:
    """Microseconds at which a block began."""
    return int(datetime.fromisoformat(block.key).timestamp()) * SECOND


def pace(block: Usage, now: int) -> Pace | None:
    """How a block goes on; None where it is over or began less than five minutes ago."""
    ends = opened(block) + LENGTH
    elapsed = now - block.first
    if not block.last <= now < ends or elapsed < _SHORTEST:
        return None
    growth = (ends - now) / elapsed
    cost = block.totals.cost_usd
    return Pace(
        ends=ends,
        minutes_left=round((ends - now) / MINUTE, 1),
        tokens_per_minute=round(block.totals.tokens / (elapsed / MINUTE), 1),
        tokens=round(block.totals.tokens * (1 + growth)),
        cost_usd=None if cost is None or not block.totals.is_known else cost * (1 + growth),
    )
