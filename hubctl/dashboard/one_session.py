"""One session whole: what its money went into, its dearest answers, calls, hooks, agents, errors.

Every question goes by an index, or by the time in which the session lived: a store of years answers
as fast as one of a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.dashboard.spending import parts_table
from hubctl.metrics.days import SECOND
from hubctl.metrics.prices import Usage
from hubctl.reports import wording
from hubctl.reports.document import COUNT, PERCENT, SECONDS, TOKENS, USD, Figure, Section, Table
from hubctl.reports.totals import OF_ANSWERS, totals_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store

_ANSWERS, _CALLS, _RUNS, _EVENTS = 15, 200, 50, 50
_MARGIN = 600 * SECOND
_COLD = 30_000  # tokens; a conversation begins with fewer
_SESSION = (
    "SELECT time, coalesce(ended, time), project, model, branch, version, active_ms, prompts,"
    " tool_calls, tool_failures, agents, errors, compactions, peak_percent, cost_usd, unpriced,"
    " requests, end_reason FROM claude_sessions WHERE session = ?"
)
_OWN = "claude_context WHERE session = ? AND counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a session is called, and when it was; times in microseconds."""

    session: str
    first: int
    last: int
    project: str
    cells: tuple[Scalar, ...]


def head_of(store: Store, session: str) -> Head | None:
    """None where no such session is known."""
    found = store.rows(_SESSION, (session,))
    if not found:
        return None
    row = found[0]
    return Head(
        session=session,
        first=int(row[0] or 0),
        last=int(row[1] or 0),
        project=str(row[2] or ""),
        cells=row,
    )


def session_section(
    store: Store, head: Head, known: Prices, place: Callable[[str], str]
) -> Section:
    """Everything about one session. `place` makes folders short."""
    cells = head.cells
    model, branch, version = (str(cells[number] or "–") for number in (3, 4, 5))
    tables = (
        _parts(store, head, known),
        _by_worker(store, head),
        _answers(store, head),
        _by_tool(store, head),
        _calls(store, head),
        _hooks(store, head),
        _decisions(store, head),
        _agents(store, head),
        _events(store, head),
    )
    return Section(
        id="session",
        title=f"{place(head.project) or '(no project)'}, {wording.clock(head.first)}",
        about=f"{model}; branch {branch}; client {version}; session {head.session}",
        figures=_figures(store, head),
        tables=tuple(table for table in tables if table.rows),
        notes=_cold(store, head, known),
    )


def _cold(store: Store, head: Head, known: Prices) -> tuple[str, ...]:
    """Whether the session paid for contexts that no cache held any more."""
    rows = store.rows(
        f"SELECT model, cache_write_tokens, cache_hour_tokens FROM {_OWN}"
        " AND NOT sidechain AND cache_write_tokens > ? AND cache_write_tokens > 0.8 *"
        " (input_tokens + cache_read_tokens + cache_write_tokens) ORDER BY time",
        (head.session, _COLD),
    )
    if not rows:
        return ()
    costs = [
        known.cost(
            str(model),
            Usage(
                time=head.first,
                input=0,
                output=0,
                cache_write=int(write or 0),
                cache_hour=int(hour or 0),
            ),
        )
        for model, write, hour in rows
    ]
    spent = wording.dollars(sum(cost or 0.0 for cost in costs))
    times = "once" if len(rows) == 1 else f"{len(rows)} times"
    return (
        f"{spent} went into writing the whole context to the cache, {times}: at the beginning,"
        " after a compaction, and after every pause longer than the cache lives. A smaller context,"
        " or a new session, makes such a pause cheap.",
    )


def _figures(store: Store, head: Head) -> tuple[Figure, ...]:
    [row] = store.rows(f"SELECT {OF_ANSWERS} FROM {_OWN}", (head.session,))
    totals = totals_of(row)
    names = ("active", "prompts", "calls", "failed", "agents", "errors", "compactions", "peak")
    facts = dict(zip(names, (float(cell or 0) for cell in head.cells[6:14]), strict=True))
    share = 100 * totals.cache_read_tokens / totals.prompt_tokens if totals.prompt_tokens else None
    peak = None if head.cells[13] is None else facts["peak"]

    def figure(name: str, title: str, unit: str, value: float | None, **more: bool) -> Figure:
        return Figure(id=name, title=title, unit=unit, value=value, **more)  # type: ignore[arg-type]

    return (
        figure("cost", "Cost", USD, totals.cost_usd, at_least=not totals.is_known),
        figure("tokens", "Tokens", TOKENS, float(totals.tokens)),
        figure("cache", "Input from cache", PERCENT, share),
        figure("active", "Active time", SECONDS, facts["active"] / 1000),
        figure("peak", "Fullest context", PERCENT, peak),
        figure("compactions", "Compactions", COUNT, facts["compactions"]),
        figure("prompts", "Prompts", COUNT, facts["prompts"]),
        figure("calls", "Tool calls", COUNT, facts["calls"]),
        figure("failed", "Calls that failed", COUNT, facts["failed"]),
        figure("agents", "Subagents", COUNT, facts["agents"]),
    )


def _parts(store: Store, head: Head, known: Prices) -> Table:
    rows = store.rows(
        "SELECT model, sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),"
        f" sum(cache_write_tokens), sum(cache_hour_tokens) FROM {_OWN} GROUP BY model",
        (head.session,),
    )
    return parts_table(list(rows), head.first, known)


def _by_worker(store: Store, head: Head) -> Table:
    """The conversation itself and its subagents, by model."""
    rows = store.rows(
        f"SELECT CASE WHEN sidechain OR agent != '' THEN 'subagents' ELSE 'conversation' END,"
        f" model, {OF_ANSWERS} FROM {_OWN} GROUP BY 1, 2 ORDER BY sum(cost_usd) DESC",
        (head.session,),
    )
    made = []
    for who, model, *cells in rows:
        totals = totals_of(cells)
        made.append(
            (
                f"{who}, {model or 'no model'}",
                wording.count(totals.answers),
                wording.count(totals.tokens),
                wording.cost(totals),
            )
        )
    head_ = ("Who", "Answers", "Tokens", "Cost")
    return Table(title="Who spent it", head=head_, rows=tuple(made), right=(1, 2, 3))


def _answers(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT time, agent, model, context_tokens, percent, cache_write_tokens, output_tokens,"
        f" cost_usd FROM {_OWN} ORDER BY coalesce(cost_usd, 0) DESC, time LIMIT ?",
        (head.session, _ANSWERS),
    )
    return Table(
        title="Dearest answers",
        head=("At", "Who", "Context", "Cache written", "Output", "Cost"),
        rows=tuple(
            (
                _clock(row[0]),
                (f"agent {str(row[1])[:8]}" if row[1] else "conversation")
                + f", {str(row[2]).removeprefix('claude-')}",
                wording.count(float(row[3] or 0)) + (f", {row[4]:.0f} %" if row[4] else ""),
                wording.count(float(row[5] or 0)),
                wording.count(float(row[6] or 0)),
                wording.dollars(None if row[7] is None else float(row[7])),
            )
            for row in rows
        ),
        right=(2, 3, 4, 5),
    )


def _by_tool(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT tool, count(*), coalesce(sum(success = 0), 0), sum(duration_ms),"
        " sum(output_bytes) FROM claude_tool_usage WHERE session = ? AND counted"
        " GROUP BY tool ORDER BY count(*) DESC, tool",
        (head.session,),
    )
    return Table(
        title="Tools",
        head=("Tool", "Calls", "Failed", "Time", "Output"),
        rows=tuple(
            (
                str(tool) or "(none)",
                wording.count(float(count or 0)),
                wording.count(float(failed or 0)),
                wording.duration(float(took or 0) / 1000),
                _bytes(size),
            )
            for tool, count, failed, took, size in rows
        ),
        right=(1, 2, 3, 4),
    )


def _calls(store: Store, head: Head) -> Table:
    """Those that failed before all others, each in order."""
    rows = store.rows(
        "SELECT time, tool, subject, agent, success, error, duration_ms, output_bytes"
        " FROM claude_tool_usage WHERE session = ? AND counted"
        " ORDER BY success IS NOT 0, time LIMIT ?",
        (head.session, _CALLS),
    )
    return Table(
        title=f"Calls, those that failed first{', the first 200' if len(rows) == _CALLS else ''}",
        head=("At", "Tool", "Outcome", "Took", "Output"),
        rows=tuple(
            (
                _clock(time),
                str(tool) + (f" {subject}" if subject else "") + (" (agent)" if agent else ""),
                _outcome(success, error),
                "–" if took is None else wording.milliseconds(float(took)),
                _bytes(size),
            )
            for time, tool, subject, agent, success, error, took, size in rows
        ),
        right=(3, 4),
    )


def _outcome(success: Scalar, error: Scalar) -> str:
    if success is None:
        return "not known"
    return "ok" if success else str(error or "failed")


def _hooks(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT hook, count(*), sum(duration_ms), max(duration_ms),"
        " sum(decision = 'deny'), sum(decision = 'ask'), sum(failed) FROM claude_hooks"
        " WHERE time >= ? AND time <= ? AND session = ? AND counted"
        " GROUP BY hook ORDER BY sum(duration_ms) DESC",
        (head.first - _MARGIN, head.last + _MARGIN, head.session),
    )
    return Table(
        title="Hooks",
        head=("Hook", "Runs", "Time", "Slowest", "Denied", "Asked", "Failed"),
        rows=tuple(
            (
                str(row[0]),
                wording.count(float(row[1] or 0)),
                wording.duration(float(row[2] or 0) / 1000),
                wording.milliseconds(float(row[3] or 0)),
                *(wording.count(float(cell or 0)) for cell in row[4:7]),
            )
            for row in rows
        ),
        right=(1, 2, 3, 4, 5, 6),
    )


def _decisions(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT time, hook, event, tool, decision, failed FROM claude_hooks"
        " WHERE time >= ? AND time <= ? AND session = ? AND counted AND hook != 'dispatcher'"
        " AND (decision IN ('deny', 'ask') OR failed) ORDER BY time LIMIT ?",
        (head.first - _MARGIN, head.last + _MARGIN, head.session, _RUNS),
    )
    return Table(
        title="What hooks stopped",
        head=("At", "Hook", "Event", "Tool", "Decision"),
        rows=tuple(
            (_clock(time), str(hook), str(event), str(tool), "failed" if failed else str(decision))
            for time, hook, event, tool, decision, failed in rows
        ),
    )


def _agents(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT time, kind, agent, model, tool_calls, duration_ms, success,"
        " input_tokens + output_tokens + cache_read_tokens + cache_write_tokens, cost_usd"
        " FROM claude_agents WHERE session = ? AND counted ORDER BY coalesce(cost_usd, 0) DESC",
        (head.session,),
    )
    return Table(
        title="Subagents",
        head=("Began", "Agent", "Model", "Outcome", "Calls", "Took", "Tokens", "Cost"),
        rows=tuple(
            (
                _clock(row[0]),
                f"{row[1] or 'agent'} {str(row[2])[:8]}",
                str(row[3] or "–").removeprefix("claude-"),
                _outcome(row[6], "failed"),
                wording.count(float(row[4] or 0)),
                "–" if row[5] is None else wording.duration(float(row[5]) / 1000),
                wording.count(float(row[7] or 0)),
                wording.dollars(None if row[8] is None else float(row[8])),
            )
            for row in rows
        ),
        right=(4, 5, 6, 7),
    )


def _events(store: Store, head: Head) -> Table:
    rows = store.rows(
        "SELECT time, severity, kind, name FROM claude_events WHERE session = ? AND counted"
        " AND (severity != 'info' OR kind = 'compaction') ORDER BY time LIMIT ?",
        (head.session, _EVENTS),
    )
    return Table(
        title="Errors, warnings and compactions",
        head=("At", "Severity", "What", "Of"),
        rows=tuple(
            (_clock(time), str(severity), str(kind), str(name))
            for time, severity, kind, name in rows
        ),
    )


def _clock(time: Scalar) -> str:
    return wording.clock(int(time or 0))[5:] if time else "–"


def _bytes(size: Scalar) -> str:
    return "–" if size is None else f"{wording.count(float(size))}B"
