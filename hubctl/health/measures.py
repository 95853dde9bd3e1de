"""Checks of what is measured: the store, its collector, the thresholds, the times of hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.layers import mapping
from hubctl.config.thresholds import thresholds
from hubctl.health.result import Answer
from hubctl.metrics.days import SECOND, day_of
from hubctl.metrics.export.targets import targets
from hubctl.metrics.store import metrics_path, open_store
from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.summary import plural
from hubctl.reports.alerts.readings import readings
from hubctl.reports.periods import ending
from hubctl.reports.rollups import summed
from hubctl.reports.wording import clock, duration, milliseconds
from hubctl.system.clock import nanoseconds
from hubctl.system.database import stored_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.health.subject import Subject
    from hubctl.metrics.export.targets import Target
    from hubctl.metrics.store import Store

_DAY = 86_400 * SECOND
_RECENT = 14 * _DAY
_SILENT = _DAY
_FAILURES = 3  # in a row; a laptop on the way has one or two
_DAYS = 7
_NOTHING = "nothing was measured yet"
_DISPATCHER = "dispatcher"


def store(subject: Subject) -> Answer:
    """The store can be read, nothing happened to it lately, and its rows get where they shall."""
    path = metrics_path(subject.places)
    size = stored_bytes(path)
    if not size:
        return Answer(summary=_NOTHING, skipped=True)
    with open_store(path) as found:
        recent = [note for note in found.notes() if _now() - note.time < _RECENT]
        last = _last(found)
        stuck = [one for one in targets(found) if one.failures >= _FAILURES]
    noted = (
        Finding(
            rule="health/metrics-note",
            severity=Severity.WARNING,
            message=f"the metrics store at {clock(note.time)}: {note.text}",
            location=Location(file=path),
            hint="hubctl metrics status",
        )
        for note in recent
    )
    findings = (*noted, *(_stuck(one, path) for one in stuck))
    told = f", last of {clock(last)}" if last else ""
    facts = {"bytes": size, "last": last}
    return Answer(summary=f"{size / 1e6:.1f} MB{told}", findings=findings, facts=facts)


def _stuck(one: Target, path: str) -> Finding:
    return Finding(
        rule="health/metrics-target",
        severity=Severity.WARNING,
        message=f"{one.target} failed {one.failures} times in a row, {plural(one.waiting, 'row')} "
        f"to be taken there: {one.problem}",
        location=Location(file=path),
        hint="hubctl metrics status; one that is given up: hubctl metrics forget",
    )


def collector(subject: Subject) -> Answer:
    """Where the client is to export its telemetry, some of it arrives."""
    if not mapping(_document(subject).get("metrics")).get("telemetry"):
        return Answer(summary="the client exports no telemetry", skipped=True)
    with open_store(metrics_path(subject.places)) as found:
        heard, last = found.number("heard"), _last(found)
    told = f"last heard {duration((_now() - heard) / SECOND)} ago" if heard else "never heard"
    # Sessions went on, by what they wrote down themselves, and nothing of them was received.
    silent = bool(last) and last - heard > _SILENT
    finding = Finding(
        rule="health/collector-silent",
        severity=Severity.WARNING,
        message=f"sessions went on, and their telemetry did not arrive: {told}",
        hint="see whether the unit `collect` runs, and start a new session",
    )
    return Answer(summary=told, findings=(finding,) if silent else (), facts={"heard": heard})


def limits(subject: Subject) -> Answer:
    """No threshold of the hub is exceeded now."""
    if not stored_bytes(metrics_path(subject.places)):
        return Answer(summary=_NOTHING, skipped=True)
    with open_store(metrics_path(subject.places)) as found:
        measured = readings(found, _limits(subject), _now())
    findings = tuple(
        Finding(
            rule="health/threshold",
            severity=Severity.WARNING,
            message=f"a threshold is exceeded: {one.sentence}",
            hint="hubctl alerts list",
        )
        for one in measured
        if one.level
    )
    known = sum(one.value is not None for one in measured)
    fine = f"{plural(known, 'reading')} within limits"
    return Answer(
        summary=f"{len(findings)} beyond a limit" if findings else fine, findings=findings
    )


def hook_times(subject: Subject) -> Answer:
    """No hook was slow in the last seven days."""
    limit = _limits(subject)["hook_latency_ms"]
    span = ending(day_of(_now()), _DAYS)
    with open_store(metrics_path(subject.places)) as found:
        rows = summed(found, "claude_hooks", span, by="hook")
    times = {
        row.name: most
        for row in rows
        if row.count >= limit.needed and (most := row.quantile(0.95)) is not None
    }
    if not times:
        return Answer(summary=f"fewer than {limit.needed} runs in {_DAYS} days", skipped=True)
    findings = tuple(_slow(times, limit))
    whole = times.get(_DISPATCHER, max(times.values()))
    summary = f"95 of 100 events within {milliseconds(whole)} in the last {_DAYS} days"
    facts = {name: round(value, 1) for name, value in times.items()}
    return Answer(summary=summary, findings=findings, facts=facts)


def _slow(times: Mapping[str, float], limit: Threshold) -> Iterator[Finding]:
    for name, most in times.items():
        level = limit.level(most, limit.needed)  # those with fewer runs are not among them
        if level:
            yield Finding(
                rule="health/slow-hook",
                severity=Severity.WARNING,
                message=f"{name}: 95 of 100 runs within {milliseconds(most)} ({level})",
                hint="hubctl hooks profile",
            )


def _document(subject: Subject) -> Mapping[str, object]:
    return subject.world.compiler.head.document if subject.world else {}


def _limits(subject: Subject) -> Mapping[str, Threshold]:
    return {row.name: row for row in thresholds(_document(subject))}


def _last(found: Store) -> int:
    """Microseconds of the last answer; 0 for none."""
    return int(found.rows("SELECT max(time) FROM claude_context")[0][0] or 0)


def _now() -> int:
    return nanoseconds() // 1000
