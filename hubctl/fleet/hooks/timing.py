"""How long hooks took: by the spool that they write, and by what the client's transcripts say.

The spool times each hook inside the dispatcher; a transcript times whole processes, of anybody's
hooks. Its format is the client's own business: only durations beside a command or an event count.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hubctl.documents.hook_groups import own_id
from hubctl.metrics.latency import PERCENT, percentile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.store import Store

SPOOL, TRANSCRIPT = "spool", "transcript"
DISPATCHER = "dispatcher"
DURATION = "durationMs"
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of one hook, event or command.

    Attributes:
        name: id of the hook, `EVENT (dispatcher)`, or the command of somebody's own handler.
        source: SPOOL or TRANSCRIPT. count: how many runs.
        p50, p95, longest: milliseconds. problems: runs that failed.
        level: `critical`, `warning` or "", of p95 against the hub's threshold; "" of too few runs.
    """

    name: str
    source: str
    count: int
    p50: float
    p95: float
    longest: float
    problems: int = 0
    level: str = ""


@dataclass(slots=True)
class _Runs:
    times: list[float] = field(default_factory=list)
    problems: int = 0


def spool_timings(records: Iterable[Mapping[str, Any]], limit: Threshold) -> tuple[Timing, ...]:
    """Each hook, and each event as a whole, of the spool's records."""
    runs: dict[str, _Runs] = defaultdict(_Runs)
    for record in records:
        _add(runs, f"{record.get('event', '')} (dispatcher)", record.get("ms"))
        hooks = record.get("hooks")
        for row in hooks if isinstance(hooks, list) else ():
            if isinstance(row, dict):
                name = str(row.get("id", ""))
                _add(runs, name, row.get("ms"))
                runs[name].problems += "problem" in row
    return _timings(runs, SPOOL, limit)


def stored_timings(store: Store, since: int, limit: Threshold) -> tuple[Timing, ...]:
    """The same of what the metrics store took from the spool; `since` in microseconds.

    A store has the spools of all hubs of the account.
    """
    runs: dict[str, _Runs] = defaultdict(_Runs)
    rows = store.rows(
        "SELECT hook, event, duration_ms, failed FROM claude_hooks WHERE counted AND time >= ?",
        (since,),
    )
    for hook, event, milliseconds, failed in rows:
        whole = hook == DISPATCHER
        name = f"{event or ''} (dispatcher)" if whole else str(hook or "")
        _add(runs, name, milliseconds)
        runs[name].problems += bool(failed) and not whole
    return _timings(runs, SPOOL, limit)


def transcript_timings(
    lines: Iterable[bytes], limit: Threshold, days: tuple[str, str] = ("", "")
) -> tuple[Timing, ...]:
    """Each command, or event where no command is named, that a transcript times.

    `days`: from the first local day to the last one; "" for all.
    """
    runs: dict[str, _Runs] = defaultdict(_Runs)
    for line in lines:
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if days[0] and not days[0] <= _day(document) <= days[1]:
            continue
        for timed in _timed(document, 0):
            name = _name(timed)
            _add(runs, name, timed[DURATION])
            code = timed.get("exitCode")
            runs[name].problems += isinstance(code, int) and code not in (0, 2)
    return _timings(runs, TRANSCRIPT, limit)


def _day(document: object) -> str:
    """The local day of a line; "" where it says none."""
    told = document.get("timestamp") if isinstance(document, dict) else None
    try:
        return datetime.fromisoformat(str(told)).astimezone().date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _timed(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """Every object of a line that times a hook."""
    if depth > 12:
        return
    if isinstance(value, dict):
        number = isinstance(value.get(DURATION), int | float)
        if number and any(isinstance(value.get(k), str) for k in ("command", "hookEvent")):
            yield value
        for inner in value.values():
            yield from _timed(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _timed(inner, depth + 1)


def _name(timed: Mapping[str, Any]) -> str:
    command = str(timed.get("command", ""))
    event = str(timed.get("hookEvent", ""))
    if command and own_id({"command": command}):
        return f"{event or 'hubctl'} (whole process)"
    return (command or event)[:_LONGEST_NAME]


def _add(runs: dict[str, _Runs], name: str, milliseconds: object) -> None:
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
        runs[name].times.append(float(milliseconds))


def _timings(runs: Mapping[str, _Runs], source: str, limit: Threshold) -> tuple[Timing, ...]:
    found = [_timing(name, source, one, limit) for name, one in runs.items() if one.times]
    return tuple(sorted(found, key=lambda one: (-one.p95, one.name)))


def _timing(name: str, source: str, runs: _Runs, limit: Threshold) -> Timing:
    times = sorted(runs.times)
    p95 = percentile(times, PERCENT)
    return Timing(
        name=name,
        source=source,
        count=len(times),
        p50=round(percentile(times, 50), 2),
        p95=round(p95, 2),
        longest=round(times[-1], 2),
        problems=runs.problems,
        level=limit.level(p95, len(times)),
    )
