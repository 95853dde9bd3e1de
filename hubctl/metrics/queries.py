"""Questions with a name, so that nobody has to write SQL for them: one literal table.

Every row is a statement over the store that needs no value; docs and a test come from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A named statement; `title` is what it answers."""

    name: str
    title: str
    sql: str


_MONTH = "day >= date('now', 'localtime', '-30 days')"
_SINCE = "time >= (strftime('%s', 'now') - 30 * 86400) * 1000000"

QUERIES = (
    Query(
        name="usage",
        title="Tokens and cost of each of the last 30 days.",
        sql="SELECT day, sum(count) AS answers, sum(input_tokens) AS input,"
        " sum(output_tokens) AS output, sum(cache_read_tokens) AS cache_read,"
        " sum(cache_write_tokens) AS cache_write, round(sum(cost_usd), 2) AS usd,"
        f" sum(unpriced) AS unpriced FROM daily_context WHERE {_MONTH} GROUP BY day ORDER BY day",
    ),
    Query(
        name="models",
        title="Tokens and cost of each model in the last 30 days.",
        sql="SELECT model, sum(count) AS answers, sum(output_tokens) AS output,"
        " round(sum(cost_usd), 2) AS usd, sum(unpriced) AS unpriced"
        f" FROM daily_context WHERE {_MONTH} GROUP BY model ORDER BY usd DESC, model",
    ),
    Query(
        name="projects",
        title="Cost of each project in the last 30 days.",
        sql="SELECT project, sum(count) AS answers, sum(output_tokens) AS output,"
        f" round(sum(cost_usd), 2) AS usd FROM daily_context WHERE {_MONTH}"
        " GROUP BY project ORDER BY usd DESC, project",
    ),
    Query(
        name="sessions",
        title="The last 20 sessions.",
        sql="SELECT strftime('%m-%d %H:%M', time / 1000000, 'unixepoch', 'localtime') AS began,"
        " project, round(duration_ms / 60000, 1) AS minutes, requests AS answers,"
        " tool_calls AS calls, tool_failures AS failed, round(cost_usd, 2) AS usd,"
        " round(peak_percent) AS peak, session"
        " FROM claude_sessions WHERE counted ORDER BY time DESC LIMIT 20",
    ),
    Query(
        name="tools",
        title="Calls, failures and mean time of each tool in the last 30 days.",
        sql="SELECT tool, sum(count) AS calls, sum(failures) AS failed,"
        " round(100.0 * sum(failures) / max(sum(finished), 1), 1) AS failed_percent,"
        " round(sum(duration_ms) / max(sum(finished), 1)) AS mean_ms"
        f" FROM daily_tool_usage WHERE {_MONTH} GROUP BY tool ORDER BY calls DESC, tool",
    ),
    Query(
        name="started",
        title="Agents, skills and commands that were started in the last 30 days.",
        sql="SELECT tool, subject, sum(count) AS times, sum(failures) AS failed"
        f" FROM daily_tool_usage WHERE subject != '' AND {_MONTH} GROUP BY tool, subject"
        " ORDER BY times DESC, tool, subject",
    ),
    Query(
        name="hooks",
        title="Runs, denials, failures and time of each hook in the last 30 days.",
        sql="SELECT hook, event, sum(count) AS runs, sum(denied) AS denied, sum(asked) AS asked,"
        " sum(failures) AS failed, round(sum(duration_ms) / sum(count), 2) AS mean_ms"
        f" FROM daily_hooks WHERE {_MONTH} GROUP BY hook, event ORDER BY runs DESC, hook, event",
    ),
    Query(
        name="agents",
        title="Runs, time and cost of each kind of agent in the last 30 days.",
        sql="SELECT kind, sum(count) AS runs, sum(failures) AS failed,"
        " round(sum(duration_ms) / sum(count) / 1000, 1) AS mean_s, sum(output_tokens) AS output,"
        f" round(sum(cost_usd), 2) AS usd FROM daily_agents WHERE {_MONTH}"
        " GROUP BY kind ORDER BY runs DESC, kind",
    ),
    Query(
        name="errors",
        title="Errors and warnings of the last 30 days.",
        sql="SELECT day, severity, kind, name, sum(count) AS times FROM daily_events"
        f" WHERE severity != 'info' AND {_MONTH} GROUP BY day, severity, kind, name"
        " ORDER BY day DESC, times DESC, kind, name",
    ),
    Query(
        name="context",
        title="Sessions of the last 30 days whose context was fullest.",
        sql="SELECT session, project, round(peak_percent, 1) AS peak_percent, compactions"
        f" FROM claude_sessions WHERE counted AND peak_percent IS NOT NULL AND {_SINCE}"
        " ORDER BY peak_percent DESC, session LIMIT 20",
    ),
    Query(
        name="tasks",
        title="Tasks of the last 30 days by how they ended.",
        sql="SELECT status, count(*) AS tasks, round(avg(duration_ms) / 60000, 1) AS mean_minutes"
        f" FROM claude_tasks WHERE counted AND {_SINCE} GROUP BY status ORDER BY status",
    ),
    Query(
        name="deliveries",
        title="Deployments of the last 90 days, by project.",
        sql="SELECT project, count(*) AS deployments,"
        " round(avg(value) / 3600, 1) AS mean_lead_hours"
        " FROM claude_events WHERE counted AND kind = 'deployment'"
        " AND time >= (strftime('%s', 'now') - 90 * 86400) * 1000000"
        " GROUP BY project ORDER BY project",
    ),
    Query(
        name="unknown",
        title="Models without a known price or context window.",
        sql="SELECT model, count(*) AS answers, sum(cost_usd IS NULL) AS without_price,"
        " sum(window_tokens IS NULL) AS without_window FROM claude_context WHERE counted"
        " AND (cost_usd IS NULL OR window_tokens IS NULL) GROUP BY model ORDER BY answers DESC",
    ),
)
BY_NAME = {query.name: query for query in QUERIES}
