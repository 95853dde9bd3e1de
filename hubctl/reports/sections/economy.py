"""Token economics: what the text that hubctl renders costs in the sessions that took place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics.prices import Usage
from hubctl.reports import wording
from hubctl.reports.document import TOKENS, USD, Figure, Section, Table
from hubctl.reports.usage import PROJECT, SESSION, Only, usage

if TYPE_CHECKING:
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.usage import Usage as Session

_SOURCE = "hubctl tokens and transcripts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a target's sessions begin with, in tokens.

    Attributes:
        root: its folder. start: of all its files and those of the account.
        ours: what of that hubctl wrote.
    """

    target: str
    root: str
    start: int
    ours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    rendered: Rendered
    sessions: int
    answers: int
    cost: float | None


def economy_section(
    store: Store, span: Span, rendered: tuple[Rendered, ...], prices: Prices
) -> Section:
    """What every session of a target reads at its start, and what that came to in the span."""
    rows = [_row(store, span, one, prices) for one in rendered]
    used = [row for row in rows if row.sessions]
    known = all(row.cost is not None for row in used)
    figures = (
        Figure(
            id="rendered_tokens",
            title="Read of what hubctl wrote",
            unit=TOKENS,
            value=sum(row.rendered.ours * row.answers for row in used),
            definition="Tokens at the start of sessions that hubctl wrote, once for every answer.",
            source=_SOURCE,
        ),
        Figure(
            id="rendered_cost",
            title="Cost of what hubctl wrote",
            unit=USD,
            value=sum(row.cost or 0.0 for row in used),
            at_least=not known,
            definition="The same in dollars: written to the cache once for each session, then read"
            " from it by every answer.",
            source=_SOURCE,
        ),
    )
    table = Table(
        title="By target",
        head=("Target", "At start", "Of that ours", "Sessions", "Answers", "Cost of ours"),
        rows=tuple(_cells(row) for row in rows),
        right=(1, 2, 3, 4, 5),
    )
    return Section(
        id="economy",
        title="Token economics",
        about=f"Source: {_SOURCE}. Tokens of files are estimates.",
        figures=figures,
        tables=(table,) if rows else (),
        notes=() if rendered else ("There is no hub here whose text could be counted.",),
    )


def _row(store: Store, span: Span, one: Rendered, prices: Prices) -> _Row:
    projects = [
        row.key
        for row in usage(store, PROJECT, span, Only())
        if row.key == one.root or row.key.startswith(f"{one.root}/")
    ]
    found = [row for name in projects for row in usage(store, SESSION, span, Only(project=name))]
    answers = sum(row.totals.answers for row in found)
    costs = [_cost(one.ours, row, prices) for row in found]
    return _Row(
        rendered=one,
        sessions=len(found),
        answers=answers,
        cost=sum(filter(None, costs)) if None not in costs else None,
    )


def _cost(tokens: int, session: Session, prices: Prices) -> float | None:
    """Written by the first answer, read by all others; each answer at the price of its model.

    One answer after the other: many at once would look like one large prompt, which costs more.
    """
    write = prices.cost(session.model, _used(session.first, cache_write=tokens))
    costs = [write]
    for place, part in enumerate(session.models):  # the session's own model first
        later = part.totals.answers - (place == 0)
        read = prices.cost(part.key, _used(session.first, cache_read=tokens))
        costs.append(None if read is None else read * later)
    return sum(filter(None, costs)) if None not in costs else None


def _used(time: int, *, cache_write: int = 0, cache_read: int = 0) -> Usage:
    return Usage(time=time, input=0, output=0, cache_write=cache_write, cache_read=cache_read)


def _cells(row: _Row) -> tuple[str, ...]:
    one = row.rendered
    numbers = (one.start, one.ours, row.sessions, row.answers)
    cost = wording.dollars(row.cost) if row.sessions else "–"
    return (one.target, *map(wording.count, numbers), cost)
