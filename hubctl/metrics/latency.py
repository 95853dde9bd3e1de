"""How long hooks take over a short time: what 95 of 100 runs of each do not exceed, exactly.

The one measure of a slow hook, for alerts and for Prometheus alike; over days the roll-ups know it
to 5 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.metrics.store import Store

PERCENT = 95
_ROWS = """
SELECT hook, duration_ms FROM claude_hooks
WHERE counted AND time > ? AND time <= ? AND duration_ms IS NOT NULL
ORDER BY hook, duration_ms
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """One hook's runs: how many, and the milliseconds that 95 of 100 do not exceed."""

    hook: str
    runs: int
    p95: float


def hook_latencies(store: Store, since: int, until: int) -> tuple[Latency, ...]:
    """Each hook that ran after `since` and up to `until` (microseconds), by name."""
    rows = store.rows(_ROWS, (since, until))
    found = []
    for hook, runs in groupby(rows, key=lambda row: str(row[0] or "(none)")):
        times = [float(row[1] or 0) for row in runs]
        found.append(Latency(hook=hook, runs=len(times), p95=percentile(times, PERCENT)))
    return tuple(found)


def percentile(times: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile of sorted times: a run that really was that long."""
    rank = -(-percent * len(times) // 100)
    return times[max(rank, 1) - 1]
