"""Rechecking: a plan for a drift report that trusts snapshots of what did not move.

A fleet in sync is told clean without loading what plans are made with; whatever has no snapshot
that holds is looked at anew (`looking`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.fleet.same_repository import SAME_FILE, SAME_REPOSITORY
from hubctl.fleet.snapshots import open_snapshots
from hubctl.system.parallel import spread

if TYPE_CHECKING:
    from hubctl.fleet.snapshots import Found, Snapshots
    from hubctl.fleet.world import Progress, Request, World
    from hubctl.model.change import Plan
    from hubctl.model.finding import Finding

_SHARED = (SAME_REPOSITORY, SAME_FILE)

_LEAST = 250  # snapshots to hold against the world that are worth a process


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A plan made for a drift report, and what comparing its targets shows."""

    plan: Plan
    findings: tuple[Finding, ...]


def recheck(world: World, request: Request, progress: Progress) -> Checked:
    """Look at the targets that `request` names, all addresses of each."""
    snapshots = open_snapshots(world)
    names = world.names(request.names)
    world.compiler.compile_all()
    holding = spread(names, snapshots.holds, least=_LEAST)
    found: dict[str, Found] = {}
    for name, holds in zip(names, holding, strict=True):
        if holds:
            found[name] = snapshots.found(name)
            progress(name)
    moved = [name for name in names if name not in found]
    if moved:
        from hubctl.fleet.looking import look_anew

        found |= look_anew(world, moved, snapshots, progress)
    plan = world.joined(
        [found[name].plan for name in names],
        {name: found[name].home for name in names},
        moved=bool(moved),
    )
    findings = _compared(world, plan, snapshots)
    world.compiler.save()
    if world.compiler.cache.is_settled and not _has_shared(plan):
        snapshots.save()
    return _excepting(world, plan, findings)


def _excepting(world: World, plan: Plan, findings: tuple[Finding, ...]) -> Checked:
    """What canonical allows becomes a note, after all was remembered: exceptions end by date."""
    applied = world.exceptions.applied
    targets = tuple(
        replace(one, findings=applied(one.findings)) if one.findings else one
        for one in plan.targets
    )
    return Checked(plan=replace(plan, targets=targets), findings=applied(findings))


def _has_shared(plan: Plan) -> bool:
    """Whether targets are in each other's way, which no snapshot of a single one tells."""
    own = (finding for target in plan.targets for finding in target.findings)
    return any(finding.rule in _SHARED for finding in (*plan.findings, *own))


def _compared(world: World, plan: Plan, snapshots: Snapshots) -> tuple[Finding, ...]:
    """What shows when the targets of a plan are looked at side by side."""
    names = [target.target for target in plan.targets if target.root]
    found = snapshots.findings(names)
    if found is None:
        from hubctl.fleet.looking import compare

        found = compare(world, names, snapshots)
        if len(plan.targets) == len(world.compiler.head.names):
            snapshots.keep_findings(names, found)
    return found
