"""Looking at a target anew for a drift report: its plan, its inventory, what both rest on.

Everything is read through one recording door, whose record becomes the target's snapshot.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.check.fleet import fleet_findings
from hubctl.engine.observe import Observer
from hubctl.fleet.deciding import spec_path
from hubctl.fleet.inventory import Looked, take_inventory
from hubctl.fleet.planning import has_units, plan_one, planned, wanted_of
from hubctl.fleet.world import Request
from hubctl.model.address import Part, parse_address
from hubctl.system.recording import RecordingFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.engine.plan import Wanted
    from hubctl.fleet.snapshots import Snapshots
    from hubctl.fleet.world import World
    from hubctl.model.change import TargetPlan
    from hubctl.model.finding import Finding


def look_anew(world: World, name: str, snapshots: Snapshots) -> TargetPlan:
    """Plan one target and take its inventory; keep both where they may be trusted later."""
    located = world.compiler.locate(name)
    if located.target is None:
        return plan_one(world, name, Request())
    door = RecordingFiles(world.paths, located.seen)
    wanted = wanted_of(world, located.target, Request(), door, door)
    observer = Observer(located.target, door, door)
    plan = planned(world, wanted, observer)
    taken = take_inventory(_looked(world, wanted, observer, plan, door))
    plan = replace(plan, findings=(*plan.findings, *_decided(world, taken.findings)))
    trusted = not has_units(world, located.target) and door.seen.is_settled(world.began)
    snapshots.keep(plan, door.seen, taken.inventory, trusted=trusted)
    return plan


def _looked(
    world: World, wanted: Wanted, observer: Observer, plan: TargetPlan, door: RecordingFiles
) -> Looked:
    recorded = (*wanted.committed.records, *wanted.local.records)
    machine = world.compiler.machine
    return Looked(
        plan=plan,
        observer=observer,
        door=door,
        plain=world.door,
        paths=door,
        owned=frozenset((*(row.local for row in wanted.rows), *recorded)),
        links=tuple(row.path for row in wanted.rows if row.part == Part.LINK.value),
        home=machine.home,
        host_settings=f"{machine.config_dir}/settings.json",
        document=world.compiler.head.document,
    )


def compare(world: World, names: Sequence[str], snapshots: Snapshots) -> tuple[Finding, ...]:
    """What shows when the inventories of targets are looked at side by side."""
    return _decided(world, fleet_findings(snapshots.inventories(names)))


def _decided(world: World, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings about what stands in targets, each with the line of canonical.yaml for it."""
    return tuple(
        replace(finding, decided_by=world.compiler.decided_by(address.target, spec_path(address)))
        for finding in findings
        for address in (parse_address(finding.address),)
    )
