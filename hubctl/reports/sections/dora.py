"""DORA: how fast, how often and how safely we deliver, by the names that dora.dev uses today.

Deliveries are what git tells of a repository (the store's source `git`); for a repository that git
tells none of, those that the hook dora-tracker saw. Never both, so nothing counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
        reworked: deployments that take back or mend in haste what an earlier one brought.
        restores: seconds from such a deployment to its restore.
    """

    project: str
    deployments: tuple[int, ...] = ()
    leads: tuple[float, ...] = ()
    failed: int = 0
    reworked: int = 0
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
        mends = sum(kind == RESTORE for kind, _, _ in rows)
        kept = [
            (kind.removeprefix(_HOOK), time, value)
            for kind, time, value in rows
            if kind != f"{_HOOK}{DEPLOYMENT}" or not told_by_git
        ]
        found.append(replace(_deliveries(name, kept), reworked=mends))
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
    """The five figures, with what they rest on."""
    now, before = deliveries(store, span), deliveries(store, span.before)
    table = Table(
        title="By project",
        head=("Project", "Deployments", "Lead time", "Failed", "Recovery"),
        rows=tuple(_cells(one, place) for one in now),
        right=(1, 2, 3, 4),
    )
    return Section(
        id="dora",
        title="Delivery (DORA)",
        about="The measures of dora.dev, as near as git tells them: git knows releases and merges,"
        f" not servers. With fewer than {_NEEDED} deployments nothing is said.",
        figures=_figures(now, before, span),
        charts=(_chart(now, span),),
        tables=(table,) if now else (),
        notes=_NOTES,
        defined=True,
    )


_NOTES = (
    "A deployment is a release tag (`v1.2`, `api/1.2.3`; candidates left out); in a repository"
    " without any, a merge into the branch that is checked out; where git tells of none, a command"
    " that the hook `dora-tracker` saw. Repositories are those that sessions ran in.",
    "A restore is a deployment with a commit that begins with `Revert` or `hotfix`, or a command"
    " that `dora-tracker` saw. A deployment that failed without one counts as fine: nothing on this"
    " machine tells of it.",
)


def _figures(
    now: tuple[Deliveries, ...], before: tuple[Deliveries, ...], span: Span
) -> tuple[Figure, ...]:
    weeks = span.days / 7
    count, earlier = (sum(len(one.deployments) for one in each) for each in (now, before))
    leads = sum(len(one.leads) for one in now)
    restores = [one for each in now for one in each.restores]
    return (
        enough(_lead(now, before), leads),
        enough(_frequency(count / weeks, earlier / weeks), count),
        enough(_recovery(restores), len(restores)),
        enough(_fails(now, before), count),
        enough(_rework(now, before), count),
    )


def _lead(now: tuple[Deliveries, ...], before: tuple[Deliveries, ...]) -> Figure:
    return Figure(
        id="change_lead_time",
        title="Change lead time",
        unit=SECONDS,
        value=_median(now),
        before=_median(before),
        needed=_NEEDED,
        definition="Median over deployments of the median time from a commit to the deployment that"
        " is the first to hold it.",
        source="git history",
    )


def _frequency(now: float, before: float) -> Figure:
    return Figure(
        id="deployment_frequency",
        title="Deployment frequency",
        unit=_PER_WEEK,
        value=now,
        before=before,
        needed=_NEEDED,
        definition="Deployments for each week.",
        source=_SOURCE,
    )


def _recovery(restores: list[float]) -> Figure:
    return Figure(
        id="recovery_time",
        title="Failed deployment recovery time",
        unit=SECONDS,
        value=median(restores) if restores else None,
        needed=1,
        definition="Median time from a deployment that failed to its restore.",
        source=_SOURCE,
    )


def _fails(now: tuple[Deliveries, ...], before: tuple[Deliveries, ...]) -> Figure:
    return Figure(
        id="change_fail_rate",
        title="Change fail rate",
        unit=PERCENT,
        value=_share([one.failed for one in now], now),
        before=_share([one.failed for one in before], before),
        needed=_NEEDED,
        definition="Share of deployments that a restore followed before the next one.",
        source=_SOURCE,
    )


def _rework(now: tuple[Deliveries, ...], before: tuple[Deliveries, ...]) -> Figure:
    return Figure(
        id="rework_rate",
        title="Deployment rework rate",
        unit=PERCENT,
        value=_share([one.reworked for one in now], now),
        before=_share([one.reworked for one in before], before),
        needed=_NEEDED,
        definition="Share of deployments that nobody had planned: they take back or mend in haste"
        " what an earlier one brought.",
        source="git history",
    )


def _share(part: list[int], found: tuple[Deliveries, ...]) -> float | None:
    count = sum(len(one.deployments) for one in found)
    return 100 * sum(part) / count if count else None


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
