"""Usage as one value: rows, their total, projections and what has no price; and that as JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.metrics.days import day_of
from hubctl.reports.blocks import LENGTH, Pace, blocks, opened, pace, stamp
from hubctl.reports.periods import Span, ending, parse_day
from hubctl.reports.projection import NEEDED, Projection, projections
from hubctl.reports.totals import amount, encode_totals, total
from hubctl.reports.usage import (
    BLOCK,
    DAY,
    MODEL,
    MONTH,
    PROJECT,
    SESSION,
    WEEK,
    Only,
    Usage,
    unpriced_models,
    usage,
)

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.reports.totals import Totals

# How many days are shown where nobody says so.
_DAYS = {DAY: 14, WEEK: 56, MONTH: 365, SESSION: 7, PROJECT: 30, MODEL: 30, BLOCK: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePage:
    """What `usage` tells.

    Attributes:
        by: one of usage.BY. rows: see Usage. pace: of the block that is open, if one is.
        projections: of today, this week and this month.
        unpriced: models without a known price, and how many answers.
        zone: whose days these are, "" for the machine's own.
    """

    by: str
    span: Span
    only: Only
    rows: tuple[Usage, ...]
    projections: tuple[Projection, ...]
    block: Usage | None
    pace: Pace | None
    unpriced: tuple[tuple[str, int], ...]
    zone: str = ""

    @property
    def total(self) -> Totals:
        """Of all rows."""
        return total(row.totals for row in self.rows)


def known_days(store: Store) -> tuple[str, str] | None:
    """The first and the last day with an answer; None for an empty store.

    Clocks go wrong: the last one may be yet to come. Roll-ups are older than the answers that are
    kept, and may have the days of another zone.
    """
    # One question each: SQLite answers such a one from an index at once.
    times, days = (
        [store.rows(f"SELECT {end}({column}) FROM {table}")[0][0] for end in ("min", "max")]
        for column, table in (("time", "claude_context"), ("day", "daily_context"))
    )
    found = [*(day_of(int(time)) for time in times if time), *(str(day) for day in days if day)]
    return (min(found), max(found)) if found else None


def span_of(by: str, since: str, until: str, today: str) -> Span:
    """The days that are asked for; "" for what nobody said.

    Raises:
        UsageError: a text is no day, or the first is after the last.
    """
    last = parse_day(until) if until else today
    first = parse_day(since) if since else ending(last, _DAYS[by]).first
    if first > last:
        from hubctl.errors import UsageError

        raise UsageError(f"{first} is after {last}")
    return Span(first=first, last=last)


def usage_page(store: Store, by: str, span: Span, only: Only, now: int) -> UsagePage:
    """Everything at once. `now`: microseconds."""
    today = day_of(now)
    # One that was opened before midnight is open.
    recent = blocks(store, ending(today, 2), only)
    current = recent[-1] if recent else None
    going_on = pace(current, now) if current else None
    return UsagePage(
        by=by,
        span=span,
        only=only,
        rows=usage(store, by, span, only),
        projections=projections(store, now, only),
        block=current if going_on else None,
        pace=going_on,
        unpriced=unpriced_models(store, span, only),
    )


def turned(page: UsagePage, order: str) -> UsagePage:
    """The rows with the least or the oldest first for `asc`, the other way round for `desc`."""
    rising = page.by in (DAY, WEEK, MONTH, BLOCK)
    rows = page.rows if rising == (order == "asc") else tuple(reversed(page.rows))
    return replace(page, rows=rows)


def encode(page: UsagePage) -> dict[str, object]:
    """The document of schemas/usage.schema.json, without its format and version."""
    return {
        "by": page.by,
        "first": page.span.first,
        "last": page.span.last,
        "timezone": page.zone,
        "cost": page.only.cost,
        "project": page.only.project,
        "model": page.only.model,
        "rows": [_row(page.by, row) for row in page.rows],
        "total": encode_totals(page.total),
        "projections": [_projection(one) for one in page.projections],
        "block": _block(page),
        "unpriced_models": [{"model": name, "answers": answers} for name, answers in page.unpriced],
    }


def _row(by: str, row: Usage) -> dict[str, object]:
    return {
        "key": row.key,
        "project": row.project,
        "model": row.model,
        "first": stamp(row.first) if row.first else "",
        "last": stamp(row.last) if row.last else "",
        "ends": stamp(opened(row) + LENGTH) if by == BLOCK else "",
        **encode_totals(row.totals),
        "models": [{"model": one.key, **encode_totals(one.totals)} for one in row.models],
    }


def cells(page: UsagePage, *, by_model: bool) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The rows as a table for other programs: names of columns, and cells without units.

    `by_model`: a row for each model of a row instead.
    """
    rows = [_row(page.by, row) for row in page.rows]
    head = tuple(name for name in (*_NAMED, *encode_totals(page.total)))
    found: list[dict[str, object]] = []
    for row, of in zip(rows, page.rows, strict=True):
        parts = [{"model": one.key, **encode_totals(one.totals)} for one in of.models]
        found += [{**row, **part} for part in parts] if by_model else [row]
    return head, [tuple(row[name] for name in head) for row in found]


_NAMED = ("key", "project", "model", "first", "last", "ends")


def _projection(one: Projection) -> dict[str, object]:
    return {
        "period": one.period,
        "first": one.first,
        "last": one.last,
        "so_far": encode_totals(one.so_far),
        "tokens": one.tokens,
        "cost_usd": amount(one.cost_usd),
        "least_usd": amount(one.least_usd),
        "days": one.days,
        "days_needed": NEEDED,
    }


def _block(page: UsagePage) -> dict[str, object] | None:
    if page.block is None or page.pace is None:
        return None
    return {
        "began": stamp(opened(page.block)),
        "ends": stamp(page.pace.ends),
        "so_far": encode_totals(page.block.totals),
        "minutes_left": page.pace.minutes_left,
        "tokens_per_minute": page.pace.tokens_per_minute,
        "usd_per_hour": amount(page.pace.usd_per_hour),
        "tokens": page.pace.tokens,
        "cost_usd": amount(page.pace.cost_usd),
        "least_usd": amount(page.pace.least_usd),
    }
