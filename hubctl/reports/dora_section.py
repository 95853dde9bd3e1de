"""The four keys of DORA: how often, how fast, how safely and how quickly mended we deliver.

Deliveries are what git tells of a repository (the store's source `git`); for a repository that git
tells none of, those that the hook dora-tracker saw. Never both, so nothing counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND, day_of
from hubctl.reports import wording
from hubctl.reports.document import PERCENT, SECONDS, Chart, Figure, Section, Table, enough

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span

DEPLOYMENT, RESTORE = "deployment", "restore"
_HOOK = "dora."
_NEEDED = 3
_SOURCE = "git history, or the hook dora-tracker"
_ROWS = """
SELECT project, kind, time, value FROM claude_events
WHERE counted AND time >= ? AND time < ?
    AND kind IN ('deployment', 'restore', 'dora.deployment', 'dora.restore')
ORDER BY project, time, event
"""
_PER_WEEK = "a week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """One project's. Times are microseconds.

    Attributes:
        deployments: when. leads: seconds from commit to deployment, where that is known.
        failed: deployments that were followed by a restore before the next one.
        restores: seconds from such a deployment to its restore.
    """

    project: str
    deployments: tuple[int, ...] = ()
    leads: tuple[float, ...] = ()
    failed: int = 0
    restores: tuple[float, ...] = ()


def deliveries(store: Store, span: Span) -> tuple[Deliveries, ...]:
    """Each project that delivered in the span."""
    by_project: dict[str, list[tuple[str, int, float | None]]] = {}
    from_git = set()
    for project, kind, time, value in store.rows(_ROWS, span.times):
        name, told = str(project or ""), str(kind)
        if told == DEPLOYMENT:
            from_git.add(name)
        number = None if value is None else float(value)
        by_project.setdefault(name, []).append((told, int(time or 0), number))
    found = []
    for name, rows in by_project.items():
        told_by_git = name in from_git
        kept = [
            (kind.removeprefix(_HOOK), time, value)
            for kind, time, value in rows
            if kind != f"{_HOOK}{DEPLOYMENT}" or not told_by_git
        ]
        found.append(_deliveries(name, kept))
    return tuple(found)


def _deliveries(project: str, rows: Sequence[tuple[str, int, float | None]]) -> Deliveries:
    last, failed = 0, 0
    began = False
    restores = []
    for kind, time, value in rows:
        if kind == DEPLOYMENT:
            last, began = time, True
        elif last:
            failed += 1
            restores.append((time - last) / SECOND if value is None else value)
            last = 0  # a second restore is of the same failure
        elif not began and value is not None:
            restores.append(value)  # of a deployment before the span
            began = True
    return Deliveries(
        project=project,
        deployments=tuple(time for kind, time, _ in rows if kind == DEPLOYMENT),
        leads=tuple(v for kind, _, v in rows if kind == DEPLOYMENT and v is not None),
        failed=failed,
        restores=tuple(restores),
    )


def dora_section(store: Store, span: Span, place: Callable[[str], str]) -> Section:
    """The four keys, with what they rest on."""
    now, before = deliveries(store, span), deliveries(store, span.before)
    table = Table(
        title="By project",
        head=("Project", "Deployments", "Lead time", "Failed", "Time to restore"),
        rows=tuple(_cells(one, place) for one in now),
        right=(1, 2, 3, 4),
    )
    return Section(
        id="dora",
        title="Delivery (DORA)",
        about=f"Source: {_SOURCE}. With fewer than {_NEEDED} deployments nothing is said.",
        figures=_figures(now, before, span),
        charts=(_chart(now, span),),
        tables=(table,) if now else (),
        notes=(
            "A restore is a deployment that takes something back or mends in haste, or a command"
            " that the hook dora-tracker saw. A deployment that failed without one counts as fine:"
            " nothing on this machine tells of it.",
        ),
    )


def _figures(
    now: tuple[Deliveries, ...], before: tuple[Deliveries, ...], span: Span
) -> tuple[Figure, ...]:
    weeks = span.days / 7
    count, earlier = (sum(len(one.deployments) for one in each) for each in (now, before))
    failed, failed_earlier = (sum(one.failed for one in each) for each in (now, before))
    restores = [one for each in now for one in each.restores]
    frequency = Figure(
        id="deployment_frequency",
        title="Deployment frequency",
        unit=_PER_WEEK,
        value=count / weeks,
        before=earlier / weeks,
        needed=_NEEDED,
        definition="Deployments for each week.",
        source=_SOURCE,
    )
    lead = Figure(
        id="lead_time",
        title="Lead time for changes",
        unit=SECONDS,
        value=_median(now),
        before=_median(before),
        needed=_NEEDED,
        definition="Median time from a commit to the deployment that holds it.",
        source="git history",
    )
    share = Figure(
        id="change_failure_rate",
        title="Change failure rate",
        unit=PERCENT,
        value=100 * failed / count if count else None,
        before=100 * failed_earlier / earlier if earlier else None,
        needed=_NEEDED,
        definition="Share of deployments followed by a restore before the next one.",
        source=_SOURCE,
    )
    mended = Figure(
        id="time_to_restore",
        title="Time to restore",
        unit=SECONDS,
        value=median(restores) if restores else None,
        needed=1,
        definition="Median time from a deployment that failed to its restore.",
        source=_SOURCE,
    )
    leads = sum(len(one.leads) for one in now)
    return (
        enough(frequency, count),
        enough(lead, leads),
        enough(share, count),
        enough(mended, len(restores)),
    )


def _median(found: tuple[Deliveries, ...]) -> float | None:
    leads = [lead for one in found for lead in one.leads]
    return median(leads) if leads else None


def _chart(found: tuple[Deliveries, ...], span: Span) -> Chart:

    counts = dict.fromkeys(span, 0.0)
    for one in found:
        for time in one.deployments:
            counts[day_of(time)] += 1
    return Chart(
        title="Deployments by day",
        unit="",
        labels=tuple(counts),
        values=tuple(counts.values()),
    )


def _cells(one: Deliveries, place: Callable[[str], str]) -> tuple[str, ...]:
    lead = wording.duration(median(one.leads)) if one.leads else "–"
    restore = wording.duration(median(one.restores)) if one.restores else "–"
    count = len(one.deployments)
    failed = wording.percent(one.failed, count)
    return (place(one.project) or "(none)", str(count), lead, failed, restore)
