"""The alerts as data: how each threshold is measured on a QuestDB and on Prometheus.

What it measures, over which time and from how many observations on is the thresholds' own table
(hubctl/config/thresholds.py). Each is over one machine, so that a team's machines do not add up to
an alert. `@name.level` stands for a limit, which the renderer puts in; a rule without one is left
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hubctl.config.thresholds import DEFAULTS, SECONDS, Threshold

LEVELS = ("warning", "critical")
GROUP = "claude"
FOR = "5m"
_ROWS = {row.name: row for row in DEFAULTS}
# What the store and Prometheus call a window.
_UNITS = {"hour": "h", "day": "d"}
_WORDS = {"hour": "in the last hour", "day": "in the last 24 hours"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert.

    Attributes:
        of: what it measures. name: in CamelCase, as Prometheus names alerts.
        says: the value's unit, for people. sql: rows of labels and one `value`. promql: the same.
    """

    of: Threshold
    name: str
    title: str
    says: str
    sql: str
    promql: str

    @property
    def threshold(self) -> str:
        """Its key below `thresholds`."""
        return self.of.name

    @property
    def above(self) -> bool:
        """Whether more is worse."""
        return self.of.above

    @property
    def seconds(self) -> int:
        """The time that it is over."""
        return SECONDS[self.of.window]

    @property
    def told(self) -> str:
        """What the value is, for people."""
        return f"{self.says}: {self.of.measures}, {_WORDS[self.of.window]}"


def _since(of: Threshold) -> str:
    return f"counted AND time > dateadd('{_UNITS[of.window]}', -1, now())"


def _least(of: Threshold, cells: str, known: str, table: str, labels: str = "machine") -> str:
    """`value` of the rows of a window, from as many observations on as are needed."""
    return (
        f"SELECT {labels}, value FROM (\n"  # noqa: S608 - names of our own tables
        f"  SELECT {labels}, {cells} AS value, {known} AS known\n"
        f"  FROM {table}\n"
        f"  WHERE {_since(of)}\n"
        f") WHERE known >= {of.needed}"
    )


def _ratio(of: Threshold, part: str, whole: str) -> str:
    window = f"1{_UNITS[of.window]}"
    one = f"sum by (instance) (increase({part}[{window}]))"
    all_ = f"sum by (instance) (increase({whole}[{window}]))"
    share = f"{one} / {all_}" if of.above else f"(1 - {one} / {all_})"
    return f"(100 * {share} and round({all_}) >= {of.needed})"


_ERRORS, _HOOKS = _ROWS["errors_per_hour"], _ROWS["hook_latency_ms"]
_AGENTS, _COST = _ROWS["agent_success_percent"], _ROWS["daily_cost_usd"]
_TOOLS = _ROWS["tool_failure_percent"]
ALERTS = (
    Alert(
        of=_ERRORS,
        name="ClaudeErrors",
        title="High error rate",
        says="errors",
        sql="SELECT machine, count() AS value\nFROM claude_events\n"
        f"WHERE {_since(_ERRORS)} AND severity = 'error'",
        promql="round(sum by (instance) (increase(claude_errors_total[1h])))",
    ),
    Alert(
        of=_HOOKS,
        name="ClaudeHookLatency",
        title="Slow hook",
        says="ms",
        sql=_least(
            _HOOKS,
            "approx_percentile(duration_ms, 0.95, 3)",
            "count(duration_ms)",
            "claude_hooks",
            "machine, hook",
        ),
        # hubctl measures it itself, over the same hour and from as many runs on.
        promql="1000 * max by (instance, hook) (claude_hook_p95_seconds)",
    ),
    Alert(
        of=_AGENTS,
        name="ClaudeAgentSuccess",
        title="Low agent success rate",
        says="%",
        sql=_least(
            _AGENTS, "100.0 * sum(success) / count(success)", "count(success)", "claude_agents"
        ),
        promql=_ratio(_AGENTS, "claude_agents_failed_total", "claude_agents_finished_total"),
    ),
    Alert(
        of=_COST,
        name="ClaudeDailyCost",
        title="Daily cost spike",
        says="US dollars",
        sql=f"SELECT machine, sum(cost_usd) AS value\nFROM claude_context\nWHERE {_since(_COST)}",
        promql="sum by (instance) (increase(claude_cost_usd_total[1d]))",
    ),
    Alert(
        of=_TOOLS,
        name="ClaudeToolFailures",
        title="High tool failure rate",
        says="%",
        sql=_least(
            _TOOLS,
            "100.0 * (count(success) - sum(success)) / count(success)",
            "count(success)",
            "claude_tool_usage",
        ),
        promql=_ratio(_TOOLS, "claude_calls_failed_total", "claude_calls_finished_total"),
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
            "description": f"{value} {alert.told}; the limit is {limit(alert, level)}",
        },
    }
