"""Which sections a report has: one row for each kind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubctl.reports.document import USD, Document, not_compared
from hubctl.reports.periods import ending
from hubctl.reports.sections.collaboration import Collaboration
from hubctl.reports.sections.cost import cost_section
from hubctl.reports.sections.delegation import delegation_section
from hubctl.reports.sections.dora import dora_section
from hubctl.reports.sections.economy import economy_section
from hubctl.reports.sections.limits import limits_section
from hubctl.reports.sections.space import space_sections
from hubctl.reports.sections.work import (
    context_section,
    errors_section,
    hooks_section,
    sessions_section,
    tools_section,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.reports.document import Section
    from hubctl.reports.periods import Span
    from hubctl.reports.sections.economy import Rendered
    from hubctl.reports.sections.work import Timed

WEEKLY, MONTHLY, SPACE, DORA = "weekly", "monthly", "space", "dora"
KINDS = (WEEKLY, MONTHLY, SPACE, DORA)
_DAYS = {WEEKLY: 7, MONTHLY: 30, SPACE: 30, DORA: 30}
_TITLES = {
    WEEKLY: "Weekly report",
    MONTHLY: "Monthly report",
    SPACE: "How the work goes: SPACE",
    DORA: "How we deliver: DORA",
}

# The figures that somebody looks for first.
_GLANCE = (
    *("cost", "tokens", "sessions", "active"),
    *("delegation_worth", "tool_failures", "hook_p95"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a report takes beside the store.

    Attributes:
        limits: name → threshold. rendered: what targets begin with. place: makes a folder short.
        collaboration: the counts of a span, asked for by SPACE alone.
        timed: hooks that transcripts of a span time, asked for by weekly and monthly alone.
    """

    limits: Mapping[str, Threshold]
    prices: Prices
    rendered: tuple[Rendered, ...] = ()
    place: Callable[[str], str] = field(default=str)
    collaboration: Callable[[Span], Collaboration] = field(default=lambda _: Collaboration())
    timed: Callable[[Span], Sequence[Timed]] = field(default=lambda _: ())


def compose(store: Store, kind: str, last: str, given: Given) -> Document:
    """The report of a kind (one of KINDS) over the days that end with `last`, an ISO date."""
    span = ending(last, _DAYS[kind])
    if kind == DORA:
        sections: tuple[Section, ...] = (dora_section(store, span, given.place),)
    elif kind == SPACE:
        sections = space_sections(store, span, given.collaboration(span))
    else:
        sections = _work(store, span, given)
    compared = _first_day(store) <= span.before.first
    return Document(
        kind=kind,
        title=_TITLES[kind],
        span=span,
        sections=sections if compared else not_compared(sections),
        compared=compared,
    )


def _first_day(store: Store) -> str:
    """The first day that anything is known of; one beyond all where there is none."""
    names = [table.daily_name for table in store.schema.tables]
    each = " UNION ALL ".join(f"SELECT min(day) AS day FROM {name}" for name in names)
    return str(store.rows(f"SELECT coalesce(min(day), '9999') FROM ({each})")[0][0])


def _work(store: Store, span: Span, given: Given) -> tuple[Section, ...]:
    limits = limits_section(store, span, given.limits)
    sections = (
        _with_limits(cost_section(store, span, given.place), given.limits["daily_cost_usd"]),
        sessions_section(store, span),
        delegation_section(store, span, given.limits, given.prices),
        tools_section(store, span, given.limits),
        hooks_section(store, span, given.limits, given.timed(span)),
        context_section(store, span, given.limits),
        economy_section(store, span, given.rendered, given.prices),
        errors_section(store, span),
    )
    figures = {figure.id: figure for section in sections for figure in section.figures}
    # What they are is told where they stand again.
    first = [replace(figures[name], id=f"glance_{name}", definition="") for name in _GLANCE]
    return (replace(limits, figures=(*first, *limits.figures)), *sections)


def _with_limits(cost: Section, limit: Threshold) -> Section:
    """The chart of dollars by day with the limits of a day in it."""
    levels = (("warning", limit.warning), ("critical", limit.critical))
    known = tuple((level, value) for level, value in levels if value is not None)
    charts = [replace(one, limits=known) if one.unit == USD else one for one in cost.charts]
    return replace(cost, charts=tuple(charts))
