"""Looking at a target anew for a drift report: its plan, its inventory, what both rest on.

Everything is read through one recording door, whose record becomes the target's snapshot.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hubctl.check.fleet import fleet_findings
from hubctl.engine.observe import Observer
from hubctl.fleet.deciding import spec_path
from hubctl.fleet.inventory import Looked, take_inventory
from hubctl.fleet.planning import LEAST, has_units, plan_one, planned, wanted_of
from hubctl.fleet.same_files import home_of
from hubctl.fleet.same_repository import Home
from hubctl.fleet.snapshots import Found, Look, entry_of, inventory_line
from hubctl.fleet.world import Request
from hubctl.model.address import Part, parse_address
from hubctl.system.parallel import spread
from hubctl.system.recording import RecordingFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.engine.plan import Wanted
    from hubctl.fleet.snapshots import Snapshots
    from hubctl.fleet.world import Progress, World
    from hubctl.model.change import TargetPlan
    from hubctl.model.finding import Finding


def look_anew(
    world: World, names: Sequence[str], snapshots: Snapshots, progress: Progress
) -> dict[str, Found]:
    """Plan targets and take their inventories; keep both where they may be trusted later."""
    looks = spread(names, partial(_look, world), least=LEAST, progress=progress)
    for look in looks:
        if look.inventory:
            snapshots.keep(look)
    return {look.name: look.found for look in looks}


def _look(world: World, name: str) -> Look:
    located = world.compiler.locate(name)
    if located.target is None:
        return Look(name=name, found=Found(plan_one(world, name, Request()), Home()))
    door = RecordingFiles(world.paths, located.seen)
    wanted = wanted_of(world, located.target, Request(), door, door)
    observer = Observer(located.target, door, door)
    plan = planned(world, wanted, observer)
    taken = take_inventory(_looked(world, wanted, observer, plan, door))
    plan = replace(plan, findings=(*plan.findings, *_decided(world, taken.findings)))
    trusted = not has_units(world, located.target) and door.seen.is_settled(world.began)
    found = Found(plan, home_of(world, located.target, observer))
    entry = entry_of(found, door.seen, world.places.state) if trusted else None
    return Look(name=name, found=found, entry=entry, inventory=inventory_line(taken.inventory))


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
