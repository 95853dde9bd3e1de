"""What the renderer makes of monitoring for a hub, as parsed files."""

from __future__ import annotations

import json
from dataclasses import replace

from ruamel.yaml import YAML

from hubctl.fleet.rendering import shipped_monitoring
from hubctl.model.target import MONITORING, Facts, Subject, Target
from hubctl.render.monitoring import render
from tests.render.golden_case import MACHINE

DASHBOARD = "grafana/dashboards/claude_metrics.json"
SECOND = "grafana/dashboards/claude_metrics_prometheus.json"
ALERTS = "grafana/provisioning/alerting/claude-alert-rules.yaml"
SOURCES = "grafana/provisioning/datasources/claude-metrics.yaml"
RULES = "prometheus/claude-rules.yaml"
EVERYTHING = {"questdb": {}, "monitoring": {"path": "~/m", "prometheus_port": 9090}}
ALONE = {"monitoring": {"path": "~/m"}}  # Prometheus is what Grafana asks


def texts(infrastructure, thresholds=None):
    subject = Subject(
        target=Target(name="host", root="/home/dev", roots={MONITORING: "/home/dev/m"}),
        facts=Facts(git=False, monitoring=True),
        machine=replace(MACHINE),
        hub="team",
        canonical="canonical.yaml",
        spec={"name": "host"},
        sources={"monitoring": shipped_monitoring()},
        document={"infrastructure": infrastructure, "thresholds": thresholds or {}},
    )
    return {item.address.path.removeprefix(MONITORING): item.value.text for item in render(subject)}


def files(infrastructure, thresholds=None):
    return {
        path: json.loads(text) if path.endswith(".json") else YAML(typ="safe").load(text)
        for path, text in texts(infrastructure, thresholds).items()
    }


def panels(dashboard):
    """Title and query of every panel."""
    return [
        (panel["title"], target) for panel in dashboard["panels"] for target in panel["targets"]
    ]


def rules(alerts):
    return [rule for group in alerts["groups"] for rule in group["rules"]]


def fires(rule, value):
    """What Grafana's threshold expression says of a value."""
    [condition] = rule["data"][1]["model"]["conditions"]
    [limit] = condition["evaluator"]["params"]
    return value > limit if condition["evaluator"]["type"] == "gt" else value < limit
