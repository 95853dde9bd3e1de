"""The store as Prometheus text: counters over everything, gauges of the last days.

Owns the table of families, which the documentation, dashboards and rules are written against. Made
of the roll-ups, so it costs the same over a year; a counter survives retention. Each family has a
total without labels where an alert needs one: a series that begins above zero has no increase.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.thresholds import DEFAULTS
from hubctl.errors import OperationError
from hubctl.metrics import days
from hubctl.metrics.latency import hook_latencies
from hubctl.system.clock import nanoseconds
from hubctl.system.database import translated
from hubctl.system.loopback import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HOUR = 3600 * days.SECOND
_LATENCY = next(row for row in DEFAULTS if row.name == "hook_latency_ms")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family of series.

    Attributes:
        name: as Prometheus has it. kind: `counter` or `gauge`.
        help: one sentence. labels: names of its labels, in the order of the columns.
        sql: rows of the labels' values and the value; `:hour` is the moment an hour ago.
    """

    name: str
    kind: str
    help: str
    sql: str
    labels: tuple[str, ...] = ()


def _sums(of: str, table: str, by: str = "", where: str = "") -> str:
    found = f" WHERE {where}" if where else ""
    if not by:
        return f"SELECT coalesce({of}, 0) FROM {table}{found}"
    return f"SELECT {by}, coalesce({of}, 0) FROM {table}{found} GROUP BY {by}"


def _counter(name: str, text: str, sql: str) -> Family:
    """A counter whose labels are the columns that its statement groups by."""
    by = sql.partition(" GROUP BY ")[2]
    labels = tuple(part.strip() for part in by.split(",")) if by else ()
    return Family(name=name, kind="counter", help=text, sql=sql, labels=labels)


_TOOLS, _AGENTS, _HOOKS = "daily_tool_usage", "daily_agents", "daily_hooks"
_EVENTS, _CONTEXT, _SESSIONS = "daily_events", "daily_context", "daily_sessions"
_TOKENS = ("input", "output", "cache_read", "cache_write")
_ALL_TOKENS = " + ".join(f"coalesce({one}_tokens, 0)" for one in _TOKENS)
_SECONDS = "sum(duration_ms) / 1000.0"

FAMILIES: tuple[Family, ...] = (
    _counter("claude_calls_total", "Tool calls.", _sums("sum(count)", _TOOLS)),
    _counter(
        "claude_calls_finished_total",
        "Tool calls of which it is known how they ended.",
        _sums("sum(finished)", _TOOLS),
    ),
    _counter(
        "claude_calls_failed_total", "Tool calls that failed.", _sums("sum(failures)", _TOOLS)
    ),
    _counter("claude_tool_calls_total", "Calls of a tool.", _sums("sum(count)", _TOOLS, "tool")),
    _counter(
        "claude_tool_failures_total",
        "Failed calls of a tool.",
        _sums("sum(failures)", _TOOLS, "tool"),
    ),
    _counter(
        "claude_tool_seconds_total",
        "Seconds that calls of a tool took.",
        _sums(_SECONDS, _TOOLS, "tool"),
    ),
    _counter("claude_agents_total", "Subagents that ran.", _sums("sum(count)", _AGENTS)),
    _counter(
        "claude_agents_finished_total",
        "Subagents of which it is known how they ended.",
        _sums("sum(finished)", _AGENTS),
    ),
    _counter(
        "claude_agents_failed_total", "Subagents that failed.", _sums("sum(failures)", _AGENTS)
    ),
    _counter(
        "claude_agent_runs_total",
        "Runs of a kind of subagent.",
        _sums("sum(count)", _AGENTS, "kind"),
    ),
    _counter(
        "claude_agent_failures_total",
        "Failed runs of a kind of subagent.",
        _sums("sum(failures)", _AGENTS, "kind"),
    ),
    _counter(
        "claude_agent_tokens_total",
        "Tokens of a kind of subagent.",
        _sums(f"sum({_ALL_TOKENS})", _AGENTS, "kind"),
    ),
    _counter("claude_hook_runs_total", "Runs of a hook.", _sums("sum(count)", _HOOKS, "hook")),
    _counter(
        "claude_hook_failures_total",
        "Runs of a hook that failed.",
        _sums("sum(failures)", _HOOKS, "hook"),
    ),
    _counter(
        "claude_hook_denials_total", "What a hook denied.", _sums("sum(denied)", _HOOKS, "hook")
    ),
    _counter(
        "claude_hook_seconds_total",
        "Seconds that runs of a hook took.",
        _sums(_SECONDS, _HOOKS, "hook"),
    ),
    _counter(
        "claude_errors_total",
        "Events of severity error.",
        _sums("sum(count)", _EVENTS, where="severity = 'error'"),
    ),
    _counter(
        "claude_events_total", "Events of a kind.", _sums("sum(count)", _EVENTS, "kind, severity")
    ),
    _counter(
        "claude_cost_usd_total", "US dollars at list price.", _sums("sum(cost_usd)", _CONTEXT)
    ),
    _counter(
        "claude_model_cost_usd_total",
        "US dollars at list price of a model in a project.",
        _sums("sum(cost_usd)", _CONTEXT, "model, project"),
    ),
    _counter("claude_answers_total", "Answers of a model.", _sums("sum(count)", _CONTEXT, "model")),
    _counter(
        "claude_unpriced_answers_total",
        "Answers whose price is not known; no cost holds them.",
        _sums("sum(unpriced)", _CONTEXT),
    ),
    Family(
        name="claude_tokens_total",
        kind="counter",
        help="Tokens of a model, by what they were.",
        labels=("model", "kind"),
        sql=" UNION ALL ".join(
            f"SELECT model, '{kind}', coalesce(sum({kind}_tokens), 0) FROM {_CONTEXT}"
            " GROUP BY model"
            for kind in _TOKENS
        ),
    ),
    _counter(
        "claude_sessions_total",
        "Sessions of a project.",
        _sums("sum(count)", _SESSIONS, "project"),
    ),
    _counter(
        "claude_session_active_seconds_total",
        "Seconds of work in sessions of a project, pauses left out.",
        _sums("sum(active_ms) / 1000.0", _SESSIONS, "project"),
    ),
    Family(
        name="claude_tasks",
        kind="gauge",
        help="Tasks by how they stand.",
        labels=("status",),
        sql=_sums("sum(count)", "daily_tasks", "status"),
    ),
    Family(
        name="claude_context_percent",
        kind="gauge",
        help="How full the fullest context of a project was in the last hour.",
        labels=("project",),
        sql="SELECT project, max(percent) FROM claude_context"
        " WHERE time > :hour AND counted AND percent IS NOT NULL GROUP BY project",
    ),
)
P95 = Family(
    name="claude_hook_p95_seconds",
    kind="gauge",
    help="What 95 of 100 runs of a hook did not exceed in the last hour,"
    f" from {_LATENCY.needed} runs on.",
    labels=("hook",),
    sql="",
)
NEWEST = Family(
    name="claude_newest_row_timestamp_seconds",
    kind="gauge",
    help="When the newest thing happened that a table knows of.",
    labels=("table",),
    sql="SELECT max(time) FROM",
)


def text(store: Store, now: int) -> str:
    """Everything, in the text format of version 0.0.4.

    Args:
        store: to be read.
        now: microseconds since 1970; decides what the last hour is.

    Raises:
        OperationError: the store cannot be read.
    """
    values: dict[str, Scalar] = {"hour": now - _HOUR}
    blocks = [_block(family, _found(store, family, values)) for family in FAMILIES]
    blocks.append(_block(P95, _p95(store, now)))
    blocks.append(_block(NEWEST, _newest(store)))
    return "".join(blocks)


def page(store: Store) -> Response:
    """The same as an answer to whoever scrapes; 503 where the store cannot be read."""
    try:
        return Response(body=text(store, nanoseconds() // 1000).encode(), kind=CONTENT_TYPE)
    except OperationError as error:
        return Response(status=503, body=f"{error.message}\n".encode(), kind="text/plain")


def _found(store: Store, family: Family, values: dict[str, Scalar]) -> list[tuple[Scalar, ...]]:
    used = {key: value for key, value in values.items() if f":{key}" in family.sql}
    with translated(store.path):
        return store.connection.execute(family.sql, used).fetchall()


def _p95(store: Store, now: int) -> Iterator[tuple[Scalar, ...]]:
    for one in hook_latencies(store, now - _HOUR, now):
        if one.runs >= _LATENCY.needed:
            yield one.hook, one.p95 / 1000


def _newest(store: Store) -> Iterator[tuple[Scalar, ...]]:
    for table in store.schema.tables:
        [(time,)] = store.rows(f"{NEWEST.sql} {table.name}")
        yield table.name, None if time is None else float(time) / days.SECOND


def _block(family: Family, rows: Iterable[Sequence[Scalar]]) -> str:
    lines = [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]
    lines += sorted(
        _series(family, row[:-1]) + f" {_value(row[-1])}" for row in rows if row[-1] is not None
    )
    return "\n".join(lines) + "\n"


def _series(family: Family, values: Sequence[Scalar]) -> str:
    pairs = ",".join(
        f'{name}="{_label(value)}"' for name, value in zip(family.labels, values, strict=True)
    )
    return f"{family.name}{{{pairs}}}" if pairs else family.name


def _label(value: Scalar) -> str:
    clean = str(value or "").encode("utf-8", "replace").decode("utf-8")
    return clean.translate(_ESCAPES)


def _value(value: Scalar) -> str:
    number = float(value or 0)
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return "NaN" if math.isnan(number) else repr(number) if number % 1 else f"{number:.0f}"
