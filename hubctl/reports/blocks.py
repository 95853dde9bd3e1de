"""Blocks of five hours, as the client's plans count them: the first answer opens one.

A block begins with the hour (UTC) of its first answer and ends five hours later; the first answer
after that opens the next one. All answers open blocks, whatever is counted in them. The client
tells its true windows only in its status line; these are what the answers in the store lead to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND
from hubctl.reports.totals import totals_of
from hubctl.reports.usage import Usage, gathered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.totals import Totals
    from hubctl.reports.usage import Only

HOUR = 3600 * SECOND
LENGTH = 5 * HOUR
MINUTE = 60 * SECOND
_EARLIER = 7 * 24 * HOUR
_SHORTEST = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the open block goes on at the pace it has.

    What is expected at its end is what there is, times (time since its first answer + time left)
    / time since its first answer.

    Attributes:
        ends: microseconds. minutes_left: until then.
        tokens_per_minute, usd_per_hour: since its first answer. tokens: expected at its end. All
            are None in its first five minutes.
        cost_usd: expected at its end, None where a price is not known; least_usd: of the answers
            whose price is known.
    """

    ends: int
    minutes_left: float
    tokens_per_minute: float | None = None
    usd_per_hour: float | None = None
    tokens: int | None = None
    cost_usd: float | None = None
    least_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Minute:
    """Answers of one model within a minute; is_counted: whether they are of what is asked for."""

    first: int
    last: int
    model: str
    is_counted: bool
    totals: Totals


def blocks(store: Store, span: Span, only: Only) -> tuple[Usage, ...]:
    """The blocks with an answer in the span, in order; a row's key is its beginning in UTC."""
    begin, end = span.times
    asked, values = only.matching()
    rows = store.rows(
        f"SELECT min(time), max(time), model, {asked or '1'}, {only.of_answers} FROM claude_context"
        f" WHERE time >= ? AND time < ? AND counted GROUP BY time / {MINUTE}, 3, 4 ORDER BY 1",
        (*values, _reset(store, begin), end),
    )
    minutes = [
        _Minute(
            first=int(row[0] or 0),
            last=int(row[1] or 0),
            model=str(row[2]),
            is_counted=bool(row[3]),
            totals=totals_of(row),
        )
        for row in rows
    ]
    found = (
        _block(opened, [one for one in part if one.is_counted]) for opened, part in _cut(minutes)
    )
    return tuple(block for block in found if block is not None and block.last >= begin)


def _reset(store: Store, begin: int) -> int:
    """A moment before `begin` at which no block was open: after a pause that is longer than one.

    Where a block begins depends on the one before, and so on up to such a pause.
    """
    earlier = begin - _EARLIER
    while True:
        rows = store.rows(
            "SELECT min(time), max(time) FROM claude_context"
            f" WHERE time >= ? AND time < ? AND counted GROUP BY time / {MINUTE} ORDER BY 1 DESC",
            (earlier, begin),
        )
        after = begin
        for first, last in rows:
            if after - int(last or 0) >= LENGTH:
                return after
            after = int(first or 0)
        if after - earlier >= LENGTH:
            return after
        if not store.rows("SELECT 1 FROM claude_context WHERE time < ? LIMIT 1", (earlier,)):
            return earlier
        earlier -= 4 * (begin - earlier)


def _cut(minutes: list[_Minute]) -> Iterator[tuple[int, list[_Minute]]]:
    opened, part = 0, list[_Minute]()
    for one in minutes:
        if part and one.first >= opened + LENGTH:
            yield opened, part
            part = []
        if not part:
            opened = one.first // HOUR * HOUR
        part.append(one)
    if part:
        yield opened, part


def _block(opened: int, part: list[_Minute]) -> Usage | None:
    if not part:
        return None
    key = stamp(opened)
    [whole] = gathered((key, one.model, one.totals) for one in part)
    first, last = min(one.first for one in part), max(one.last for one in part)
    return replace(whole, first=first, last=last)


def stamp(time: int) -> str:
    """Microseconds as ISO in UTC, to the second."""
    return f"{datetime.fromtimestamp(time // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"


def opened(block: Usage) -> int:
    """Microseconds at which a block began."""
    return int(datetime.fromisoformat(block.key).timestamp()) * SECOND


def pace(block: Usage, now: int) -> Pace | None:
    """How a block goes on; None where it is over, or has an answer that is yet to come."""
    ends = opened(block) + LENGTH
    if not block.last <= now < ends:
        return None
    elapsed = now - block.first
    going_on = Pace(ends=ends, minutes_left=round((ends - now) / MINUTE, 1))
    if elapsed < _SHORTEST:
        return going_on
    whole = 1 + (ends - now) / elapsed
    cost = block.totals.cost_usd
    is_known = cost is not None and block.totals.is_known
    return replace(
        going_on,
        tokens_per_minute=round(block.totals.tokens / (elapsed / MINUTE), 1),
        usd_per_hour=None if cost is None else cost / (elapsed / HOUR),
        tokens=round(block.totals.tokens * whole),
        cost_usd=cost * whole if cost is not None and is_known else None,
        least_usd=None if cost is None else cost * whole,
    )
