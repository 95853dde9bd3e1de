"""Renders a team's monitoring: data sources, dashboards and alerts of Grafana, Prometheus rules.

The files are templates of ours, built with Grafana's own SDK; here the hub's thresholds and hosts
are put in. Nothing where the folder is not on this machine.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hubctl.config.thresholds import thresholds
from hubctl.model.address import Address
from hubctl.model.item import FileText, Item
from hubctl.model.state import Scope
from hubctl.model.target import MONITORING
from hubctl.render.origin import hash_origin
from hubctl.render.spec import map_at, text_at
from hubctl.render.yaml_text import yaml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.model.target import Subject

NAME = "monitoring"
SPEC = ("infrastructure", "monitoring", "path")
# What is read of templates/monitoring.
TEMPLATES = (
    "questdb/dashboard.json",
    "questdb/alerts.json",
    "prometheus/dashboard.json",
    "prometheus/alerts.json",
    "prometheus/rules.json",
)
DASHBOARD = "grafana/dashboards/claude_metrics.json"
ALERTS = "grafana/provisioning/alerting/claude-alert-rules.yaml"
SOURCES = "grafana/provisioning/datasources/claude-metrics.yaml"
SECOND_DASHBOARD = "grafana/dashboards/claude_metrics_prometheus.json"
RULES = "prometheus/claude-rules.yaml"

_LIMIT = re.compile(r"@([a-z_]+)\.(warning|critical)")


class _Gone:
    """Stands for what has no limit, until the nearest list leaves it out."""


_GONE = _Gone()
Limits = dict[tuple[str, str], float | None]


def render(subject: Subject) -> tuple[Item, ...]:
    """The files for the stores that canonical.yaml names: QuestDB, Prometheus, or both.

    Without a QuestDB Prometheus is what Grafana asks.
    """
    if MONITORING not in subject.target.roots:
        return ()
    return tuple(_item(subject, path, text) for path, text in sorted(_texts(subject).items()))


def _item(subject: Subject, path: str, text: str) -> Item:
    return Item(
        address=Address(target=subject.target.name, path=f"{MONITORING}{path}"),
        value=FileText(text=text),
        scope=Scope.LOCAL,
        renderer=NAME,
        spec=SPEC,
    )


def _texts(subject: Subject) -> dict[str, str]:
    infrastructure = map_at(subject.document, "infrastructure")
    monitoring = map_at(infrastructure, NAME)
    questdb = isinstance(infrastructure.get("questdb"), dict)
    prometheus = not questdb or monitoring.get("prometheus_port") is not None
    filled = {name: _filled(subject, name) for name in TEMPLATES}
    first = "questdb" if questdb else "prometheus"
    line = hash_origin(subject.canonical)
    sources = {"apiVersion": 1, "datasources": list(_sources(infrastructure, prometheus))}
    texts = {
        DASHBOARD: _json(filled[f"{first}/dashboard.json"]),
        ALERTS: f"{line}\n{yaml_text(filled[f'{first}/alerts.json'])}",
        SOURCES: f"{line}\n{yaml_text(sources)}",
    }
    if prometheus:
        texts[RULES] = f"{line}\n{yaml_text(filled['prometheus/rules.json'])}"
    if questdb and prometheus:
        texts[SECOND_DASHBOARD] = _json(filled["prometheus/dashboard.json"])
    return texts


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _filled(subject: Subject, name: str) -> Any:
    """A template with the hub's thresholds in it."""
    text = next(one.text for one in subject.sources[NAME] if one.name == name)
    limits: Limits = {}
    for row in thresholds(subject.document):
        limits[row.name, "warning"] = row.warning
        limits[row.name, "critical"] = row.critical
    return _fill(json.loads(text), limits)


def _fill(node: Any, limits: Limits) -> Any:
    if isinstance(node, dict):
        made = {key: _fill(value, limits) for key, value in node.items()}
        made.pop("limit", None)
        lost = _is_without(node.get("limit"), limits) or _is_without(node.get("value"), limits)
        return _GONE if lost else made
    if isinstance(node, list):
        return [made for made in (_fill(one, limits) for one in node) if made is not _GONE]
    return _put(node, limits) if isinstance(node, str) else node


def _is_without(value: object, limits: Limits) -> bool:
    """Whether a value is a limit that this hub does not have."""
    found = _LIMIT.fullmatch(value) if isinstance(value, str) else None
    return found is not None and limits[found[1], found[2]] is None


def _put(text: str, limits: Limits) -> str | float | None:
    whole = _LIMIT.fullmatch(text)
    if whole:
        return _number(limits[whole[1], whole[2]])
    return _LIMIT.sub(lambda one: f"{_number(limits[one[1], one[2]])}", text)


def _number(limit: float | None) -> float | None:
    return int(limit) if limit is not None and limit == int(limit) else limit


def _sources(infrastructure: Mapping[str, object], prometheus: bool) -> Iterator[dict[str, Any]]:
    """What Grafana asks. A password comes from Grafana's own environment."""
    questdb = map_at(infrastructure, "questdb")
    if isinstance(infrastructure.get("questdb"), dict):
        yield {
            "name": "Claude metrics (QuestDB)",
            "uid": "claude-questdb",
            "type": "grafana-postgresql-datasource",
            "access": "proxy",
            "url": f"{_host(questdb)}:{questdb.get('pg_port') or 8812}",
            "user": text_at(questdb, "user") or "admin",
            "jsonData": {"database": text_at(questdb, "database") or "qdb", "sslmode": "disable"},
            "secureJsonData": {"password": "$QUESTDB_PASSWORD"},
        }
    monitoring = map_at(infrastructure, NAME)
    if prometheus:
        yield {
            "name": "Claude metrics (Prometheus)",
            "uid": "claude-prometheus",
            "type": "prometheus",
            "access": "proxy",
            "url": f"http://{_host(monitoring)}:{monitoring.get('prometheus_port') or 9090}",
        }


def _host(section: Mapping[str, object]) -> str:
    host = text_at(section, "host") or "localhost"
    return f"[{host}]" if ":" in host else host
