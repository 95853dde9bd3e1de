"""A span against the hub's limits: what each threshold measures, over the days of a report.

The readings of alerts are of the last hour or day; these are of a whole span, so they tell what was
beyond a limit in it, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND
from hubctl.reports.alerts.readings import Reading, limit_text
from hubctl.reports.document import COUNT, Figure, Section, Table
from hubctl.reports.rollups import summed, whole
from hubctl.reports.usage import Only, days
from hubctl.reports.wording import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span
    from hubctl.reports.totals import Totals

_HOUR = 3600 * SECOND
_HEAD = ("Threshold", "Level", "Worst", "Of", "Warning", "Critical")
_ROWS = {
    "fullest": "SELECT percent, session FROM claude_context WHERE time >= ? AND time < ?"
    " AND counted AND NOT sidechain AND percent IS NOT NULL ORDER BY percent DESC, session LIMIT 1",
    "errors": "SELECT count(*), time / ? FROM claude_events WHERE time >= ? AND time < ?"
    " AND counted AND severity = 'error' GROUP BY 2 ORDER BY 1 DESC, 2 LIMIT 1",
}


def limits_section(store: Store, span: Span, limits: Mapping[str, Threshold]) -> Section:
    """Every threshold with the worst of the span, beyond its limits first."""
    found = [
        ask(store, span, limits[name])
        for name, ask in _READERS.items()
        if (limits[name].warning, limits[name].critical) != (None, None)
    ]
    order = {"critical": 0, "warning": 1, "": 2}
    found.sort(key=lambda one: order[one.level])
    beyond = [one for one in found if one.level]
    figure = Figure(
        id="beyond",
        title="Beyond a limit",
        unit=COUNT,
        value=len(beyond),
        definition="Thresholds of which something was beyond a limit in these days.",
        source="the limits below",
        level=beyond[0].level if beyond else "",
    )
    table = Table(
        title="Limits, and the worst of each",
        head=_HEAD,
        rows=tuple(map(_cells, found)),
        right=(2, 4, 5),
    )
    return Section(
        id="glance",
        title="At a glance",
        about="Limits: `thresholds` in canonical.yaml.",
        figures=(figure,),
        tables=(table,) if found else (),
    )


def _cells(one: Reading) -> tuple[str, ...]:
    threshold = one.threshold
    few = one.have < threshold.needed
    unknown = few or one.value is None
    return (
        threshold.title,
        one.level or ("–" if unknown else "within"),
        "nothing yet" if unknown and not few else one.text,
        one.subject,
        *(limit_text(threshold, limit) for limit in (threshold.warning, threshold.critical)),
    )


def _errors(store: Store, span: Span, threshold: Threshold) -> Reading:
    rows = store.rows(_ROWS["errors"], (_HOUR, *span.times))
    if not rows:
        return Reading(threshold=threshold, value=0.0, have=1)
    hour = f"the hour of {clock(int(rows[0][1] or 0) * _HOUR)}"
    return Reading(threshold=threshold, value=float(rows[0][0] or 0), subject=hour, have=1)


def _hooks(store: Store, span: Span, threshold: Threshold) -> Reading:
    found = summed(store, "claude_hooks", span, by="hook")
    enough = [one for one in found if one.count >= threshold.needed]
    if not enough:
        return Reading(threshold=threshold, have=max((one.count for one in found), default=0))
    slowest = max(enough, key=lambda one: (one.quantile(0.95) or 0.0, one.name))
    value = slowest.quantile(0.95)
    return Reading(threshold=threshold, value=value, subject=slowest.name, have=slowest.count)


def _agents(store: Store, span: Span, threshold: Threshold) -> Reading:
    one = whole(store, "claude_agents", span)
    failed = one.share("failures", "finished")
    value = None if failed is None else 100 - failed
    return Reading(threshold=threshold, value=value, subject="all", have=int(one["finished"]))


def _tools(store: Store, span: Span, threshold: Threshold) -> Reading:
    one = whole(store, "claude_tool_usage", span)
    share = one.share("failures", "finished")
    return Reading(threshold=threshold, value=share, subject="all", have=int(one["finished"]))


def _cost(store: Store, span: Span, threshold: Threshold) -> Reading:
    found = days(store, span, Only())
    if not found:
        return Reading(threshold=threshold, value=0.0, have=1)
    day, most = max(found.items(), key=lambda one: (_dollars(one[1]), one[0]))
    return Reading(
        threshold=threshold,
        value=most.cost_usd,
        subject=day,
        have=1,
        at_least=not most.is_known,
    )


def _dollars(totals: Totals) -> float:
    return totals.cost_usd or 0.0


def _context(store: Store, span: Span, threshold: Threshold) -> Reading:
    rows = store.rows(_ROWS["fullest"], span.times)
    if not rows:
        return Reading(threshold=threshold)
    subject = f"session {str(rows[0][1])[:8]}"
    return Reading(threshold=threshold, value=float(rows[0][0] or 0), subject=subject, have=1)


_READERS: dict[str, Callable[[Store, Span, Threshold], Reading]] = {
    "errors_per_hour": _errors,
    "hook_latency_ms": _hooks,
    "agent_success_percent": _agents,
    "daily_cost_usd": _cost,
    "tool_failure_percent": _tools,
    "context_percent": _context,
}
