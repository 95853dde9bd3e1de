"""Planning a fleet: each target compared with what canonical wants and the ledgers record.

Joins the compiled hub, ledgers, observed files and units into one Plan. Reads only.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hubctl.engine.ledgers import (
    StoredLedger,
    local_path,
    other_hub,
    read_ledger,
    read_lock,
    with_waiting,
)
from hubctl.engine.observe import Observer
from hubctl.engine.other_hubs import other_ledgers
from hubctl.engine.plan import Wanted, plan_target
from hubctl.engine.possible import without_impossible
from hubctl.fleet.git_checks import check_git
from hubctl.fleet.idle_exclude import without_idle_exclude
from hubctl.fleet.managed import managed_settings
from hubctl.fleet.same_files import home_of
from hubctl.fleet.same_repository import Home
from hubctl.fleet.telling import not_here, told
from hubctl.fleet.unit_files import unit_file_findings, writes_units
from hubctl.model.change import TargetPlan
from hubctl.model.ledger import Ledger
from hubctl.model.state import Scope
from hubctl.system.parallel import spread
from hubctl.system.services import missing_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hubctl.engine.rows import Row
    from hubctl.fleet.compiled_file import Raw
    from hubctl.fleet.world import Progress, Request, World
    from hubctl.model.change import Plan
    from hubctl.model.finding import Finding
    from hubctl.model.item import Item
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.real_paths import Paths

LEAST = 16  # targets to look at that are worth a process


def plan(world: World, request: Request, progress: Progress) -> Plan:
    """Plan every asked target."""
    names = world.names(request.names)
    if world.compiler.awaits(names):
        found = _plan_and_compile(world, names, request, progress)
    else:
        world.compiler.compile_all()
        work = partial(_plan_and_home, world, request)
        found = spread(names, work, least=LEAST, progress=progress)
        world.compiler.save()
    homes = {name: home for name, (_, home) in zip(names, found, strict=True)}
    return world.joined([target for target, _ in found], homes)


def _plan_and_compile(
    world: World, names: Sequence[str], request: Request, progress: Progress
) -> list[tuple[TargetPlan, Home]]:
    """Plan targets that nothing was compiled of yet, rendering each of them once."""
    work = partial(_plan_and_raw, world, request)
    # One here, so that every process starts with all that rendering loads.
    done = [work(name) for name in names[:1]]
    progress(names[0])
    done += spread(names[1:], work, least=LEAST, progress=progress)
    world.compiler.keep({name: raw for name, (_, raw) in zip(names, done, strict=True)})
    return [found for found, _ in done]


def _plan_and_raw(world: World, request: Request, name: str) -> tuple[tuple[TargetPlan, Home], Raw]:
    return _plan_and_home(world, request, name), world.compiler.raw(name)


def _plan_and_home(world: World, request: Request, name: str) -> tuple[TargetPlan, Home]:
    target = world.compiler.locate(name).target
    if target is None:
        return plan_one(world, name, request), Home()
    observer = Observer(target, world.door, world.paths)
    wanted = wanted_of(world, target, request, world.door, world.paths)
    return planned(world, wanted, observer), home_of(world, target, observer)


def plan_one(world: World, name: str, request: Request) -> TargetPlan:
    """Plan one target."""
    located = world.compiler.locate(name)
    if located.target is None:
        return TargetPlan(target=name, root="", findings=not_here(world, name))
    wanted = wanted_of(world, located.target, request, world.door, world.paths)
    return planned(world, wanted, Observer(located.target, world.door, world.paths))


def planned(world: World, wanted: Wanted, observer: Observer) -> TargetPlan:
    """The plan of one target as the observer sees it."""
    found = plan_target(wanted, observer)
    if observer.target.is_host:
        found = _with_exporter(world, found)
    if found.acting():
        found = _checked(world, wanted, observer, found)
    if found.findings:
        found = replace(found, findings=told(world, observer.target, found.findings))
    return found


def _checked(world: World, wanted: Wanted, observer: Observer, found: TargetPlan) -> TargetPlan:
    """The plan without what cannot or must not be written, whether or not canonical wants it."""
    containers = {**wanted.committed.containers, **wanted.local.containers}
    found = without_impossible(found, observer, containers)
    if observer.target.is_host:
        return _with_checked_units(world, found)
    found = without_idle_exclude(found, wanted.local)
    return check_git(found, observer) if found.acting() else found


def _with_exporter(world: World, found: TargetPlan) -> TargetPlan:
    from hubctl.config.telemetry import collects
    from hubctl.engine.exporter import together

    return together(found) if collects(world.compiler.head.document) else found


def _with_checked_units(world: World, found: TargetPlan) -> TargetPlan:
    if not writes_units(found):
        return found
    items = world.compiler.items(found.target)
    findings = unit_file_findings(items, world.host_units().services)
    return replace(found, findings=(*found.findings, *findings))


def wanted_of(world: World, target: Target, request: Request, door: Files, paths: Paths) -> Wanted:
    """What canonical wants of a target and what its ledgers record, read through `door`."""
    name = target.name
    compiled = world.compiler.compiled(name)
    committed, local = ledgers(world, target, door, paths)
    units, findings = _units(world, target, local)
    ledger_findings = [s.finding for s in (committed, local) if s.finding is not None]
    scopes = request.scopes
    if committed.ledger.hub not in ("", world.hub):
        ledger_findings.append(other_hub(target, committed))
        scopes -= {Scope.COMMITTED}
    return Wanted(
        rows=compiled.rows,
        items=_once(lambda: world.compiler.items(name)),
        committed=committed.ledger,
        local=local.ledger,
        scopes=scopes,
        others=other_ledgers(door, world.other_hubs, target),
        only=_renderers(request.only, compiled.rows),
        decided=lambda spec: world.compiler.decided_by(name, spec),
        exception=world.exceptions.reason,
        take=request.take,
        units=units,
        managed=managed_settings(world.compiler.machine.platform, door),
        findings=(*compiled.findings, *ledger_findings, *findings),
    )


def _renderers(only: str, rows: Iterable[Row]) -> frozenset[str]:
    """Those that count: with local files always the block that keeps them out of git."""
    if not only:
        return frozenset()
    from hubctl.render.exclude import NAME

    is_local = any(row.renderer == only and not row.committed for row in rows)
    return frozenset({only, NAME}) if is_local else frozenset({only})


def ledgers(
    world: World, target: Target, door: Files, paths: Paths | None = None
) -> tuple[StoredLedger, StoredLedger]:
    """The committed and the local ledger of a target; the host has only a local one."""
    local = read_ledger(door, local_path(world.state, target), target)
    if target.is_host:
        return StoredLedger(path="", ledger=Ledger()), local
    return with_waiting(read_lock(door, target, paths), local), local


def has_units(world: World, target: Target) -> bool:
    """Whether the service manager has a say in the verdict about a target."""
    rows = world.compiler.compiled(target.name).rows if target.is_host else ()
    return any(row.path.startswith("unit:") for row in rows)


def _units(
    world: World, target: Target, local: StoredLedger
) -> tuple[Mapping[str, str], list[Finding]]:
    """Observed unit states, and the note why there are none."""
    if not target.is_host:
        return {}, []
    rows = world.compiler.compiled(target.name).rows
    addresses = {row.local for row in rows} | set(local.ledger.records)
    names = {a[5:].partition("#")[0] for a in addresses if a.startswith("unit:")}
    if not names:
        return {}, []
    units = world.host_units(names)
    note = missing_finding(units.services)
    return units.observed(), [note] if note else []


def _once(make: Callable[[], dict[str, Item]]) -> Callable[[], dict[str, Item]]:
    """A function that renders at most once."""
    kept: list[dict[str, Item]] = []

    def items() -> dict[str, Item]:
        if not kept:
            kept.append(make())
        return kept[0]

    return items
