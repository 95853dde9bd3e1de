"""The dashboard as data: one row a panel, with its query on a QuestDB and on Prometheus."""

from __future__ import annotations

from dataclasses import dataclass

STAT, SERIES, TABLE = "stat", "series", "table"
_WHERE = (
    "counted AND machine IN (${machine:sqlstring})"
    " AND coalesce(project, 'none') IN (${project:sqlstring}) AND $__timeFilter(time)"
)
_ON = 'instance=~"$instance"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel.

    Attributes:
        kind: STAT one number, SERIES over time, TABLE. unit: Grafana's name of it.
        threshold: key below `thresholds` that colours it.
        legend: label that names a series of Prometheus.
    """

    title: str
    kind: str
    sql: str
    promql: str
    unit: str = "short"
    threshold: str = ""
    legend: str = ""
    says: str = ""


def _of(cells: str, table: str, end: str = "", more: str = "") -> str:
    also = f" AND {more}" if more else ""
    return f"SELECT {cells}\nFROM {table}\nWHERE {_WHERE}{also}{end}"


def _over_time(metric: str, value: str, table: str, more: str = "") -> str:
    cells = f"time, {metric} AS metric, {value} AS value"
    return _of(cells, table, "\nSAMPLE BY $__interval", more)


def _in_range(name: str, by: str = "", more: str = "") -> str:
    group = f" by ({by})" if by else ""
    return f"sum{group} (increase({name}{{{_ON}{more}}}[$__range]))"


def _rate(name: str, by: str, times: int = 3600) -> str:
    return f"{times} * sum by ({by}) (rate({name}{{{_ON}}}[$__rate_interval]))"


def _top(name: str, by: str) -> str:
    return f"sort_desc({_in_range(name, by)})"


_FAILED = "100.0 * (count(success) - sum(success)) / count(success)"
_SUCCEEDED = "100.0 * sum(success) / count(success)"

PANELS = (
    Panel(
        title="Cost",
        kind=STAT,
        sql=_of("sum(cost_usd) AS value", "claude_context"),
        promql=_in_range("claude_cost_usd_total"),
        unit="currencyUSD",
        says="At list price; answers of unknown models are in no cost.",
    ),
    Panel(
        title="Answers without a price",
        kind=STAT,
        sql=_of("count() AS value", "claude_context", more="cost_usd IS NULL"),
        promql=_in_range("claude_unpriced_answers_total"),
    ),
    Panel(
        title="Sessions",
        kind=STAT,
        sql=_of("count() AS value", "claude_sessions"),
        promql=_in_range("claude_sessions_total"),
    ),
    Panel(
        title="Errors an hour",
        kind=SERIES,
        sql=_of(
            "time, 'errors' AS metric, count() AS value",
            "claude_events",
            "\nSAMPLE BY 1h",
            "severity = 'error'",
        ),
        promql=f"sum(increase(claude_errors_total{{{_ON}}}[1h]))",
        threshold="errors_per_hour",
        legend="errors",
    ),
    Panel(
        title="Tool calls that failed",
        kind=STAT,
        sql=_of(f"{_FAILED} AS value", "claude_tool_usage"),
        promql=f"100 * {_in_range('claude_calls_failed_total')}"
        f" / {_in_range('claude_calls_finished_total')}",
        unit="percent",
        threshold="tool_failure_percent",
    ),
    Panel(
        title="Subagents that succeeded",
        kind=STAT,
        sql=_of(f"{_SUCCEEDED} AS value", "claude_agents"),
        promql=f"100 * (1 - {_in_range('claude_agents_failed_total')}"
        f" / {_in_range('claude_agents_finished_total')})",
        unit="percent",
        threshold="agent_success_percent",
    ),
    Panel(
        title="Cost a day",
        kind=SERIES,
        sql=_of(
            "time, machine AS metric, sum(cost_usd) AS value", "claude_context", "\nSAMPLE BY 1d"
        ),
        promql=f"sum by (instance) (increase(claude_cost_usd_total{{{_ON}}}[1d]))",
        unit="currencyUSD",
        threshold="daily_cost_usd",
        legend="{{instance}}",
    ),
    Panel(
        title="Cost by model",
        kind=SERIES,
        sql=_over_time("model", "sum(cost_usd)", "claude_context"),
        promql=_rate("claude_model_cost_usd_total", "model"),
        unit="currencyUSD",
        legend="{{model}}",
    ),
    Panel(
        title="Tokens by what they were",
        kind=SERIES,
        sql=_of(
            "time, sum(input_tokens) AS input, sum(output_tokens) AS output,"
            " sum(cache_read_tokens) AS cache_read, sum(cache_write_tokens) AS cache_write",
            "claude_context",
            "\nSAMPLE BY $__interval",
        ),
        promql=_rate("claude_tokens_total", "kind"),
        legend="{{kind}}",
    ),
    Panel(
        title="How full contexts were",
        kind=SERIES,
        sql=_over_time("project", "max(percent)", "claude_context", "percent IS NOT NULL"),
        promql=f"max by (project) (claude_context_percent{{{_ON}}})",
        unit="percent",
        threshold="context_percent",
        legend="{{project}}",
    ),
    Panel(
        title="Mean time of hooks",
        kind=SERIES,
        sql=_over_time("hook", "avg(duration_ms)", "claude_hooks"),
        promql="1000 * sum by (hook) (rate(claude_hook_seconds_total"
        f"{{{_ON}}}[$__rate_interval])) / sum by (hook) (rate(claude_hook_runs_total"
        f"{{{_ON}}}[$__rate_interval]))",
        unit="ms",
        legend="{{hook}}",
    ),
    Panel(
        title="Time that 95 % of hooks' runs stay below",
        kind=SERIES,
        sql=_over_time("hook", "approx_percentile(duration_ms, 0.95, 3)", "claude_hooks"),
        promql=f"1000 * max by (hook) (claude_hook_p95_seconds{{{_ON}}})",
        unit="ms",
        threshold="hook_latency_ms",
        legend="{{hook}}",
    ),
    Panel(
        title="Tool calls an hour",
        kind=SERIES,
        sql=_over_time("tool", "count()", "claude_tool_usage"),
        promql=_rate("claude_tool_calls_total", "tool"),
        legend="{{tool}}",
    ),
    Panel(
        title="Events by kind",
        kind=SERIES,
        sql=_over_time("kind", "count()", "claude_events"),
        promql=_rate("claude_events_total", "kind"),
        legend="{{kind}}",
    ),
    Panel(
        title="Hooks",
        kind=TABLE,
        sql=_of(
            "hook, count() AS runs, round(approx_percentile(duration_ms, 0.95, 3), 1) AS p95_ms,"
            " round(max(duration_ms), 1) AS longest_ms,"
            " sum(CASE WHEN decision = 'deny' THEN 1 ELSE 0 END) AS denied,"
            " sum(CASE WHEN failed THEN 1 ELSE 0 END) AS failed",
            "claude_hooks",
            "\nORDER BY p95_ms DESC\nLIMIT 50",
        ),
        promql=_top("claude_hook_runs_total", "hook"),
    ),
    Panel(
        title="Tools",
        kind=TABLE,
        sql=_of(
            f"tool, count() AS calls, round({_FAILED}, 1) AS failed_percent,"
            " round(avg(duration_ms), 1) AS mean_ms",
            "claude_tool_usage",
            "\nORDER BY calls DESC\nLIMIT 50",
        ),
        promql=_top("claude_tool_failures_total", "tool"),
    ),
    Panel(
        title="Subagents",
        kind=TABLE,
        sql=_of(
            f"kind, count() AS runs, round({_SUCCEEDED}, 1) AS succeeded_percent,"
            " sum(output_tokens) AS output_tokens, round(sum(cost_usd), 2) AS cost_usd",
            "claude_agents",
            "\nORDER BY runs DESC\nLIMIT 50",
        ),
        promql=_top("claude_agent_runs_total", "kind"),
    ),
    Panel(
        title="Projects",
        kind=TABLE,
        sql=_of(
            "coalesce(project, 'none') AS project, count() AS sessions,"
            " round(sum(active_ms) / 3600000.0, 1) AS active_hours,"
            " round(sum(cost_usd), 2) AS cost_usd, sum(tool_calls) AS tool_calls",
            "claude_sessions",
            "\nORDER BY cost_usd DESC\nLIMIT 50",
        ),
        promql=_top("claude_model_cost_usd_total", "project"),
    ),
    Panel(
        title="Tasks",
        kind=TABLE,
        sql=_of(
            "status, count() AS tasks, round(avg(duration_ms) / 60000.0, 1) AS mean_minutes",
            "claude_tasks",
            "\nORDER BY tasks DESC",
        ),
        promql=f"sum by (status) (claude_tasks{{{_ON}}})",
    ),
    Panel(
        title="Errors",
        kind=TABLE,
        sql=_of(
            "kind, name, count() AS errors, max(time) AS last",
            "claude_events",
            "\nORDER BY last DESC\nLIMIT 50",
            "severity = 'error'",
        ),
        promql=f'sort_desc(sum by (kind) (increase(claude_events_total{{{_ON}, severity="error"}}'
        "[$__range])))",
    ),
)
