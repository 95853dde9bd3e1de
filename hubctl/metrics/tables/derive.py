"""Sessions and subagents as rows: what the answers, calls and events of each add up to.

Makes anew those that something changed of, which the store remembers; the same rows give the same
sums, however often and in whatever order they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.schema import schema
from hubctl.metrics.watch import nobody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.tables.batch import Batch
    from hubctl.metrics.watch import Watch

    Row = tuple[Scalar, ...]

PAUSE = 300_000_000  # microseconds without a sign; longer ones are no work
# So many at once: a first reading has thousands of sessions, and their rows are held.
_STALE = "IN (SELECT session FROM stale ORDER BY session LIMIT 50)"
_ANSWERS = f"""
SELECT session, count(*), sum(cost_usd IS NULL), sum(input_tokens), sum(output_tokens),
    sum(cache_read_tokens), sum(cache_write_tokens),
    sum(CASE WHEN agent != '' OR sidechain THEN context_tokens ELSE 0 END),
    sum(cost_usd), sum(client_cost_usd), max(CASE WHEN NOT sidechain THEN percent END)
FROM claude_context WHERE counted AND session {_STALE} GROUP BY session
"""
_MODELS = f"""
SELECT session, model, sum(output_tokens) AS written FROM claude_context
WHERE counted AND session {_STALE} GROUP BY session, model ORDER BY session, written, model DESC
"""
_CALLS = f"""
SELECT session, count(*), coalesce(sum(success = 0), 0) FROM claude_tool_usage
WHERE counted AND session {_STALE} GROUP BY session
"""
_EVENTS = f"""
SELECT session, sum(kind = 'prompt'), sum(severity = 'error'), sum(kind = 'compaction'),
    sum(CASE WHEN kind = 'lines_of_code' AND name = 'added' THEN value END),
    sum(CASE WHEN kind = 'lines_of_code' AND name = 'removed' THEN value END)
FROM claude_events WHERE counted AND session {_STALE} GROUP BY session
"""
_AGENTS = f"""
SELECT session, agent, min(time), max(time), max(project), count(*), sum(cost_usd IS NULL),
    sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens),
    sum(cost_usd)
FROM claude_context WHERE counted AND agent != '' AND session {_STALE} GROUP BY session, agent
"""
_TIMES = f"""
SELECT session, time FROM (
    SELECT session, time FROM claude_context WHERE session {_STALE}
    UNION ALL SELECT session, time FROM claude_events WHERE session {_STALE}
    UNION ALL SELECT session, time + CAST(coalesce(duration_ms, 0) * 1000 AS INTEGER)
        FROM claude_tool_usage WHERE session {_STALE}
    UNION ALL SELECT session, time FROM claude_tool_usage WHERE session {_STALE}
    UNION ALL SELECT session, time FROM claude_sessions WHERE session {_STALE}
) ORDER BY session, time
"""
_TASKS = f"""
SELECT max(0, (completed - time) / 1000.0) AS took, session, task FROM claude_tasks
WHERE completed IS NOT NULL AND session {_STALE} AND duration_ms IS NOT took
"""
_COUNTED_AGENTS = (
    f"SELECT session, count(*) FROM claude_agents WHERE session {_STALE} GROUP BY session"
)
_ZERO = (0,) * 7


def derive(batch: Batch, watch: Watch = nobody) -> None:
    """Make the rows of all sessions and agents anew that something changed of."""
    batch.mark_stale()
    left = count = int(batch.rows("SELECT count(*) FROM stale")[0][0] or 0)
    while left:
        watch("sessions", count - left, count)
        _tasks(batch)
        _agents(batch)
        _sessions(batch)
        left -= batch.forget_stale(_STALE)


_COSTS = """
SELECT a.unpriced, a.cost, a.peak, session FROM (
    SELECT session, sum(cost_usd IS NULL) AS unpriced, sum(cost_usd) AS cost,
        max(CASE WHEN NOT sidechain THEN percent END) AS peak
    FROM claude_context WHERE counted GROUP BY session
) a JOIN claude_sessions s USING (session)
WHERE (s.unpriced, s.cost_usd, s.peak_percent) IS NOT (a.unpriced, a.cost, a.peak)
"""
_AGENT_COSTS = """
SELECT a.unpriced, a.cost, session, agent FROM (
    SELECT session, agent, sum(cost_usd IS NULL) AS unpriced, sum(cost_usd) AS cost
    FROM claude_context WHERE counted AND agent != '' GROUP BY session, agent
) a JOIN claude_agents g USING (session, agent)
WHERE (g.unpriced, g.cost_usd) IS NOT (a.unpriced, a.cost)
"""


def derive_costs(batch: Batch) -> None:
    """Bring to all sessions and agents what their answers cost; nothing else of them changed."""
    agents, sessions = schema().table("claude_agents"), schema().table("claude_sessions")
    where = "session = ?4 AND agent = ?5"
    batch.change(agents, "unpriced = ?2, cost_usd = ?3", batch.rows(_AGENT_COSTS), where)
    sets = "unpriced = ?2, cost_usd = ?3, peak_percent = ?4"
    batch.change(sessions, sets, batch.rows(_COSTS), "session = ?5")


def _tasks(batch: Batch) -> None:
    found = batch.rows(_TASKS)
    where = "session = ?3 AND task = ?4"
    batch.change(schema().table("claude_tasks"), "duration_ms = ?2", found, where)


def _agents(batch: Batch) -> None:
    table = schema().table("claude_agents")
    found = batch.rows(_AGENTS)
    rows = [
        table.row(
            {
                "time": row[2],
                "source": "transcript",
                "session": row[0],
                "agent": row[1],
                "project": row[4],
            }
        )
        for row in found
    ]
    batch.put(table, rows)
    batch.change(
        table,
        "requests = ?2, unpriced = ?3, input_tokens = ?4, output_tokens = ?5,"
        " cache_read_tokens = ?6, cache_write_tokens = ?7, cost_usd = ?8,"
        " duration_ms = coalesce(duration_ms, ?9)",
        [(*row[5:12], _milliseconds(row[2], row[3]), row[0], row[1]) for row in found],
        "session = ?10 AND agent = ?11",
    )
    batch.change(table, _FROM_CALLS, batch.rows(_STALE_AGENTS), "session = ?2 AND agent = ?3")


_STALE_AGENTS = f"SELECT session, agent FROM claude_agents WHERE session {_STALE}"
# The call that started an agent says what kind it is; the agent's own calls are counted.
_FROM_CALLS = """
kind = CASE WHEN kind != '' THEN kind ELSE coalesce((SELECT subject FROM claude_tool_usage c
    WHERE c.call = claude_agents.call AND claude_agents.call != ''), '') END,
tool_calls = (SELECT count(*) FROM claude_tool_usage c
    WHERE c.session = ?2 AND c.agent = ?3 AND c.counted),
model = coalesce((SELECT model FROM claude_context a WHERE a.session = ?2 AND a.agent = ?3
    AND a.counted GROUP BY model ORDER BY sum(output_tokens) DESC, model LIMIT 1), model)
"""


def _sessions(batch: Batch) -> None:
    table = schema().table("claude_sessions")
    answers = {row[0]: row[1:] for row in batch.rows(_ANSWERS)}
    models = {row[0]: row[1] for row in batch.rows(_MODELS)}
    calls = {row[0]: row[1:] for row in batch.rows(_CALLS)}
    events = {row[0]: row[1:] for row in batch.rows(_EVENTS)}
    agents = {row[0]: row[1] for row in batch.rows(_COUNTED_AGENTS)}
    spans = dict(_spans(batch.connection.execute(_TIMES)))
    known = {
        row[0] for row in batch.rows(f"SELECT session FROM claude_sessions WHERE session {_STALE}")
    }
    missing = sorted(set(spans) - known, key=str)
    batch.put(table, [_bare(session, spans[session]) for session in missing])
    _fill_projects(batch)
    batch.change(
        table,
        _SETS,
        [
            (
                *spans[session],
                models.get(session),
                *answers.get(session, (*_ZERO, None, None, None)),
                *calls.get(session, (0, 0)),
                agents.get(session, 0),
                *events.get(session, (0, 0, 0, None, None)),
                session,
            )
            for session in sorted(spans, key=str)
        ],
        "session = ?24",
    )


_SETS = """
ended = ?3, duration_ms = (?3 - ?2) / 1000.0, active_ms = ?4 / 1000.0, model = ?5, requests = ?6,
unpriced = ?7, input_tokens = ?8, output_tokens = ?9, cache_read_tokens = ?10,
cache_write_tokens = ?11, agent_tokens = ?12, cost_usd = ?13, client_cost_usd = ?14,
peak_percent = ?15, tool_calls = ?16, tool_failures = ?17, agents = ?18, prompts = ?19,
errors = ?20, compactions = ?21, lines_added = ?22, lines_removed = ?23
"""


def _bare(session: Scalar, span: tuple[int, int, int]) -> Row:
    table = schema().table("claude_sessions")
    return table.row({"time": span[0], "source": "derived", "session": session})


def _fill_projects(batch: Batch) -> None:
    """A session that only hooks or the exporter told of has the project that their rows name."""
    table = schema().table("claude_sessions")
    found = batch.rows(
        "SELECT max(h.project), s.session FROM claude_sessions s JOIN claude_tool_usage h"
        f" ON h.session = s.session WHERE s.project = '' AND s.session {_STALE}"
        " GROUP BY s.session HAVING max(h.project) != ''"
    )
    batch.change(table, "project = ?2", found, "session = ?3")
    # The exporter never says where a session runs; where it never said anything nothing is sought.
    if batch.rows("SELECT 1 FROM meta WHERE key = 'heard'"):
        for name in ("claude_context", "claude_tool_usage", "claude_events"):
            _fill_rows(batch, schema().table(name))


def _fill_rows(batch: Batch, table: Table) -> None:
    key = table.keys[0]
    found = batch.rows(
        f"SELECT s.project, t.{key} FROM claude_sessions s CROSS JOIN {table.name} t"
        f" ON t.session = s.session WHERE s.session {_STALE} AND s.project != ''"
        " AND t.project = '' AND t.source = 'otel'"
    )
    batch.change(table, "project = ?2", found, f"{key} = ?3")


def _spans(rows: Iterable[Row]) -> Iterable[tuple[Scalar, tuple[int, int, int]]]:
    """Session → first and last moment, and the time between without long pauses."""
    session: Scalar = None
    first = last = active = 0
    for name, moment in rows:
        at = int(moment or 0)
        if name != session:
            if session is not None:
                yield session, (first, last, active)
            session, first, last, active = name, at, at, 0
        if at - last <= PAUSE:
            active += at - last
        last = at
    if session is not None:
        yield session, (first, last, active)


def _milliseconds(first: Scalar, last: Scalar) -> float:
    return (int(last or 0) - int(first or 0)) / 1000
