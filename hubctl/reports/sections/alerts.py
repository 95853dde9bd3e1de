"""Alerts in a page: what is beyond its limit now, by the one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.reports.alerts.readings import readings
from hubctl.reports.document import COUNT, Figure, Section, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.store import Store

_HEAD = ("Level", "Threshold", "Of", "Measured", "Limit", "In the last")


def alerts_section(store: Store, limits: Mapping[str, Threshold], now: int) -> Section:
    """The readings beyond their limits, the worst first. `now`: microseconds."""
    beyond = [one for one in readings(store, limits, now) if one.level]
    beyond.sort(key=lambda one: one.level != "critical")
    level = beyond[0].level if beyond else ""
    rows = tuple(
        (
            one.level,
            one.threshold.title,
            one.subject or "all",
            one.text,
            one.limit,
            one.threshold.window,
        )
        for one in beyond
    )
    figure = Figure(
        id="beyond",
        title="Beyond a limit",
        unit=COUNT,
        value=len(beyond),
        definition="Thresholds that are exceeded now.",
        source="hubctl alerts",
        level=level,
    )
    table = Table(title="Beyond a limit", head=_HEAD, rows=rows, right=(3, 4))
    return Section(
        id="alerts",
        title="Alerts",
        about="Limits: `thresholds` in canonical.yaml.",
        figures=(figure,),
        tables=(table,) if rows else (),
    )
