"""What went on: sessions, tools, hooks, context and errors of a span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.reports import wording
from hubctl.reports.document import (
    COUNT,
    MS,
    NEEDED,
    PERCENT,
    SECONDS,
    Chart,
    Figure,
    Section,
    Table,
    enough,
)
from hubctl.reports.rollups import by_day, summed, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.rollups import Summed

_MOST = 10
_DISPATCHER = "hook = 'dispatcher'"
_SPOOL = "the hooks' spool"
_SOURCES = "transcripts, telemetry and the hooks' spool"
_SESSIONS = (
    "SELECT count(*), coalesce(sum(active_ms), 0) / 1000, coalesce(sum(prompts), 0),"
    " coalesce(sum(compactions), 0) FROM claude_sessions WHERE time >= ? AND time < ? AND counted"
)


def sessions_section(store: Store, span: Span) -> Section:
    """Sessions that began in the span."""
    now, before = (store.rows(_SESSIONS, one.times)[0] for one in (span, span.before))
    rows = (
        ("sessions", "Sessions", COUNT, "Sessions that began."),
        ("active", "Active time", SECONDS, "Their time without pauses of more than five minutes."),
        ("prompts", "Prompts", COUNT, "Prompts that a person or a script gave."),
        ("compactions", "Compactions", COUNT, "How often a context was compacted."),
    )
    figures = tuple(
        Figure(
            id=name,
            title=title,
            unit=unit,
            value=float(now[place] or 0),
            before=float(before[place] or 0),
            definition=words,
            source=_SOURCES,
        )
        for place, (name, title, unit, words) in enumerate(rows)
    )
    found = by_day(store, "claude_sessions", span, "count")
    chart = Chart(
        title="Sessions by day",
        unit=COUNT,
        labels=tuple(span),
        values=tuple(found.get(day, 0.0) for day in span),
    )
    about = f"Source: {_SOURCES}."
    return Section(id="sessions", title="Sessions", about=about, figures=figures, charts=(chart,))


def tools_section(store: Store, span: Span, limits: Mapping[str, Threshold]) -> Section:
    """Calls, failures and times of tools."""
    now = whole(store, "claude_tool_usage", span)
    before = whole(store, "claude_tool_usage", span.before)
    share = now.share("failures", "finished")
    figures = (
        Figure(
            id="tool_calls",
            title="Tool calls",
            unit=COUNT,
            value=now.count,
            before=before.count,
            definition="Calls of tools, those of subagents included.",
            source=_SOURCES,
        ),
        enough(
            Figure(
                id="tool_failures",
                title="Tool failures",
                unit=PERCENT,
                value=share,
                before=before.share("failures", "finished"),
                definition="Share of finished calls that did not work.",
                source=_SOURCES,
                level=limits["tool_failure_percent"].level(share, int(now["finished"])),
            ),
            int(now["finished"]),
        ),
    )
    rows = tuple(_tool(one) for one in summed(store, "claude_tool_usage", span, by="tool")[:_MOST])
    head = ("Tool", "Calls", "Failed", "Median", "95 %")
    table = Table(title="By tool", head=head, rows=rows, right=(1, 2, 3, 4))
    about = f"Source: {_SOURCES}. Times are off by 5 % at most."
    return Section(id="tools", title="Tools", about=about, figures=figures, tables=(table,))


def _tool(one: Summed) -> tuple[str, ...]:
    failed = wording.percent(one["failures"], one["finished"])
    return (one.name or "(none)", wording.count(one.count), failed, *_times(one))


def _times(one: Summed) -> tuple[str, str]:
    half, most = one.quantile(0.5), one.quantile(0.95)
    if half is None or most is None:
        return "–", "–"
    return wording.milliseconds(half), wording.milliseconds(most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Somebody's own hook as the client timed it, or hubctl's whole process; milliseconds."""

    name: str
    runs: int
    half: float
    p95: float
    failed: int
    level: str


def hooks_section(
    store: Store, span: Span, limits: Mapping[str, Threshold], timed: Sequence[Timed] = ()
) -> Section:
    """Runs and times of hooks; `timed` are those that the client's transcripts tell of."""
    now, before = (whole(store, "claude_hooks", one, where=_DISPATCHER) for one in _both(span))
    limit = limits["hook_latency_ms"]
    p95 = now.quantile(0.95)
    figures = (
        enough(
            Figure(
                id="hook_p95",
                title="Hooks, 95 % within",
                unit=MS,
                value=p95,
                before=before.quantile(0.95),
                definition="The time that 95 of 100 events spend in the hooks' process.",
                source=_SPOOL,
                level=limit.level(p95, now.count),
            ),
            now.count,
        ),
        Figure(
            id="denied",
            title="Calls denied",
            unit=COUNT,
            value=now["denied"],
            before=before["denied"],
            definition="Events that a hook denied.",
            source=_SPOOL,
        ),
        Figure(
            id="hook_failures",
            title="Hooks failed",
            unit=COUNT,
            value=whole(store, "claude_hooks", span, where=f"NOT {_DISPATCHER}")["failures"],
            definition="Runs of single hooks that failed.",
            source=_SPOOL,
        ),
    )
    rows = summed(store, "claude_hooks", span, by="hook", where=f"NOT {_DISPATCHER}")
    table = Table(
        title="By hook",
        head=("Hook", "Runs", "Median", "95 %", "Denied", "Failed", "Limit"),
        rows=tuple(_hook(one, limit) for one in rows[:_MOST]),
        right=(1, 2, 3, 4, 5),
    )
    about = f"Source: {_SPOOL}. Times are off by 5 % at most."
    tables = (table, _of_others(timed, limit)) if timed else (table,)
    return Section(id="hooks", title="Hooks", about=about, figures=figures, tables=tables)


def _of_others(timed: Sequence[Timed], limit: Threshold) -> Table:
    """The slowest processes, as long as the client waited for them."""
    rows = tuple(
        (
            one.name,
            wording.count(one.runs),
            wording.milliseconds(one.half),
            wording.milliseconds(one.p95),
            wording.count(one.failed),
            _few(one.runs, limit) or one.level or "within",
        )
        for one in timed[:_MOST]
    )
    head = ("Command", "Runs", "Median", "95 %", "Failed", "Limit")
    title = "Whole processes, as the client's transcripts time them"
    return Table(title=title, head=head, rows=rows, right=(1, 2, 3, 4))


def _few(runs: int, limit: Threshold) -> str:
    return f"collecting data ({runs}/{limit.needed})" if runs < limit.needed else ""


def _both(span: Span) -> tuple[Span, Span]:
    return span, span.before


def _hook(one: Summed, limit: Threshold) -> tuple[str, ...]:
    level = _few(one.count, limit) or limit.level(one.quantile(0.95), one.count) or "within"
    counts = (wording.count(one["denied"]), wording.count(one["failures"]))
    return (one.name, wording.count(one.count), *_times(one), *counts, level)


def context_section(store: Store, span: Span, limits: Mapping[str, Threshold]) -> Section:
    """How full contexts were."""
    now, before = (
        whole(store, "claude_context", one, where="NOT sidechain") for one in _both(span)
    )
    known, known_before = (sum(one.distribution.values()) for one in (now, before))
    figures = [_fullest(store, span, known, limits["context_percent"])]
    for part, name, words in ((0.5, "median", "Half of all"), (0.95, "p95", "95 of 100")):
        figure = Figure(
            id=f"context_{name}",
            title="Context, " + ("median" if part == 0.5 else "95 % below"),
            unit=PERCENT,
            value=now.quantile(part),
            before=before.quantile(part) if known_before >= NEEDED else None,
            definition=f"{words} answers of main conversations left the context at most this full.",
            source="transcripts",
        )
        figures.append(enough(figure, known))
    about = "Source: transcripts, with the windows of models that are known."
    return Section(id="context", title="Context", about=about, figures=tuple(figures))


def _fullest(store: Store, span: Span, known: int, limit: Threshold) -> Figure:
    """Read from the answers: near a limit, the 5 % that a distribution is off by matter."""
    [(value,)] = store.rows(
        "SELECT max(percent) FROM claude_context"
        " WHERE time >= ? AND time < ? AND counted AND NOT sidechain",
        span.times,
    )
    most = None if value is None else float(value)
    figure = Figure(
        id="context_fullest",
        title="Fullest context",
        unit=PERCENT,
        value=most,
        definition="How full an answer of a main conversation left its context at most.",
        source="transcripts",
        level=limit.level(most, known),
    )
    return enough(figure, known)


def errors_section(store: Store, span: Span) -> Section:
    """What went wrong, by kind."""
    serious = "severity = 'error'"
    now, before = (whole(store, "claude_events", one, where=serious) for one in _both(span))
    figure = Figure(
        id="errors",
        title="Errors",
        unit=COUNT,
        value=now.count,
        before=before.count,
        definition="Events of severity error: of the service, of hooks, of the client.",
        source=_SOURCES,
    )
    found = summed(store, "claude_events", span, by="kind || ' ' || name", where=serious)
    rows = tuple((one.name.strip(), wording.count(one.count)) for one in found[:_MOST])
    table = Table(title="By kind", head=("What", "How often"), rows=rows, right=(1,))
    tables = (table,) if rows else ()
    about = f"Source: {_SOURCES}."
    return Section(id="errors", title="Errors", about=about, figures=(figure,), tables=tables)
