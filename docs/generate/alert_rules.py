"""The alerts as data: what each measures on a QuestDB and on Prometheus, and from when on.

Each is over one machine, so that a team's machines do not add up to an alert. `@name.level` stands
for a threshold of canonical.yaml, which the renderer puts in; a rule without one is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LEVELS = ("warning", "critical")
GROUP = "claude"
FOR = "5m"
_HOUR, _DAY = 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert.

    Attributes:
        threshold: its key below `thresholds`. above: whether more is worse.
        seconds: over which time. sql: rows of labels and one `value`. promql: the same.
        name: in CamelCase, as Prometheus names alerts. says: what the value is, for people.
    """

    threshold: str
    name: str
    title: str
    says: str
    sql: str
    promql: str
    above: bool = True
    seconds: int = _HOUR


def _share(of: str, table: str, unit: str, least: int) -> str:
    """A percentage over the rows of which it is known how they ended, from so many rows on."""
    return (
        "SELECT machine, value FROM (\n"  # noqa: S608 - names of our own tables
        f"  SELECT machine, 100.0 * {of} / count(success) AS value, count(success) AS known\n"
        f"  FROM {table}\n"
        f"  WHERE counted AND time > dateadd('{unit}', -1, now())\n"
        f") WHERE known >= {least}"
    )


def _ratio(part: str, whole: str, window: str, least: int, *, rest: bool = False) -> str:
    one = f"sum by (instance) (increase({part}[{window}]))"
    all_ = f"sum by (instance) (increase({whole}[{window}]))"
    share = f"(1 - {one} / {all_})" if rest else f"{one} / {all_}"
    return f"(100 * {share} and round({all_}) >= {least})"


ALERTS = (
    Alert(
        threshold="errors_per_hour",
        name="ClaudeErrors",
        title="High error rate",
        says="errors in the last hour",
        sql="SELECT machine, count() AS value\nFROM claude_events\n"
        "WHERE counted AND severity = 'error' AND time > dateadd('h', -1, now())",
        promql="round(sum by (instance) (increase(claude_errors_total[1h])))",
    ),
    Alert(
        threshold="hook_latency_ms",
        name="ClaudeHookLatency",
        title="Slow hook",
        says="milliseconds that this hook takes on average",
        sql="SELECT machine, hook, avg(duration_ms) AS value\nFROM claude_hooks\n"
        "WHERE counted AND time > dateadd('h', -1, now())",
        promql="1000 * sum by (instance, hook) (increase(claude_hook_seconds_total[1h]))"
        " / sum by (instance, hook) (increase(claude_hook_runs_total[1h]))",
    ),
    Alert(
        threshold="agent_success_percent",
        name="ClaudeAgentSuccess",
        title="Low agent success rate",
        says="% of the last day's subagents came to an end and reported",
        sql=_share("sum(success)", "claude_agents", "d", 5),
        promql=_ratio(
            "claude_agents_failed_total", "claude_agents_finished_total", "1d", 5, rest=True
        ),
        above=False,
        seconds=_DAY,
    ),
    Alert(
        threshold="daily_cost_usd",
        name="ClaudeDailyCost",
        title="Daily cost spike",
        says="US dollars in the last 24 hours, at list price",
        sql="SELECT machine, sum(cost_usd) AS value\nFROM claude_context\n"
        "WHERE counted AND time > dateadd('d', -1, now())",
        promql="sum by (instance) (increase(claude_cost_usd_total[1d]))",
        seconds=_DAY,
    ),
    Alert(
        threshold="tool_failure_percent",
        name="ClaudeToolFailures",
        title="High tool failure rate",
        says="% of the last hour's tool calls failed",
        sql=_share("(count(success) - sum(success))", "claude_tool_usage", "h", 10),
        promql=_ratio("claude_calls_failed_total", "claude_calls_finished_total", "1h", 10),
    ),
)


def limit(alert: Alert, level: str) -> str:
    """What stands for the threshold until the renderer puts it in."""
    return f"@{alert.threshold}.{level}"


def rules() -> list[tuple[Alert, str]]:
    """Every alert at each of its levels."""
    return [(alert, level) for alert in ALERTS for level in LEVELS]


def labels(alert: Alert, level: str) -> dict[str, str]:
    """What notifications are routed by."""
    return {"severity": level, "threshold": alert.threshold}


def prometheus_rules() -> dict[str, Any]:
    """The rule file of Prometheus."""
    return {
        "groups": [
            {
                "name": GROUP,
                "interval": "1m",
                "rules": [_prometheus_rule(alert, level) for alert, level in rules()],
            }
        ]
    }


def _prometheus_rule(alert: Alert, level: str) -> dict[str, Any]:
    sign = ">" if alert.above else "<"
    value = '{{ printf "%.1f" .Value }}'
    return {
        "limit": limit(alert, level),
        "alert": alert.name,
        "expr": f"{alert.promql} {sign} {limit(alert, level)}",
        "for": FOR,
        "labels": labels(alert, level),
        "annotations": {
            "summary": f"{alert.title} on {{{{ .Labels.instance }}}}",
            "description": f"{value} {alert.says}; the limit is {limit(alert, level)}",
        },
    }
