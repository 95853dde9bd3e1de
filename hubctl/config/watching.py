"""What `metrics.alerts.every` and `metrics.report` add below everything of the host: two timers.

One checks the thresholds, one writes the weekly report into a folder. Both can be overridden where
the host says otherwise. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Contribution, Layer, mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

ALERTS, REPORT = "alerts", "performance-monitor"
SUNDAY = "Sun *-*-* 20:00:00"
# Exit code 1 says that a limit is exceeded: no failure of the unit.
_FINE = {"Service": {"SuccessExitStatus": "1", "EnvironmentFile": "-%h/.config/hubctl/alerts.env"}}
_LIGHT = {"memory_max": "512M", "nice": 5, "timeout": "10min"}


def watching_layer(document: Mapping[str, Any]) -> Layer:
    """The timers that canonical.yaml asks for; none where it does not."""
    metrics = mapping(document.get("metrics"))
    found = (
        (("metrics", "alerts", "every"), _alerts(mapping(metrics.get("alerts")))),
        (("metrics", "report"), _report(mapping(metrics.get("report")))),
    )
    return Layer(
        text="metrics",
        contributions=tuple(
            Contribution(at=("units",), source=source, value=units)
            for source, units in found
            if units
        ),
    )


def _alerts(section: Mapping[str, Any]) -> dict[str, Any]:
    every = section.get("every")
    if not every:
        return {}
    unit = {
        "description": "Tells of thresholds that are exceeded",
        "command": ["hubctl", "alerts", "check"],
        "every": every,
        "systemd": _FINE,
        **_LIGHT,
    }
    return {ALERTS: unit}


def _report(section: Mapping[str, Any]) -> dict[str, Any]:
    folder = section.get("folder")
    if not folder:
        return {}
    unit = {
        "description": "Writes the weekly report: cost, slow hooks, tools, limits",
        "command": ["hubctl", "report", "weekly", "--output", f"{folder.rstrip('/')}/"],
        "schedule": section.get("schedule") or SUNDAY,
        "persistent": True,
        **_LIGHT,
    }
    return {REPORT: unit}
