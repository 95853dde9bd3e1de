"""What a day, a week and a month will come to: what is there, and what the rest usually takes.

Usual is the mean of the last 28 whole days, days without work included; with fewer than three days
of data nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.metrics.days import bounds, day_of
from hubctl.reports.periods import Span, ending, month_around, shifted, week_around
from hubctl.reports.totals import totals_of
from hubctl.reports.usage import days, span_total

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.reports.totals import Totals
    from hubctl.reports.usage import Only

BASIS = 28
NEEDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One period that is not over.

    Attributes:
        period: `day`, `week` or `month`. first, last: its days.
        so_far: what there is. tokens, cost_usd: expected at its end, None where that is not known.
        least_usd: the same of the answers whose price is known; None with too little data.
        days: whole days with data that it rests on; it needs NEEDED.
    """

    period: str
    first: str
    last: str
    so_far: Totals
    days: int
    tokens: int | None = None
    cost_usd: float | None = None
    least_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usual:
    """Means per day of the basis: of whole days, and of what comes after this time of day."""

    tokens: float
    cost: float
    later_tokens: float
    later_cost: float
    is_known: bool


def projections(store: Store, now: int, only: Only) -> tuple[Projection, ...]:
    """Today, this week (from Monday) and this month. `now`: microseconds."""
    today = day_of(now)
    basis = ending(shifted(today, -1), BASIS)
    seen = days(store, basis, only)
    usual = _usual(store, basis, now, only, seen) if len(seen) >= NEEDED else None
    spans = {
        "day": Span(first=today, last=today),
        "week": week_around(today),
        "month": month_around(today),
    }
    found = []
    for name, span in spans.items():
        so_far = span_total(store, Span(first=span.first, last=today), only)
        made = Projection(
            period=name, first=span.first, last=span.last, so_far=so_far, days=len(seen)
        )
        found.append(_projected(made, today, usual) if usual else made)
    return tuple(found)


def _projected(one: Projection, today: str, usual: _Usual) -> Projection:
    rest = Span(first=today, last=one.last).days - 1
    cost = (one.so_far.cost_usd or 0.0) + usual.later_cost + rest * usual.cost
    return replace(
        one,
        tokens=round(one.so_far.tokens + usual.later_tokens + rest * usual.tokens),
        cost_usd=cost if usual.is_known and one.so_far.is_known else None,
        least_usd=cost if cost or one.so_far.cost_usd is not None or usual.is_known else None,
    )


def _usual(store: Store, basis: Span, now: int, only: Only, seen: dict[str, Totals]) -> _Usual:
    first = next(iter(seen))
    counted = Span(first=first, last=basis.last).days
    whole = [seen[day] for day in seen]
    later = _later(store, Span(first=first, last=basis.last), now, only)
    return _Usual(
        tokens=sum(one.tokens for one in whole) / counted,
        cost=sum(one.cost_usd or 0.0 for one in whole) / counted,
        later_tokens=later.tokens / counted,
        later_cost=(later.cost_usd or 0.0) / counted,
        is_known=all(one.is_known for one in whole),
    )


def _later(store: Store, basis: Span, now: int, only: Only) -> Totals:
    """What the days of the basis had after this time of day."""
    into = now - bounds(day_of(now))[0]
    condition, values = only.sql()
    parts = [(bounds(day)[0] + into, bounds(day)[1]) for day in basis]
    times = " OR ".join(["time >= ? AND time < ?"] * len(parts))
    [row] = store.rows(
        f"SELECT {only.of_answers} FROM claude_context WHERE ({times}) AND counted{condition}",
        (*(time for part in parts for time in part), *values),
    )
    return totals_of(row)
