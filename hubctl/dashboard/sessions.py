"""The list of sessions of a view: what each cost within these days, and how it went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.dashboard.leading import Leading
from hubctl.reports import wording
from hubctl.reports.document import COUNT, Figure, Section
from hubctl.reports.sections.work import sessions_section
from hubctl.reports.usage import SESSION, Only, usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.dashboard.view import View
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.usage import Usage

PAGE = 50
_DEAREST = 10
_ALL = Only()
HEAD = (
    *("Began", "Project", "Model", "Active", "Prompts", "Calls", "Failed", "Context"),
    *("Tokens", "Cost"),
)
_RIGHT = (3, 4, 5, 6, 7, 8, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is known of a session as a whole, beside what it used in the days of the view."""

    active_ms: float = 0.0
    prompts: int = 0
    calls: int = 0
    failures: int = 0
    peak: float | None = None


_ORDERS: Mapping[str, Callable[[Usage, _Facts], float]] = {
    "cost": lambda one, _: one.totals.cost_usd or 0.0,
    "time": lambda one, _: one.first,
    "tokens": lambda one, _: one.totals.tokens,
    "calls": lambda _, facts: facts.calls,
    "failures": lambda _, facts: facts.failures,
    "context": lambda _, facts: facts.peak or 0.0,
}


def sessions_panel(store: Store, view: View, span: Span, place: Callable[[str], str]) -> Section:
    """Figures of the days, and the sessions that cost most in them. `place` makes folders short."""
    section = sessions_section(store, span)
    found = _ordered(store, span, replace(view, sort="cost"))
    every = f"/sessions{view.query(page=1)}"
    words = f"All {wording.count(len(found))} sessions" if len(found) > _DEAREST else ""
    table = replace(_table("Dearest sessions", found[:_DEAREST], view, place), more=(every, words))
    return replace(section, tables=(table,))


def sessions_list(store: Store, view: View, span: Span, place: Callable[[str], str]) -> Section:
    """One page of all sessions of the days, in the order that the view asks for."""
    found = _ordered(store, span, view)
    pages = max(-(-len(found) // PAGE), 1)
    page = min(view.page, pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return Section(
        id="list",
        title="Sessions",
        about="Tokens and cost are those within these days; everything else is of the whole"
        " session.",
        figures=(Figure(id="found", title="Sessions", unit=COUNT, value=float(len(found))),),
        tables=(_table(f"Page {page} of {pages}", shown, view, place),),
    )


def pages_of(section: Section) -> int:
    """How many pages a list has."""
    count = int(section.figures[0].value or 0) if section.figures else 0
    return max(-(-count // PAGE), 1)


def _ordered(store: Store, span: Span, view: View) -> list[tuple[Usage, _Facts]]:
    rows = usage(store, SESSION, span, _ALL)
    facts = _facts(store, span) if rows else {}
    order = _ORDERS[view.sort]
    known = [(one, facts.get(one.key, _Facts())) for one in rows]
    return sorted(known, key=lambda pair: -order(*pair))


def _facts(store: Store, span: Span) -> dict[str, _Facts]:
    rows = store.rows(
        "SELECT session, active_ms, prompts, tool_calls, tool_failures, peak_percent"
        " FROM claude_sessions WHERE time < ? AND coalesce(ended, time) >= ?",
        (span.times[1], span.times[0]),
    )
    return {
        str(row[0]): _Facts(
            active_ms=float(row[1] or 0),
            prompts=int(row[2] or 0),
            calls=int(row[3] or 0),
            failures=int(row[4] or 0),
            peak=None if row[5] is None else float(row[5]),
        )
        for row in rows
    }


def _table(
    title: str, rows: list[tuple[Usage, _Facts]], view: View, place: Callable[[str], str]
) -> Leading:
    return Leading(
        title=title,
        head=HEAD,
        rows=tuple(_cells(one, facts, place) for one, facts in rows),
        right=_RIGHT,
        links=tuple(
            f"/session{view.query(session=one.key, page=1, sort='cost')}" for one, _ in rows
        ),
    )


def _cells(one: Usage, facts: _Facts, place: Callable[[str], str]) -> tuple[str, ...]:
    return (
        wording.clock(one.first),
        place(one.project) or "(none)",
        one.model.removeprefix("claude-") or "(none)",
        wording.duration(facts.active_ms / 1000) if facts.active_ms else "–",
        wording.count(facts.prompts),
        wording.count(facts.calls),
        wording.count(facts.failures),
        "–" if facts.peak is None else f"{facts.peak:.0f} %",
        wording.count(one.totals.tokens),
        wording.cost(one.totals),
    )
