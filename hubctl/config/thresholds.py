"""Thresholds: what is measured, and from when on it is a warning or critical. One table.

Owns what each value is, the built-in limits and their direction; `thresholds` in canonical.yaml
overrides limits. Alerts, rules, health, reports and dashboards all read this, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubctl.config.layers import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

HOUR, DAY = "hour", "day"
SECONDS = {HOUR: 3600, DAY: 86_400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One figure's limits.

    Attributes:
        name: key in canonical.yaml; it ends in its unit.
        title: for people. unit: `ms`, `%`, `$`, `/h` or `lines`.
        measures: what the value is, the same wherever it is compared with a limit.
        window: HOUR or DAY, over which alerts measure it; a report measures over its days.
        needed: observations without which there is no level.
        above: whether more is worse (else less is).
        warning, critical: the limits; None for none.
    """

    name: str
    title: str
    unit: str
    measures: str
    window: str = ""
    needed: int = 1
    above: bool = True
    warning: float | None = None
    critical: float | None = None

    def level(self, value: float | None, have: int = 1) -> str:
        """`critical`, `warning`, or "" for a measured value; a limit itself is still fine.

        "" as well where there is no value, or fewer observations (`have`) than are needed.
        """
        if value is None or have < self.needed:
            return ""
        for word, limit in (("critical", self.critical), ("warning", self.warning)):
            if limit is not None and (value > limit if self.above else value < limit):
                return word
        return ""


DEFAULTS: tuple[Threshold, ...] = (
    Threshold(
        name="hook_latency_ms",
        title="Hook latency",
        unit="ms",
        measures="what 95 of 100 runs of a hook do not exceed",
        window=HOUR,
        needed=10,
        warning=100,
        critical=500,
    ),
    Threshold(
        name="agent_success_percent",
        title="Agent success",
        unit="%",
        measures="the share of finished subagents that came to an end and reported",
        window=DAY,
        needed=5,
        above=False,
        warning=80,
    ),
    Threshold(
        name="daily_cost_usd",
        title="Daily cost",
        unit="$",
        measures="what answers cost at list price",
        window=DAY,
        warning=30,
        critical=50,
    ),
    Threshold(
        name="context_percent",
        title="Context use",
        unit="%",
        measures="how full an answer of a main conversation left its context",
        window=HOUR,
        warning=80,
    ),
    Threshold(
        name="errors_per_hour",
        title="Errors",
        unit="/h",
        measures="events of severity error",
        window=HOUR,
        warning=10,
    ),
    Threshold(
        name="tool_failure_percent",
        title="Tool failures",
        unit="%",
        measures="the share of finished tool calls that did not work",
        window=HOUR,
        needed=10,
        warning=20,
    ),
    Threshold(
        name="instruction_lines",
        title="Lines of an instruction file",
        unit="lines",
        measures="the lines of one instruction file",
        warning=200,
    ),
)


def thresholds(document: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """The thresholds of a hub: the built-in ones with what canonical.yaml says; null is none."""
    section = mapping(document.get("thresholds"))
    return tuple(_with(row, mapping(section.get(row.name))) for row in DEFAULTS)


def _with(row: Threshold, written: dict[str, Any]) -> Threshold:
    given = {key: written[key] for key in ("warning", "critical") if key in written}
    return replace(row, **given)
