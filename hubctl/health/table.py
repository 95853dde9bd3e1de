"""The checks: one row each, in the order in which their answers make sense.

A check is one function that takes the subject and returns an answer. Adding one is writing it and
its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import HubctlError
from hubctl.health import environment, hub, kept, machine, measures, repositories
from hubctl.health.result import Answer, Result
from hubctl.model.finding import Finding, Severity
from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hubctl.health.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row.

    Attributes:
        id: stable, for programs. title: for people. run: the check.
        quick: it belongs to `hubctl health`, which has a second for all of them.
        needs_hub: it is skipped where there is no usable hub.
    """

    id: str
    title: str
    run: Callable[[Subject], Answer]
    quick: bool = True
    needs_hub: bool = True


CHECKS: tuple[Check, ...] = (
    Check(id="environment", title="Environment", run=environment.programs, needs_hub=False),
    Check(id="canonical", title="canonical.yaml", run=hub.canonical, needs_hub=False),
    Check(id="drift", title="Drift", run=hub.drift),
    Check(id="settings", title="Client settings", run=hub.settings),
    Check(id="secrets", title="Secrets, hidden text", run=hub.secrets),
    Check(id="exceptions", title="Exceptions", run=kept.exceptions),
    Check(id="journal", title="Journal and ledgers", run=machine.journal),
    Check(id="hooks", title="Hooks", run=machine.release),
    Check(id="units", title="Units", run=machine.units),
    Check(id="store", title="Metrics store", run=measures.store, needs_hub=False),
    Check(id="thresholds", title="Thresholds", run=measures.limits, needs_hub=False),
    Check(id="hook-bytes", title="Hooks, every byte", run=machine.release_bytes, quick=False),
    Check(id="state", title="State files", run=kept.state_files, quick=False),
    Check(id="spool", title="Spool of the hooks", run=machine.spool, quick=False),
    Check(id="collector", title="Telemetry", run=measures.collector, quick=False),
    Check(
        id="hook-times",
        title="Times of hooks",
        run=measures.hook_times,
        quick=False,
        needs_hub=False,
    ),
    Check(id="repositories", title="Repositories", run=repositories.repositories, quick=False),
    Check(id="client", title="Claude Code", run=environment.client, quick=False, needs_hub=False),
)


def run_checks(
    subject: Subject, *, full: bool, progress: Callable[[str], None]
) -> tuple[Result, ...]:
    """Every answer, in the order of the table; a check that fails is an answer too."""
    return tuple(_run(check, subject, progress) for check in chosen(full=full))


def chosen(*, full: bool) -> Iterable[Check]:
    """The rows that count."""
    return (check for check in CHECKS if full or check.quick)


def _run(check: Check, subject: Subject, progress: Callable[[str], None]) -> Result:
    begin = stopwatch()
    answer = _answer(check, subject)
    progress(check.title)
    return Result(
        check=check.id,
        title=check.title,
        state=answer.state,
        summary=answer.summary,
        findings=answer.findings,
        facts=answer.facts,
        seconds=stopwatch() - begin,
    )


def _answer(check: Check, subject: Subject) -> Answer:
    if check.needs_hub and subject.world is None:
        return Answer(summary="needs a usable canonical.yaml", skipped=True)
    try:
        return check.run(subject)
    except HubctlError as error:
        finding = Finding(
            rule="health/check-failed",
            severity=Severity.ERROR,
            message=f"{check.title} could not be checked: {error.message}",
            hint=error.hint,
        )
        return Answer(summary=error.message, findings=(finding,))
