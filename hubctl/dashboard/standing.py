"""How the hub stands: its drift, its health, its timers, as sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.health.machine import unit_states
from hubctl.health.result import State
from hubctl.health.table import run_checks
from hubctl.output.shown import values
from hubctl.reports.document import COUNT, Figure, Section, Table

if TYPE_CHECKING:
    from hubctl.health.subject import Subject

_MOST = 40
_BAD = (State.ERROR, State.WARNING)


def differences(subject: Subject) -> int:
    """How many addresses differ from what canonical.yaml says, as the drift panel counts them."""
    return len(subject.drift.open_changes())


def counted(name: str, title: str, number: int, level: str = "warning") -> Figure:
    """A number that had better be 0; `level`: of any other one."""
    level = level if number else ""
    return Figure(id=name, title=title, unit=COUNT, value=float(number), level=level)


def drift_section(subject: Subject) -> Section:
    """What `hubctl drift` tells."""
    if subject.world is None:
        return Section(id="drift", title="Drift", about=_no_hub(subject))
    changes = subject.drift.open_changes()
    rows = tuple(
        (change.status.value, str(change.address), values(change)) for change in changes[:_MOST]
    )
    table = Table(title="Differences", head=("Status", "Address", "Value"), rows=rows)
    more = len(changes) - len(rows)
    return Section(
        id="drift",
        title="Drift",
        about="Repair: `hubctl drift --fix`. Keep one: `hubctl accept ADDRESS`."
        if rows
        else "Every target agrees with canonical.yaml.",
        figures=(counted("differences", "Differences", len(changes)),),
        tables=(table,) if rows else (),
        notes=(f"and {more} more: `hubctl drift` tells them all",) if more else (),
    )


def _no_hub(subject: Subject) -> str:
    hint = next((finding.hint for finding in subject.broken if finding.hint), "")
    why = next((finding.message for finding in subject.broken), subject.why_not)
    return f"{why}. {hint}".removesuffix(" ")


def health_section(subject: Subject) -> Section:
    """What `hubctl health` tells; what needs attention comes first."""
    results = run_checks(subject, full=False, progress=lambda _title: None)
    bad = [result for result in results if result.state in _BAD]
    worst = "critical" if any(one.state is State.ERROR for one in bad) else "warning"
    ordered = sorted(results, key=lambda one: (one.state not in _BAD, one.state is State.SKIPPED))
    rows = tuple((result.state.value, result.title, result.summary) for result in ordered)
    helps = tuple(
        f"{finding.message}. {finding.hint}".strip()
        for result in bad
        for finding in result.findings[:2]
    )
    return Section(
        id="health",
        title="Health",
        figures=(counted("attention", "Checks that need attention", len(bad), worst),),
        tables=(Table(title="Checks", head=("State", "Check", "What was seen"), rows=rows),),
        notes=helps[:_MOST],
    )


def timers_section(subject: Subject) -> Section:
    """The units of canonical.yaml as the service manager has them."""
    if subject.world is None:
        return Section(id="timers", title="Timers", about=_no_hub(subject))
    states, why_not = unit_states(subject.world)
    rows = tuple((name, one.enabled or "–", one.active or "–") for name, one in states.items())
    failed = sum(one.active == "failed" for one in states.values())
    none = "canonical.yaml has no units: what is to run on a schedule stands under `units`."
    return Section(
        id="timers",
        title="Timers and services",
        about=why_not or ("" if rows else none),
        figures=(counted("failed", "Failed", failed),) if rows else (),
        tables=(Table(title="Units", head=("Unit", "Enabled", "Active"), rows=rows),)
        if rows
        else (),
    )
