"""The alert engine: what every threshold of a hub is measured against, and how bad that is.

The windows are those of the rules that are rendered for Grafana and Prometheus: one question, asked
in three places. Owns which readings there are; who is told is `telling`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND, day_of
from hubctl.reports.document import in_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store

HOUR, DAY = "hour", "day"
WINDOWS = {HOUR: 3600 * SECOND, DAY: 86_400 * SECOND}
LEVELS = ("warning", "critical")
_UNITS = {"$": "usd", "lines": "lines", "/h": "an hour"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value against its threshold.

    Attributes:
        threshold: with its limits. subject: of what, as a hook; "" for everything.
        value: None where there is nothing to measure. window: HOUR or DAY, up to now.
        have, needed: observations; with fewer than are needed there is no level.
        at_least: the true value is more: part of it is unknown.
    """

    threshold: Threshold
    window: str
    value: float | None = None
    subject: str = ""
    have: int = 0
    needed: int = 1
    at_least: bool = False

    @property
    def level(self) -> str:
        """`critical`, `warning`, or "" for fine and for too little data."""
        if self.value is None or self.have < self.needed:
            return ""
        return self.threshold.level(self.value)

    @property
    def key(self) -> str:
        """What makes it this one alert."""
        return f"{self.threshold.name}/{self.subject}" if self.subject else self.threshold.name

    @property
    def text(self) -> str:
        """The value with its unit."""
        if self.have < self.needed:
            return f"collecting data ({self.have}/{self.needed})"
        unit = self.threshold.unit
        text = in_unit(self.value, _UNITS.get(unit, unit))
        return f"≥{text}" if self.at_least and self.value is not None else text

    @property
    def limit(self) -> str:
        """The limit that it is beyond, or the first that it would meet."""
        one = self.threshold
        limit = one.critical if self.level == "critical" else one.warning
        limit = one.critical if limit is None else limit
        return in_unit(limit, _UNITS.get(one.unit, one.unit)) if limit is not None else "none"

    @property
    def sentence(self) -> str:
        """What is to be told."""
        of = f" of {self.subject}" if self.subject else ""
        side = "above" if self.threshold.above else "below"
        return (
            f"{self.threshold.title}{of}: {self.text} in the last {self.window},"
            f" {side} the {self.level} limit of {self.limit}"
        )


def readings(store: Store, limits: Mapping[str, Threshold], now: int) -> tuple[Reading, ...]:
    """Every reading, in the order of the thresholds. `now`: microseconds."""
    found: list[Reading] = []
    for name, ask in _READERS.items():
        threshold = limits[name]
        if (threshold.warning, threshold.critical) != (None, None):
            found += ask(store, threshold, now)
    return tuple(found)


def period_of(reading: Reading, now: int) -> str:
    """The period in which an alert is told once: the hour, or the local day."""
    return day_of(now) if reading.window == DAY else str(now // WINDOWS[HOUR])


def _asked(
    store: Store, question: str, window: str, now: int, more: str = ""
) -> list[tuple[Scalar, ...]]:
    """`question` is cells and a table, of the rows that count in a window up to now."""
    return store.rows(
        f"SELECT {question} WHERE counted AND time > ? AND time <= ?{more}",
        (now - WINDOWS[window], now),
    )


def _errors(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    [(count,)] = _asked(store, "count(*) FROM claude_events", HOUR, now, " AND severity = 'error'")
    yield Reading(threshold=threshold, window=HOUR, value=float(count or 0), have=1)


def _hooks(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    rows = _asked(
        store,
        "hook, avg(duration_ms), count(duration_ms) FROM claude_hooks",
        HOUR,
        now,
        " GROUP BY hook ORDER BY hook",
    )
    if not rows:
        yield Reading(threshold=threshold, window=HOUR)
    for hook, mean, count in rows:
        yield Reading(
            threshold=threshold,
            window=HOUR,
            subject=str(hook or "(none)"),
            value=None if mean is None else float(mean),
            have=int(count or 0),
        )


def _agents(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "100.0 * sum(success) / count(success), count(success) FROM claude_agents"
    [(share, known)] = _asked(store, cells, DAY, now)
    yield _share(threshold, DAY, share, known, 5)


def _tools(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "100.0 * sum(success = 0) / count(success), count(success) FROM claude_tool_usage"
    [(share, known)] = _asked(store, cells, HOUR, now)
    yield _share(threshold, HOUR, share, known, 10)


def _share(threshold: Threshold, window: str, share: Scalar, known: Scalar, needed: int) -> Reading:
    return Reading(
        threshold=threshold,
        window=window,
        value=None if share is None else float(share),
        have=int(known or 0),
        needed=needed,
    )


def _cost(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    cells = "sum(cost_usd), count(*), coalesce(sum(cost_usd IS NULL), 0) FROM claude_context"
    [(cost, count, unpriced)] = _asked(store, cells, DAY, now)
    none = 0.0 if not count else None
    yield Reading(
        threshold=threshold,
        window=DAY,
        value=none if cost is None else float(cost),
        have=1,
        at_least=bool(unpriced),
    )


def _context(store: Store, threshold: Threshold, now: int) -> Iterator[Reading]:
    rows = _asked(
        store,
        "session, percent, max(time) FROM claude_context",
        HOUR,
        now,
        " AND NOT sidechain AND percent IS NOT NULL GROUP BY session ORDER BY session",
    )
    fullest = max(rows, key=lambda row: float(row[1] or 0), default=None)
    if fullest is None:
        yield Reading(threshold=threshold, window=HOUR)
    else:
        yield Reading(
            threshold=threshold,
            window=HOUR,
            subject=f"session {str(fullest[0])[:8]}",
            value=float(fullest[1] or 0),
            have=1,
        )


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
