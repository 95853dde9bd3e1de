"""The alert engine: what is measured now against every threshold of a hub, and how bad that is.

What a threshold measures, over which time and from how many observations on is said by its table
(config/thresholds.py), for the rules of Grafana and Prometheus too. Owns which readings there are;
who is told is `telling`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.thresholds import SECONDS
from hubctl.metrics.days import SECOND
from hubctl.metrics.latency import hook_latencies
from hubctl.reports.document import in_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store

LEVELS = ("warning", "critical")
_UNITS = {"$": "usd", "lines": "lines", "/h": "an hour"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value against its threshold.

    Attributes:
        threshold: with its limits. subject: of what, as a hook; "" for everything.
        value: None where there is nothing to measure. have: observations.
        at_least: the true value is more: part of it is unknown.
    """

    threshold: Threshold
    value: float | None = None
    subject: str = ""
    have: int = 0
    at_least: bool = False

    @property
    def level(self) -> str:
        """`critical`, `warning`, or "" for fine and for too little data."""
        return self.threshold.level(self.value, self.have)

    @property
    def key(self) -> str:
        """What makes it this one alert."""
        return f"{self.threshold.name}/{self.subject}" if self.subject else self.threshold.name

    @property
    def text(self) -> str:
        """The value with its unit."""
        if self.have < self.threshold.needed:
            return f"collecting data ({self.have}/{self.threshold.needed})"
        unit = self.threshold.unit
        text = in_unit(self.value, _UNITS.get(unit, unit))
        return f"≥{text}" if self.at_least and self.value is not None else text

    @property
    def limit(self) -> str:
        """The limit that it is beyond, or the first that it would meet."""
        one = self.threshold
        limit = one.critical if self.level == "critical" else one.warning
        return limit_text(one, one.critical if limit is None else limit)

    @property
    def sentence(self) -> str:
        """What is to be told."""
        of = f" of {self.subject}" if self.subject else ""
        side = "above" if self.threshold.above else "below"
        return (
            f"{self.threshold.title}{of}: {self.text} in the last {self.threshold.window},"
            f" {side} the {self.level} limit of {self.limit}"
        )


def limit_text(threshold: Threshold, limit: float | None) -> str:
    """A limit with its unit; `none` where there is none."""
    return "none" if limit is None else in_unit(limit, _UNITS.get(threshold.unit, threshold.unit))


def readings(store: Store, limits: Mapping[str, Threshold], now: int) -> tuple[Reading, ...]:
    """Every reading, in the order of the thresholds. `now`: microseconds."""
    found: list[Reading] = []
    for name, ask in _READERS.items():
        threshold = limits[name]
        if (threshold.warning, threshold.critical) != (None, None):
            found += ask(store, threshold, now)
    return tuple(found)


def _asked(
    store: Store, question: str, threshold: Threshold, now: int, more: str = ""
) -> list[tuple[Scalar, ...]]:
    """`question` is cells and a table, of the rows that count in the window up to now."""
    return store.rows(
        f"SELECT {question} WHERE counted AND time > ? AND time <= ?{more}",
        (_since(threshold, now), now),
    )


def _since(threshold: Threshold, now: int) -> int:
    return now - SECONDS[threshold.window] * SECOND


def _errors(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells, more = "count(*) FROM claude_events", " AND severity = 'error'"
    [(count,)] = _asked(store, cells, threshold, now, more)
    yield Reading(threshold=threshold, value=float(count or 0), have=1)


def _hooks(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    found = hook_latencies(store, _since(threshold, now), now)
    if not found:
        yield Reading(threshold=threshold)
    for one in found:
        yield Reading(threshold=threshold, subject=one.hook, value=one.p95, have=one.runs)


def _agents(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "100.0 * sum(success) / count(success), count(success) FROM claude_agents"
    yield _share(threshold, *_asked(store, cells, threshold, now)[0])


def _tools(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "100.0 * sum(success = 0) / count(success), count(success) FROM claude_tool_usage"
    yield _share(threshold, *_asked(store, cells, threshold, now)[0])


def _share(threshold: Threshold, share: Scalar, known: Scalar) -> Reading:
    value = None if share is None else float(share)
    return Reading(threshold=threshold, value=value, have=int(known or 0))


def _cost(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "sum(cost_usd), count(*), coalesce(sum(cost_usd IS NULL), 0) FROM claude_context"
    [(cost, count, unpriced)] = _asked(store, cells, threshold, now)
    none = 0.0 if not count else None
    yield Reading(
        threshold=threshold,
        value=none if cost is None else float(cost),
        have=1,
        at_least=bool(unpriced),
    )


def _context(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    """Each session whose newest answer is beyond the limit; else the fullest one."""
    rows = _asked(
        store,
        "session, percent, max(time) FROM claude_context",
        threshold,
        now,
        " AND NOT sidechain AND percent IS NOT NULL GROUP BY session ORDER BY session",
    )
    found = [
        Reading(
            threshold=threshold,
            subject=f"session {str(session)[:8]}",
            value=float(percent or 0),
            have=1,
        )
        for session, percent, _ in rows
    ]
    found.sort(key=lambda one: -(one.value or 0))
    beyond = [one for one in found if one.level]
    yield from beyond or found[:1] or [Reading(threshold=threshold)]


# The thresholds that are measured in the store, and how; `instruction_lines` is of files.
_READERS: dict[str, Callable[[Store, Threshold, int], Iterator[Reading]]] = {
    "errors_per_hour": _errors,
    "hook_latency_ms": _hooks,
    "agent_success_percent": _agents,
    "daily_cost_usd": _cost,
    "tool_failure_percent": _tools,
    "context_percent": _context,
}
MEASURED = tuple(_READERS)
