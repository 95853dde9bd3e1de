"""Figures of a list of spool records. Pure: no clock, no files."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import UTC, datetime

from spool import moment

NEVER = "no hook recorded anything"


def figures(records: list[dict]) -> dict[str, object]:
    """Everything that the records tell; times are milliseconds."""
    return {
        "runs": len(records),
        "sessions": len({record.get("session") for record in records} - {None, ""}),
        "from": _day(min(map(moment, records), default=0.0)),
        "to": _day(max(map(moment, records), default=0.0)),
        "waited_ms": round(sum(_ms(record) for record in records if _is_waited_for(record)), 1),
        "hooks": _hooks(records),
        "events": _events(records),
        "tools": _count(record.get("tool") for record in records if record.get("tool")),
        "refused": _refused(records),
        "incidents": _count(text for record in records for text in record.get("incidents") or ()),
        "samples": _samples(records),
    }


def _is_waited_for(record: dict) -> bool:
    return not str(record.get("lane", "")).endswith("async")


def _hooks(records: list[dict]) -> list[dict[str, object]]:
    """One row per hook, slowest first."""
    times: dict[str, list[float]] = defaultdict(list)
    problems: Counter[str] = Counter()
    decisions: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for hook in record.get("hooks") or ():
            name = str(hook.get("id"))
            times[name].append(_ms(hook))
            problems[name] += bool(hook.get("problem"))
            decisions[name][str(hook.get("decision") or "")] += 1
    rows = [
        {
            "hook": name,
            "runs": len(found),
            "p50_ms": percentile(found, 50),
            "p95_ms": percentile(found, 95),
            "longest_ms": max(found),
            "failed": problems[name],
            "denied": decisions[name]["deny"],
            "asked": decisions[name]["ask"],
        }
        for name, found in times.items()
    ]
    return sorted(rows, key=lambda row: (-float(row["p95_ms"]), str(row["hook"])))


def _events(records: list[dict]) -> list[dict[str, object]]:
    """One row per event that a session waits for: what all its hooks together take."""
    times: dict[str, list[float]] = defaultdict(list)
    for record in filter(_is_waited_for, records):
        times[str(record.get("event"))].append(_ms(record))
    return [
        {"event": name, "runs": len(times[name]), "p95_ms": percentile(times[name], 95)}
        for name in sorted(times)
    ]


def _refused(records: list[dict]) -> list[dict[str, object]]:
    """Decisions against a call, by hook, tool and decision."""
    counts = Counter(
        (str(hook.get("id")), str(record.get("tool", "")), str(hook["decision"]))
        for record in records
        for hook in record.get("hooks") or ()
        if hook.get("decision") in ("deny", "ask")
    )
    keys = ("hook", "tool", "decision", "times")
    return [dict(zip(keys, (*key, n), strict=True)) for key, n in counts.most_common()]


def _samples(records: list[dict]) -> list[dict[str, object]]:
    """What hooks measured, by name: how often, and sum and largest of each number."""
    found: dict[str, list[dict]] = defaultdict(list)
    for record in records:
        for sample in record.get("samples") or ():
            found[str(sample.get("name"))].append(sample)
    rows = []
    for name in sorted(found):
        numbers: dict[str, list[float]] = defaultdict(list)
        for sample in found[name]:
            for key, value in sample.items():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    numbers[key].append(value)
        fields = {key: {"sum": sum(n), "largest": max(n)} for key, n in sorted(numbers.items())}
        rows.append({"sample": name, "times": len(found[name]), "numbers": fields})
    return rows


def _count(values) -> list[dict[str, object]]:
    return [{"what": str(what), "times": n} for what, n in Counter(values).most_common(20)]


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that at least `percent` of 100 values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _ms(one: dict) -> float:
    value = one.get("ms")
    return float(value) if isinstance(value, int | float) else 0.0


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d") if at else ""
