"""Tokens and cost by day, week, month, project, model, session and 5-hour block.

Days and what is made of them come from the roll-ups, where those say what is asked; sessions,
blocks, days of another zone and costs of another kind come from the answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics.days import SLOT, day_of_slot, zone
from hubctl.reports.periods import month_of, week_of
from hubctl.reports.totals import LIST, OF_DAYS, Totals, of_answers, total, totals_of

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
    """What is counted: one project, one model, or all where they are "".

    Attributes:
        models: all names that `model` has in the store; () for itself alone.
        cost: whose it is, one of totals.COSTS.
    """

    project: str = ""
    model: str = ""
    models: tuple[str, ...] = ()
    cost: str = LIST

    def sql(self) -> tuple[str, tuple[Scalar, ...]]:
        """Further conditions, and their values."""
        asked, values = self.matching()
        return (f" AND {asked}" if asked else ""), values

    def matching(self) -> tuple[str, tuple[Scalar, ...]]:
        """The same as one expression, "" for everything."""
        models = self.models or ((self.model,) if self.model else ())
        parts = ["project = ?"] if self.project else []
        parts += [f"model IN ({', '.join('?' * len(models))})"] if models else []
        return " AND ".join(parts), ((self.project,) if self.project else ()) + models

    @property
    def of_answers(self) -> str:
        """Columns of a query over answers that `totals_of` reads."""
        return of_answers(self.cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """One row.

    Attributes:
        key: the day, week, month, session, project or model; the beginning of a block in ISO.
        project, model: of a session, the one with most of its tokens.
        first, last: microseconds of the first and last answer; 0 where it is a sum of days.
        models: the same by model, the most tokens first; each one's key is its name.
    """

    key: str
    totals: Totals
    project: str = ""
    model: str = ""
    first: int = 0
    last: int = 0
    models: tuple[Usage, ...] = ()


def usage(store: Store, by: str, span: Span, only: Only) -> tuple[Usage, ...]:
    """The rows of a span: periods in order, everything else the most tokens first."""
    if by in _PERIODS:
        return gathered(_of_periods(store, _PERIODS[by], span, only))
    if by in (PROJECT, MODEL):
        return _most_first(gathered(_of_names(store, by, span, only)))
    if by == SESSION:
        return _by_session(store, span, only)
    from hubctl.reports.blocks import blocks

    return blocks(store, span, only)


def gathered(parts: Iterable[tuple[str, str, Totals]]) -> tuple[Usage, ...]:
    """One row for each key, in the order of their coming, of keys with models and totals."""
    found: dict[str, dict[str, Totals]] = {}
    for key, model, totals in parts:
        models = found.setdefault(key, {})
        models[model] = models.get(model, Totals()) + totals
    return tuple(
        Usage(key=key, totals=total(models.values()), models=_models(models))
        for key, models in found.items()
    )


def _models(found: dict[str, Totals]) -> tuple[Usage, ...]:
    return _most_first(Usage(key=name, totals=totals) for name, totals in found.items())


def _of_periods(
    store: Store, name_of: Callable[[str], str], span: Span, only: Only
) -> Iterable[tuple[str, str, Totals]]:
    for day, model, totals in _by_day(store, span, only):
        yield name_of(day), model, totals


def _by_day(store: Store, span: Span, only: Only) -> list[tuple[str, str, Totals]]:
    condition, values = only.sql()
    if _is_rolled_up(store, only):
        rows = store.rows(
            f"SELECT day, model, {OF_DAYS} FROM daily_context WHERE day BETWEEN ? AND ?{condition}"
            " GROUP BY day, model ORDER BY day, model",
            (span.first, span.last, *values),
        )
        return [(str(row[0]), str(row[1]), totals_of(row)) for row in rows]
    rows = store.rows(
        f"SELECT time / {SLOT}, model, {only.of_answers} FROM claude_context"
        f" WHERE time >= ? AND time < ? AND counted{condition} GROUP BY 1, 2 ORDER BY 1, 2",
        (*span.times, *values),
    )
    return [(day_of_slot(int(row[0] or 0)), str(row[1]), totals_of(row)) for row in rows]


def _is_rolled_up(store: Store, only: Only) -> bool:
    """The roll-ups are by days of one zone, and at list price."""
    here = zone()
    return only.cost == LIST and store.meta("zone", here) == here


def days(store: Store, span: Span, only: Only) -> dict[str, Totals]:
    """Each day of a span that has an answer, in order."""
    return {row.key: row.totals for row in gathered(_by_day(store, span, only))}


def span_total(store: Store, span: Span, only: Only) -> Totals:
    """Everything in a span."""
    return total(days(store, span, only).values())


def _of_names(store: Store, by: str, span: Span, only: Only) -> Iterable[tuple[str, str, Totals]]:
    condition, values = only.sql()
    if _is_rolled_up(store, only):
        source = f"{OF_DAYS} FROM daily_context WHERE day BETWEEN ? AND ?"
        bounds: tuple[Scalar, ...] = (span.first, span.last)
    else:
        source = f"{only.of_answers} FROM claude_context WHERE counted AND time >= ? AND time < ?"
        bounds = span.times
    rows = store.rows(
        f"SELECT coalesce({by}, ''), model, {source}{condition} GROUP BY 1, 2", (*bounds, *values)
    )
    return [(str(row[0]), str(row[1]), totals_of(row)) for row in rows]


def _by_session(store: Store, span: Span, only: Only) -> tuple[Usage, ...]:
    condition, values = only.sql()
    rows = store.rows(
        f"SELECT session, project, model, min(time), max(time), {only.of_answers}"
        f" FROM claude_context WHERE time >= ? AND time < ? AND counted{condition}"
        " GROUP BY session, project, model",
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
    [whole] = gathered((main.key, part.model, part.totals) for part in parts)
    return Usage(
        key=main.key,
        project=main.project,
        model=main.model,
        first=min(part.first for part in parts),
        last=max(part.last for part in parts),
        totals=whole.totals,
        models=whole.models,
    )


def _most_first(rows: Iterable[Usage]) -> tuple[Usage, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.totals.tokens, row.key)))


def unpriced_models(store: Store, span: Span, only: Only) -> tuple[tuple[str, int], ...]:
    """Models with answers of unknown cost, and how many, the most first."""
    rows = gathered(_of_names(store, MODEL, span, only))
    found = [(row.key, row.totals.unpriced) for row in rows if row.totals.unpriced]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))
