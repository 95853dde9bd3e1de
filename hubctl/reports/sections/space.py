"""The five dimensions of SPACE, each with what this machine can tell of it and what it cannot.

A figure without a source is named and said to have none; no dimension is made up of another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.reports.document import (
    COUNT,
    PERCENT,
    Figure,
    Section,
    enough,
    without_source,
)
from hubctl.reports.rollups import whole
from hubctl.reports.sections.collaboration import collaboration_section

if TYPE_CHECKING:
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.rollups import Summed
    from hubctl.reports.sections.collaboration import Collaboration

_SOURCES = "transcripts, telemetry and the hooks' spool"
_GIT = "git history"
_OUT_OF = "out of 5"
_FRAMEWORK = (
    "Five dimensions, none of which tells anything alone (The SPACE of Developer Productivity, ACM"
    " Queue 19/1, 2021)."
)
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sessions:
    """What the sessions of a span add up to. Times are milliseconds."""

    count: int
    active: float
    prompts: int
    long: float
    compactions: int


def space_sections(store: Store, span: Span, found: Collaboration) -> tuple[Section, ...]:
    """One section for each dimension."""
    made = (
        _satisfaction(store, span),
        _performance(store, span),
        _activity(store, span, found),
        collaboration_section(found),
        _efficiency(store, span),
    )
    first = replace(made[0], about=f"{_FRAMEWORK} {made[0].about}")
    return tuple(replace(one, defined=True) for one in (first, *made[1:]))


def _satisfaction(store: Store, span: Span) -> Section:
    now, before = (
        whole(store, "claude_events", one, where="kind = 'survey'") for one in (span, span.before)
    )
    figure = Figure(
        id="satisfaction",
        title="Satisfaction",
        unit=_OUT_OF,
        value=_each(now["value"], now.count),
        before=_each(before["value"], before.count),
        needed=_FEW,
        definition="Mean of your own answers to `hubctl survey`, from 1 to 5.",
        source="hubctl survey",
    )
    told = enough(figure, now.count) if now.count else without_source(figure)
    note = "Nothing on this machine knows it but you: `hubctl survey` asks for one key stroke."
    return Section(
        id="satisfaction",
        title="Satisfaction and well-being",
        about="How you find the work.",
        figures=(told,),
        notes=() if now.count else (note,),
    )


def _performance(store: Store, span: Span) -> Section:
    now, before = (whole(store, "claude_tool_usage", one) for one in (span, span.before))
    tasks, done = (
        whole(store, "claude_tasks", span, where=where).count
        for where in ("status != 'deleted'", "status = 'completed'")
    )
    share = now.share("failures", "finished")
    earlier = before.share("failures", "finished")
    return Section(
        id="performance",
        title="Performance",
        about="Whether what was begun worked. Whether it was worth doing, nothing here can tell.",
        figures=(
            enough(
                Figure(
                    id="tools_working",
                    title="Tool calls that work",
                    unit=PERCENT,
                    value=None if share is None else 100 - share,
                    before=None if earlier is None else 100 - earlier,
                    definition="Share of finished tool calls that worked.",
                    source=_SOURCES,
                ),
                int(now["finished"]),
            ),
            enough(
                Figure(
                    id="tasks_completed",
                    title="Tasks completed",
                    unit=PERCENT,
                    value=_share(done, tasks),
                    definition="Share of all tasks that were completed; deleted ones left out.",
                    source="the hooks' spool and transcripts",
                ),
                tasks,
            ),
            without_source(
                Figure(
                    id="quality",
                    title="Test coverage",
                    unit=PERCENT,
                    definition="How much of the code tests run. Your CI knows; hubctl runs no"
                    " tests.",
                )
            ),
            without_source(
                Figure(
                    id="outcome",
                    title="Value for users",
                    unit=COUNT,
                    definition="What the work was worth to those it is for.",
                )
            ),
        ),
    )


def _activity(store: Store, span: Span, found: Collaboration) -> Section:
    now, before = (_sessions(store, one) for one in (span, span.before))
    calls, calls_before = (
        whole(store, "claude_tool_usage", one).count for one in (span, span.before)
    )
    rows = (
        ("prompts", "Prompts", now.prompts, before.prompts, _SOURCES),
        ("sessions", "Sessions", now.count, before.count, _SOURCES),
        ("tool_calls", "Tool calls", calls, calls_before, _SOURCES),
    )
    figures = [
        Figure(
            id=name,
            title=title,
            unit=COUNT,
            value=value,
            before=earlier,
            source=source,
            definition=f"How many {title.lower()} there were.",
        )
        for name, title, value, earlier, source in rows
    ]
    commits = Figure(
        id="commits",
        title="Commits",
        unit=COUNT,
        value=found.commits,
        definition="Commits on all branches of your repositories, merges left out, by anybody.",
        source=_GIT,
    )
    return Section(
        id="activity",
        title="Activity",
        about="How much was done. It says nothing about worth: never compare people by it.",
        figures=(*figures, commits if found.repositories else without_source(commits)),
    )


def _efficiency(store: Store, span: Span) -> Section:
    return Section(
        id="efficiency",
        title="Efficiency and flow",
        about=f"Source: {_SOURCES}. Interruptions from outside have no source on this machine.",
        figures=(
            *_flow(store, span),
            _hook_time(store, span),
            _interruptions(store, span),
            *_tokens(store, span),
        ),
    )


def _tokens(store: Store, span: Span) -> tuple[Figure, ...]:
    """How well contexts and caches are used."""
    main, main_before = (
        whole(store, "claude_context", one, where="NOT sidechain") for one in (span, span.before)
    )
    now, before = (whole(store, "claude_context", one) for one in (span, span.before))
    context = Figure(
        id="context_median",
        title="Context, median",
        unit=PERCENT,
        value=main.quantile(0.5),
        before=main_before.quantile(0.5),
        definition="Half of all answers of main conversations left the context at most this full.",
        source="transcripts",
    )
    cached = Figure(
        id="cache_share",
        title="Input from cache",
        unit=PERCENT,
        value=_cached(now),
        before=_cached(before),
        definition="Share of all input that was read from the cache.",
        source="transcripts and telemetry",
    )
    known = sum(main.distribution.values())
    return enough(context, known), enough(cached, now.count)


def _cached(one: Summed) -> float | None:
    names = ("input_tokens", "cache_read_tokens", "cache_write_tokens")
    return _share(one["cache_read_tokens"], sum(one[name] for name in names))


def _flow(store: Store, span: Span) -> tuple[Figure, ...]:
    now, before = (_sessions(store, one) for one in (span, span.before))
    flow = Figure(
        id="flow",
        title="Session time in flow",
        unit=PERCENT,
        value=_share(now.active, now.long),
        before=_share(before.active, before.long),
        definition="Active time of all time between first and last sign of sessions; pauses of more"
        " than five minutes are not active.",
        source=_SOURCES,
    )
    compactions = Figure(
        id="compactions",
        title="Compactions a session",
        unit=COUNT,
        value=_each(now.compactions, now.count),
        before=_each(before.compactions, before.count),
        definition="How often a session had to forget.",
        source=_SOURCES,
    )
    return enough(flow, now.count), enough(compactions, now.count)


def _hook_time(store: Store, span: Span) -> Figure:
    hooks = whole(store, "claude_hooks", span, where="hook = 'dispatcher'")
    figure = Figure(
        id="hook_time",
        title="Time in hooks",
        unit=PERCENT,
        value=_share(hooks["duration_ms"], _sessions(store, span).active),
        definition="Time in the hooks' process, as a share of active time.",
        source=_SOURCES,
    )
    return enough(figure, hooks.count)


def _interruptions(store: Store, span: Span) -> Figure:
    [(stopped, calls)] = store.rows(
        "SELECT coalesce(sum(error IN ('rejected', 'interrupted')), 0), count(*)"
        " FROM claude_tool_usage WHERE time >= ? AND time < ? AND counted",
        span.times,
    )
    figure = Figure(
        id="interruptions",
        title="Calls refused or stopped",
        unit=PERCENT,
        value=_share(float(stopped or 0), float(calls or 0)),
        definition="Share of tool calls that you refused or interrupted.",
        source=_SOURCES,
    )
    return enough(figure, int(calls or 0))


def _share(part: float, whole_of_it: float) -> float | None:
    return _each(100 * part, whole_of_it)


def _each(total: float, count: float) -> float | None:
    return total / count if count else None


def _sessions(store: Store, span: Span) -> _Sessions:
    row = store.rows(
        "SELECT count(*), coalesce(sum(active_ms), 0), coalesce(sum(prompts), 0),"
        " coalesce(sum(duration_ms), 0), coalesce(sum(compactions), 0) FROM claude_sessions"
        " WHERE time >= ? AND time < ? AND counted",
        span.times,
    )[0]
    count, active, prompts, long, compactions = (float(cell or 0) for cell in row)
    return _Sessions(
        count=int(count),
        active=active,
        prompts=int(prompts),
        long=long,
        compactions=int(compactions),
    )
