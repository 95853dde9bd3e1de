"""Thresholds: from when on a figure is a warning or critical. One table, many readers.

Owns the built-in values and their direction; `thresholds` in canonical.yaml overrides them. Checks,
alerts and dashboards all read this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubctl.config.layers import mapping

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One figure's limits.

    Attributes:
        name: key in canonical.yaml; it ends in its unit.
        title: for people. unit: `ms`, `%`, `$`, `/h` or `lines`.
        above: whether more is worse (else less is).
        warning, critical: the limits; None for none.
    """

    name: str
    title: str
    unit: str
    above: bool = True
    warning: float | None = None
    critical: float | None = None

    def level(self, value: float) -> str:
        """`critical`, `warning`, or "" for a measured value; a limit itself is still fine."""
        for word, limit in (("critical", self.critical), ("warning", self.warning)):
            if limit is not None and (value > limit if self.above else value < limit):
                return word
        return ""


DEFAULTS: tuple[Threshold, ...] = (
    Threshold(name="hook_latency_ms", title="Hook latency", unit="ms", warning=100, critical=500),
    Threshold(
        name="agent_success_percent", title="Agent success", unit="%", above=False, warning=80
    ),
    Threshold(name="daily_cost_usd", title="Daily cost", unit="$", warning=30, critical=50),
    Threshold(name="context_percent", title="Context use", unit="%", warning=80),
    Threshold(name="errors_per_hour", title="Errors", unit="/h", warning=10),
    Threshold(name="tool_failure_percent", title="Tool failures", unit="%", warning=20),
    Threshold(
        name="instruction_lines", title="Lines of an instruction file", unit="lines", warning=200
    ),
)


def thresholds(document: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """The thresholds of a hub: the built-in ones with what canonical.yaml says; null is none."""
    section = mapping(document.get("thresholds"))
    return tuple(_with(row, mapping(section.get(row.name))) for row in DEFAULTS)


def _with(row: Threshold, written: dict[str, Any]) -> Threshold:
    given = {key: written[key] for key in ("warning", "critical") if key in written}
    return replace(row, **given)
