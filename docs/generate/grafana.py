"""Builds Grafana's files with grafana-foundation-sdk: a dashboard and alert rules for each store.

They hold `@name.level` where a threshold of canonical.yaml belongs; the renderer `monitoring` puts
those in. The SDK is needed here alone, never by the program.
"""

from __future__ import annotations

import json
from typing import Any

from grafana_foundation_sdk.builders import alerting, dashboard, expr, prometheus, stat, table
from grafana_foundation_sdk.builders import timeseries as series
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import alerting as alerting_model
from grafana_foundation_sdk.models import common as common_model
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import expr as expr_model

from hubctl.config.thresholds import DEFAULTS

from .alert_rules import FOR, GROUP, Alert, labels, limit, prometheus_rules, rules
from .panels import PANELS, SERIES, STAT, TABLE, Panel

QUESTDB, PROMETHEUS = "questdb", "prometheus"
# The built-in source for PostgreSQL's wire protocol: no plug-in has to be installed.
SOURCES = {
    QUESTDB: ("grafana-postgresql-datasource", "claude-questdb"),
    PROMETHEUS: ("prometheus", "claude-prometheus"),
}
FOLDER = "Claude Code"
_WIDTHS = {STAT: 4, SERIES: 12, TABLE: 12}
_HEIGHTS = {STAT: 5, SERIES: 8, TABLE: 8}
_MACHINES = "SELECT DISTINCT machine FROM claude_sessions"
_PROJECTS = " UNION ".join(
    f"SELECT DISTINCT coalesce(project, 'none') AS project FROM {name}"  # noqa: S608
    for name in ("claude_sessions", "claude_hooks", "claude_events", "claude_context")
)


class Sql:
    """A query of the PostgreSQL source; also its own builder, the SDK having none."""

    def __init__(self, store: str, sql: str, kind: str) -> None:
        self._store, self._sql, self._kind = store, sql, kind

    def build(self) -> SqlQuery:
        """The query as the SDK takes it."""
        return SqlQuery(self.fields())

    def fields(self) -> dict[str, Any]:
        """The query as Grafana has it."""
        return {
            "datasource": {"type": SOURCES[self._store][0], "uid": SOURCES[self._store][1]},
            "editorMode": "code",
            "format": "time_series" if self._kind == SERIES else "table",
            "rawQuery": True,
            "rawSql": self._sql,
            "refId": "A",
        }


class SqlQuery(Dataquery):
    """What the SDK puts into a panel."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return self._fields


def files() -> dict[str, str]:
    """Path below templates/monitoring → text."""
    made: dict[str, Any] = {f"{store}/dashboard.json": _dashboard(store) for store in SOURCES}
    made |= {f"{store}/alerts.json": _alerts(store) for store in SOURCES}
    made[f"{PROMETHEUS}/rules.json"] = prometheus_rules()
    return {path: f"{_text(content)}\n" for path, content in made.items()}


def _text(content: object) -> str:
    return json.dumps(content, cls=JSONEncoder, indent=2, ensure_ascii=False, sort_keys=True)


def _dashboard(store: str) -> model.Dashboard:
    made = (
        dashboard.Dashboard(f"Claude Code ({'QuestDB' if store == QUESTDB else 'Prometheus'})")
        .uid(f"claude-metrics-{store}")
        .description("Sessions, cost, tools, hooks, subagents, tasks. Rendered by hubctl.")
        .tags(["claude-code"])
        .timezone("browser")
        .time("now-7d", "now")
        .refresh("5m")
        .readonly()
    )
    for variable in _variables(store):
        made = made.with_variable(variable)
    ordered = sorted(PANELS, key=lambda panel: (STAT, SERIES, TABLE).index(panel.kind))
    for number, panel in enumerate(ordered, 1):
        made = made.with_panel(_panel(store, panel).id(number))
    return made.build()


def _variables(store: str) -> list[Any]:
    source = _reference(store)
    if store == PROMETHEUS:
        return [
            _variable("instance", "Machine", "label_values(claude_calls_total, instance)", source)
        ]
    return [
        _variable("machine", "Machine", _MACHINES, source),
        _variable("project", "Project", _PROJECTS, source),
    ]


def _variable(name: str, label: str, query: str, source: model.DataSourceRef) -> Any:
    everything = model.VariableOption(selected=True, text=["All"], value=["$__all"])
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .query(query)
        .datasource(source)
        .multi(True)
        .include_all(True)
        .current(everything)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
    )


def _reference(store: str) -> model.DataSourceRef:
    kind, uid = SOURCES[store]
    return model.DataSourceRef(type_val=kind, uid=uid)


def _panel(store: str, panel: Panel) -> Any:
    kinds = {STAT: stat.Panel, SERIES: series.Panel, TABLE: table.Panel}
    made = (
        kinds[panel.kind]()
        .title(panel.title)
        .description(panel.says)
        .datasource(_reference(store))
        .unit(panel.unit if panel.kind != TABLE else "short")
        .span(_WIDTHS[panel.kind])
        .height(_HEIGHTS[panel.kind])
        .with_target(_query(store, panel))
    )
    if panel.kind == SERIES:
        made = made.interval("1m")
    if panel.threshold:
        made = made.thresholds(_steps(panel))
        if panel.kind == SERIES:
            style = common_model.GraphThresholdsStyleConfig(
                mode=common_model.GraphThresholdsStyleMode.DASHED
            )
            made = made.thresholds_style(Built(style))
    return made


class Built:
    """A finished value where the SDK takes only builders and has none."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def build(self) -> Any:
        """The value."""
        return self._value


def _query(store: str, panel: Panel) -> Any:
    if store == QUESTDB:
        return Sql(store, panel.sql, panel.kind)
    made = (
        prometheus.Dataquery()
        .ref_id("A")
        .expr(panel.promql)
        .legend_format(panel.legend or "__auto")
    )
    if panel.kind == SERIES:
        return made.range()
    form = prometheus.prometheus.PromQueryFormat
    return made.instant().format(form.TABLE if panel.kind == TABLE else form.TIME_SERIES)


def _steps(panel: Panel) -> dashboard.ThresholdsConfig:
    """Colours from limit to limit; a limit that a hub does not have is left out of them."""
    above = next(row.above for row in DEFAULTS if row.name == panel.threshold)
    colours = ("green", "yellow", "red") if above else ("red", "yellow", "green")
    levels = ("warning", "critical") if above else ("critical", "warning")
    steps = [model.Threshold(value=None, color=colours[0])]
    for level, colour in zip(levels, colours[1:], strict=True):
        value: Any = f"@{panel.threshold}.{level}"
        steps.append(model.Threshold(value=value, color=colour))
    return dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)


def _alerts(store: str) -> dict[str, Any]:
    """Alert rules as a provisioning file has them; the SDK knows the API's form."""
    return {
        "apiVersion": 1,
        "groups": [
            {
                "orgId": 1,
                "name": GROUP,
                "folder": FOLDER,
                "interval": "1m",
                "rules": [_rule(store, alert, level) for alert, level in rules()],
            }
        ],
    }


_OF_A_FILE = (
    *("uid", "title", "condition", "data", "noDataState", "execErrState", "for"),
    *("annotations", "labels"),
)


def _rule(store: str, alert: Alert, level: str) -> dict[str, Any]:
    machine = "instance" if store == PROMETHEUS else "machine"
    summary = f"{alert.title} on {{{{ .Labels.{machine} }}}}"
    value = '{{ printf "%.1f" .Values.A.Value }}'
    says = f"{value} {alert.told}; the limit is {limit(alert, level)}"
    made = (
        alerting.Rule(f"{alert.title} ({level})")
        .uid(f"claude-{alert.threshold.replace('_', '-')}-{level}")
        .condition("B")
        .no_data_state("OK")
        .exec_err_state("Error")
        .for_val(FOR)
        .annotations({"summary": summary, "description": says})
        .labels(labels(alert, level))
        .with_query(_measured(store, alert))
        .with_query(_compared(alert, level))
    )
    found = json.loads(json.dumps(made.build(), cls=JSONEncoder))
    return {"limit": limit(alert, level), **{key: found[key] for key in _OF_A_FILE}}


def _measured(store: str, alert: Alert) -> alerting.Query:
    query: Any = (
        Sql(store, alert.sql, TABLE)
        if store == QUESTDB
        else prometheus.Dataquery().ref_id("A").expr(alert.promql).instant()
    )
    return (
        alerting.Query("A")
        .datasource_uid(SOURCES[store][1])
        .relative_time_range(alerting_model.RelativeTimeRange(from_val=alert.seconds, to=0))
        .model(query)
    )


def _compared(alert: Alert, level: str) -> alerting.Query:
    kind: Any = "gt" if alert.above else "lt"
    params: Any = [limit(alert, level)]
    evaluator = expr_model.ExprTypeThresholdConditionsEvaluator(params=params, type_val=kind)
    condition = expr_model.ExprTypeThresholdConditions(evaluator=evaluator)
    threshold = (
        expr.TypeThreshold()
        .ref_id("B")
        .expression("A")
        .datasource(model.DataSourceRef(type_val="__expr__", uid="__expr__"))
        .conditions([Built(condition)])
    )
    return (
        alerting.Query("B")
        .datasource_uid("__expr__")
        .relative_time_range(alerting_model.RelativeTimeRange(from_val=alert.seconds, to=0))
        .model(threshold)
    )
