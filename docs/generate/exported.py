"""The page of what Prometheus is told, and of the alerts made from it."""

from __future__ import annotations

from hubctl.metrics.export.prometheus import FAMILIES, NEWEST, P95

from .alert_rules import ALERTS
from .markdown import table

HEAD = """\
# Counters for Prometheus

What `hubctl metrics prometheus` and `/metrics` of `hubctl collect` tell. All are over what counts
once; how to have them read is in [the guide](../guides/team-metrics.md).

"""
ALERTS_HEAD = """
## Alerts

Rendered for Grafana and Prometheus by the [renderer](renderers.md) `monitoring`, each at every
level that [`thresholds`](canonical.md) has a limit for.

"""


def page() -> str:
    """Families and alerts, as their tables have them."""
    families = [
        (f"`{one.name}`", one.kind, ", ".join(f"`{name}`" for name in one.labels), one.help)
        for one in (*FAMILIES, P95, NEWEST)
    ]
    alerts = [
        (
            alert.title,
            f"`thresholds.{alert.threshold}`",
            "above" if alert.above else "below",
            f"{alert.of.measures}, over one {alert.of.window}",
            f"{alert.of.needed}",
        )
        for alert in ALERTS
    ]
    return (
        HEAD
        + table(("name", "kind", "labels", "what it is"), families)
        + ALERTS_HEAD
        + table(("alert", "limit", "fires", "value", "from so many on"), alerts)
    )
