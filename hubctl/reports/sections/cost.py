"""What it cost: tokens and dollars of a span, by day, model, project and session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.reports import wording
from hubctl.reports.document import COUNT, PERCENT, TOKENS, USD, Chart, Figure, Section, Table
from hubctl.reports.totals import Totals, total
from hubctl.reports.usage import MODEL, PROJECT, SESSION, Only, days, unpriced_models, usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.usage import Usage

_ALL = Only()
_MOST = 8
_TRANSCRIPTS = "transcripts and telemetry"
_LIST = "list prices of hubctl's data file and of metrics.prices in canonical.yaml"


def cost_section(
    store: Store, span: Span, place: Callable[[str], str], *, sessions: bool = True
) -> Section:
    """`place` makes a folder short; `sessions`: the largest ones too, which takes longest."""
    found = days(store, span, _ALL)
    now, before = total(found.values()), total(days(store, span.before, _ALL).values())
    return Section(
        id="cost",
        title="Cost and tokens",
        about=f"Source: {_TRANSCRIPTS}; costs at {_LIST}.",
        figures=_figures(now, before),
        charts=(_chart(found, span, now),),
        tables=(
            _table("By model", "Model", usage(store, MODEL, span, _ALL), str),
            _table("By project", "Project", usage(store, PROJECT, span, _ALL), place),
            *(_sessions(store, span, place) if sessions else ()),
        ),
        notes=_notes(unpriced_models(store, span, _ALL)),
    )


def _sessions(store: Store, span: Span, place: Callable[[str], str]) -> tuple[Table, ...]:
    rows = usage(store, SESSION, span, _ALL)
    projects = {row.key: place(row.project).rpartition("/")[2] for row in rows[:_MOST]}

    def shown(session: str) -> str:
        return " ".join(word for word in (session[:8], projects[session]) if word)

    return (_table("Largest sessions", "Session", rows, shown),)


def _figures(now: Totals, before: Totals) -> tuple[Figure, ...]:
    known = before.cost_usd if before.is_known else None
    return (
        Figure(
            id="cost",
            title="Cost",
            unit=USD,
            value=now.cost_usd if now.answers else 0.0,
            before=known,
            at_least=not now.is_known,
            definition="Dollars at list price of all answers with a known price.",
            source=_TRANSCRIPTS,
        ),
        Figure(
            id="tokens",
            title="Tokens",
            unit=TOKENS,
            value=now.tokens,
            before=before.tokens,
            definition="All tokens, in and out, caches included.",
            source=_TRANSCRIPTS,
        ),
        Figure(
            id="answers",
            title="Answers",
            unit=COUNT,
            value=now.answers,
            before=before.answers,
            definition="Answers of models.",
            source=_TRANSCRIPTS,
        ),
        Figure(
            id="cache_share",
            title="Input from cache",
            unit=PERCENT,
            value=_cached(now),
            before=_cached(before),
            definition="Share of all input that was read from the cache, at a tenth of its price.",
            source=_TRANSCRIPTS,
        ),
    )


def _cached(one: Totals) -> float | None:
    return 100 * one.cache_read_tokens / one.prompt_tokens if one.prompt_tokens else 0.0


def _chart(found: dict[str, Totals], span: Span, now: Totals) -> Chart:
    """Dollars by day; tokens where some dollars are unknown."""
    by_cost = now.is_known
    empty = Totals()
    values = [
        (one.cost_usd or 0.0) if by_cost else float(one.tokens)
        for one in (found.get(day, empty) for day in span)
    ]
    return Chart(
        title="Cost by day" if by_cost else "Tokens by day",
        unit=USD if by_cost else TOKENS,
        labels=tuple(span),
        values=tuple(values),
    )


def _table(title: str, head: str, rows: tuple[Usage, ...], shown: Callable[[str], str]) -> Table:
    all_tokens = sum(row.totals.tokens for row in rows)
    cells = [
        (
            shown(row.key) or "(none)",
            wording.count(row.totals.answers),
            wording.count(row.totals.tokens),
            wording.percent(row.totals.tokens, all_tokens),
            wording.cost(row.totals),
        )
        for row in rows[:_MOST]
    ]
    if len(rows) > _MOST:
        rest = total(row.totals for row in rows[_MOST:])
        share = wording.percent(rest.tokens, all_tokens)
        cells.append(
            (
                f"{len(rows) - _MOST} more",
                wording.count(rest.answers),
                wording.count(rest.tokens),
                share,
                wording.cost(rest),
            )
        )
    heads = (head, "Answers", "Tokens", "Share", "Cost")
    return Table(title=title, head=heads, rows=tuple(cells), right=(1, 2, 3, 4))


def _notes(models: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    return tuple(
        f"No price is known for {name or 'a model without a name'}:"
        f" {answers} {'answer is' if answers == 1 else 'answers are'} not part of the cost."
        " metrics.prices in canonical.yaml can add it."
        for name, answers in models
    )
