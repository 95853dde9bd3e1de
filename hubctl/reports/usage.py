"""Tokens and cost by day, week, month, project, model, session and 5-hour block.

Days and what is made of them come from the roll-ups; sessions and blocks from the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.reports.periods import month_of, week_of
from hubctl.reports.totals import OF_ANSWERS, OF_DAYS, Totals, total, totals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span

DAY, WEEK, MONTH = "day", "week", "month"
SESSION, PROJECT, MODEL, BLOCK = "session", "project", "model", "block"
BY = (DAY, WEEK, MONTH, SESSION, PROJECT, MODEL, BLOCK)
_PERIODS: dict[str, Callable[[str], str]] = {DAY: str, WEEK: week_of, MONTH: month_of}


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """What is counted: one project, one model, or all where they are ""."""

    project: str = ""
    model: str = ""

    def sql(self) -> tuple[str, tuple[Scalar, ...]]:
        """Further conditions, and their values."""
        asked = [(name, value) for name, value in self._named() if value]
        return "".join(f" AND {name} = ?" for name, _ in asked), tuple(v for _, v in asked)

    def _named(self) -> tuple[tuple[str, str], ...]:
        return ("project", self.project), ("model", self.model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One row.

    Attributes:
        key: the day, week, month, session, project or model; the beginning of a block in ISO.
        project, model: of a session, the one with most of its tokens.
        first, last: microseconds of the first and last answer; 0 where it is a sum of days.
    """

    key: str
    totals: Totals
    project: str = ""
    model: str = ""
    first: int = 0
    last: int = 0


def usage(store: Store, by: str, span: Span, only: Only) -> tuple[Usage, ...]:
    """The rows of a span: periods in order, everything else the most tokens first."""
    if by in _PERIODS:
        return _by_period(store, _PERIODS[by], span, only)
    if by in (PROJECT, MODEL):
        return _by_name(store, by, span, only)
    if by == SESSION:
        return _by_session(store, span, only)
    from hubctl.reports.blocks import blocks

    return blocks(store, span, only)


def _by_period(
    store: Store, name_of: Callable[[str], str], span: Span, only: Only
) -> tuple[Usage, ...]:
    found: dict[str, Totals] = {}
    for day, totals in days(store, span, only).items():
        name = name_of(day)
        found[name] = found.get(name, Totals()) + totals
    return tuple(Usage(key=name, totals=totals) for name, totals in found.items())


def days(store: Store, span: Span, only: Only) -> dict[str, Totals]:
    """Each day of a span that has an answer, in order."""
    condition, values = only.sql()
    rows = store.rows(
        f"SELECT day, {OF_DAYS} FROM daily_context WHERE day BETWEEN ? AND ?{condition}"
        " GROUP BY day ORDER BY day",
        (span.first, span.last, *values),
    )
    return {str(row[0]): totals_of(row) for row in rows}


def span_total(store: Store, span: Span, only: Only) -> Totals:
    """Everything in a span."""
    return total(days(store, span, only).values())


def _by_name(store: Store, by: str, span: Span, only: Only) -> tuple[Usage, ...]:
    condition, values = only.sql()
    rows = store.rows(
        f"SELECT {by}, {OF_DAYS} FROM daily_context WHERE day BETWEEN ? AND ?{condition}"
        f" GROUP BY {by}",
        (span.first, span.last, *values),
    )
    return _most_first(Usage(key=str(row[0]), totals=totals_of(row)) for row in rows)


def _by_session(store: Store, span: Span, only: Only) -> tuple[Usage, ...]:
    condition, values = only.sql()
    rows = store.rows(
        f"SELECT session, project, model, min(time), max(time), {OF_ANSWERS} FROM claude_context"
        f" WHERE time >= ? AND time < ? AND counted{condition} GROUP BY session, project, model",
        (*span.times, *values),
    )
    parts: dict[str, list[Usage]] = {}
    for session, project, model, first, last, *cells in rows:
        one = Usage(
            key=str(session),
            project=str(project or ""),
            model=str(model or ""),
            first=int(first or 0),
            last=int(last or 0),
            totals=totals_of(cells),
        )
        parts.setdefault(one.key, []).append(one)
    return _most_first(_joined(rows) for rows in parts.values())


def _joined(parts: list[Usage]) -> Usage:
    """One session of what its models and folders did in it."""
    main = max(parts, key=lambda part: (part.totals.tokens, part.model, part.project))
    return Usage(
        key=main.key,
        project=main.project,
        model=main.model,
        first=min(part.first for part in parts),
        last=max(part.last for part in parts),
        totals=total(part.totals for part in parts),
    )


def _most_first(rows: Iterable[Usage]) -> tuple[Usage, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.totals.tokens, row.key)))


def unpriced_models(store: Store, span: Span, only: Only) -> tuple[tuple[str, int], ...]:
    """Models with answers of unknown cost, and how many, the most first."""
    rows = _by_name(store, MODEL, span, only)
    found = [(row.key, row.totals.unpriced) for row in rows if row.totals.unpriced]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
