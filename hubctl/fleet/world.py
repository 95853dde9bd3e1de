"""A fleet on this machine: every target planned against what stands there, and brought in line.

Joins the compiled hub, ledgers, observed files and units into one Plan; apply goes through the
engine under the one writer's lock.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubctl.engine.journal import Journal
from hubctl.engine.ledgers import StoredLedger, local_path, other_hub, read_ledger, read_lock
from hubctl.engine.observe import Observer
from hubctl.engine.plan import Wanted, plan_target
from hubctl.errors import UsageError
from hubctl.fleet.compile import Compiler
from hubctl.fleet.deciding import spec_path
from hubctl.fleet.exceptions import Exceptions
from hubctl.fleet.facts import LOOKED_AT
from hubctl.fleet.git_checks import check_git
from hubctl.fleet.hub import find_canonical, read_hub
from hubctl.fleet.managed import managed_settings
from hubctl.fleet.snapshots import open_snapshots
from hubctl.fleet.targets import SAME_REPOSITORY, same_git_directory
from hubctl.fleet.unit_files import unit_file_findings, writes_units
from hubctl.model.address import Part, parse_address
from hubctl.model.change import Plan, TargetPlan
from hubctl.model.ledger import Ledger
from hubctl.model.state import Scope
from hubctl.system.files import RealFiles
from hubctl.system.recording import RecordingFiles
from hubctl.system.services import HostUnits, missing_finding, services_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hubctl.fleet.hub import HubFiles
    from hubctl.fleet.inventory import Looked
    from hubctl.fleet.snapshots import Snapshots
    from hubctl.model.finding import Finding, Location
    from hubctl.model.item import Item
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.places import Places

BOTH = frozenset(Scope)
Progress = Callable[[str], None]


def _silent(_name: str) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A plan made for a drift report, and what comparing its targets shows."""

    plan: Plan
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a plan is asked to look at.

    Attributes:
        names: targets, all where empty. scopes: whose resources.
        only: the one renderer whose addresses count, "" for all.
        take: addresses whose foreign value is to be overwritten.
    """

    names: tuple[str, ...] = ()
    scopes: frozenset[Scope] = BOTH
    only: str = ""
    take: frozenset[str] = field(default_factory=frozenset)


class World:
    """One hub and everything it manages here. Reads lazily; writes only through `carry_out`."""

    def __init__(self, files: HubFiles, places: Places, door: Files, today: str) -> None:
        self.files = files
        self.places = places
        self.door = door
        self.today = today

    @staticmethod
    def open(given: str | None, cwd: str, places: Places, today: str) -> World:
        """The hub that `given` or `cwd` leads to; `today` is an ISO date."""
        door = RealFiles()
        path = find_canonical(given, cwd, places)
        return World(read_hub(path, door), places, door, today)

    @cached_property
    def compiler(self) -> Compiler:
        """The compiled hub."""
        return Compiler(self.files, self.places, self.door)

    @property
    def hub(self) -> str:
        """The hub's name."""
        return self.compiler.head.hub

    @property
    def state(self) -> str:
        """The hub's folder in the state folder."""
        return self.places.hub_state(self.hub)

    @property
    def journal(self) -> Journal:
        """The hub's journal."""
        return Journal(folder=f"{self.state}/journal", door=self.door)

    @cached_property
    def exceptions(self) -> Exceptions:
        """The drifts that canonical allows."""
        return Exceptions.of(self.compiler.head.document, self.today)

    def expired_exceptions(self) -> tuple[Finding, ...]:
        """A finding for every exception that ended."""
        return self.exceptions.expired(self._line_of_exception)

    def names(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The targets meant by `asked`, all of them where it is empty.

        Raises:
            UsageError: one of them is no target of this hub.
        """
        known = self.compiler.head.names
        wanted = tuple(dict.fromkeys(asked))
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "`hubctl repos list` shows them all"
                raise UsageError(f"there is no target {name!r} in {self.files.path}", hint=hint)
        return tuple(name for name in known if name in wanted) if wanted else known

    def plan(self, request: Request, progress: Progress = _silent) -> Plan:
        """Plan every asked target; reads only."""
        return self._plan(request, lambda name: self.plan_one(name, request), progress)

    def recheck(self, request: Request, progress: Progress = _silent) -> Checked:
        """Plan like `plan`, but trust snapshots of what did not move; with all checks."""
        snapshots = open_snapshots(self.files, self.places)
        anew: list[str] = []

        def one(name: str) -> TargetPlan:
            found = snapshots.plan(name)
            if found is None:
                anew.append(name)
                found = self._look_anew(name, request, snapshots)
            return found

        plan = self._plan(request, one, progress, anew=anew)
        findings = self._compared(plan, snapshots)
        if not any(finding.rule == SAME_REPOSITORY for finding in plan.findings):
            snapshots.save()
        return Checked(plan=plan, findings=findings)

    def _look_anew(self, name: str, request: Request, snapshots: Snapshots) -> TargetPlan:
        from hubctl.fleet.inventory import take_inventory

        target = self.compiler.locate(name).target
        if target is None:
            return self.plan_one(name, request)
        door = RecordingFiles(self.door)
        wanted = self._wanted(name, target, request, door)
        observer = Observer(target, door)
        plan = self._planned(wanted, observer)
        taken = take_inventory(self._looked(wanted, observer, plan, door))
        plan = replace(plan, findings=(*plan.findings, *self._decided(taken.findings)))
        for path in LOOKED_AT:
            door.note(target.absolute(path))
        snapshots.keep(plan, door.seen, taken.inventory, trusted=not self._has_units(target))
        return plan

    def _looked(
        self, wanted: Wanted, observer: Observer, plan: TargetPlan, door: RecordingFiles
    ) -> Looked:
        from hubctl.fleet.inventory import Looked

        recorded = (*wanted.committed.records, *wanted.local.records)
        machine = self.compiler.machine
        return Looked(
            plan=plan,
            observer=observer,
            door=door,
            plain=self.door,
            owned=frozenset((*(row.local for row in wanted.rows), *recorded)),
            links=tuple(row.path for row in wanted.rows if row.part == Part.LINK.value),
            home=machine.home,
            host_settings=f"{machine.config_dir}/settings.json",
            document=self.compiler.head.document,
        )

    def _compared(self, plan: Plan, snapshots: Snapshots) -> tuple[Finding, ...]:
        """What shows when the targets of a plan are looked at side by side."""
        names = [target.target for target in plan.targets if target.root]
        found = snapshots.findings(names)
        if found is None:
            from hubctl.check.fleet import fleet_findings

            found = self._decided(fleet_findings(snapshots.inventories(names)))
            if len(plan.targets) == len(self.compiler.head.names):
                snapshots.keep_findings(names, found)
        return found

    def _decided(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Findings about what stands in targets, each with the line of canonical.yaml for it."""
        return tuple(
            replace(
                finding, decided_by=self.compiler.decided_by(address.target, spec_path(address))
            )
            for finding in findings
            for address in (parse_address(finding.address),)
        )

    def _plan(
        self,
        request: Request,
        one: Callable[[str], TargetPlan],
        progress: Progress,
        anew: Collection[str] | None = None,
    ) -> Plan:
        names = self.names(request.names)
        self.compiler.compile_all()
        targets = []
        for name in names:
            targets.append(one(name))
            progress(name)
        looked_at = names if anew is None or anew else ()
        return Plan(
            hub=self.hub,
            canonical=self.files.path,
            revision=self.compiler.head.revision,
            targets=tuple(targets),
            findings=(
                *self.compiler.head.findings,
                *same_git_directory(self.repositories(looked_at)),
                *self.expired_exceptions(),
            ),
        )

    def plan_one(self, name: str, request: Request, door: Files | None = None) -> TargetPlan:
        """Plan one target, looking through `door` where one is given."""
        located = self.compiler.locate(name)
        if located.target is None:
            findings = (located.finding,) if located.finding else ()
            return TargetPlan(target=name, root="", findings=findings)
        door = door or self.door
        wanted = self._wanted(name, located.target, request, door)
        return self._planned(wanted, Observer(located.target, door))

    def _planned(self, wanted: Wanted, observer: Observer) -> TargetPlan:
        plan = plan_target(wanted, observer)
        if observer.target.is_host:
            return self._with_checked_units(plan)
        return check_git(plan, observer.target) if plan.acting() else plan

    def _with_checked_units(self, plan: TargetPlan) -> TargetPlan:
        if not writes_units(plan):
            return plan
        found = unit_file_findings(self.compiler.items(plan.target), self.host_units().services)
        return replace(plan, findings=(*plan.findings, *found))

    def _wanted(self, name: str, target: Target, request: Request, door: Files) -> Wanted:
        compiled = self.compiler.compiled(name)
        committed, local = self.ledgers(target, door)
        units, findings = self._units(target, local)
        ledger_findings = [s.finding for s in (committed, local) if s.finding is not None]
        scopes = request.scopes
        if committed.ledger.hub not in ("", self.hub):
            ledger_findings.append(other_hub(target, committed))
            scopes -= {Scope.COMMITTED}
        return Wanted(
            rows=compiled.rows,
            items=_once(lambda: self.compiler.items(name)),
            committed=committed.ledger,
            local=local.ledger,
            scopes=scopes,
            only=request.only,
            decided=lambda spec: self.compiler.decided_by(name, spec),
            exception=self.exceptions.reason,
            take=request.take,
            units=units,
            managed=managed_settings(self.compiler.machine.platform, door),
            findings=(*compiled.findings, *ledger_findings, *findings),
        )

    def ledgers(
        self, target: Target, door: Files | None = None
    ) -> tuple[StoredLedger, StoredLedger]:
        """The committed and the local ledger of a target; the host has only a local one."""
        door = door or self.door
        local = read_ledger(door, local_path(self.state, target), target)
        if target.is_host:
            return StoredLedger(path="", ledger=Ledger()), local
        return read_lock(door, target), local

    def _has_units(self, target: Target) -> bool:
        """Whether the service manager, which no signature shows, has a say in the verdict."""
        rows = self.compiler.compiled(target.name).rows if target.is_host else ()
        return any(row.path.startswith("unit:") for row in rows)

    def _units(
        self, target: Target, local: StoredLedger
    ) -> tuple[Mapping[str, str], list[Finding]]:
        """Observed unit states, and the note why there are none."""
        if not target.is_host:
            return {}, []
        rows = self.compiler.compiled(target.name).rows
        addresses = {row.local for row in rows} | set(local.ledger.records)
        names = {a[5:].partition("#")[0] for a in addresses if a.startswith("unit:")}
        if not names:
            return {}, []
        units = self.host_units(names)
        note = missing_finding(units.services)
        return units.observed(), [note] if note else []

    def host_units(self, names: Iterable[str] = ()) -> HostUnits:
        """The units of this account."""
        return HostUnits(
            services=services_of(self.compiler.machine.platform), names=tuple(sorted(names))
        )

    def repositories(self, names: Iterable[str]) -> dict[str, Target]:
        """Those of `names` that are repositories on this machine."""
        located = {name: self.compiler.locate(name).target for name in names if name != "host"}
        return {name: target for name, target in located.items() if target is not None}

    def _line_of_exception(self, index: int) -> Location:
        return self.compiler.canonical.location(("exceptions", index))


def _once(make: Callable[[], dict[str, Item]]) -> Callable[[], dict[str, Item]]:
    """A function that renders at most once."""
    kept: list[dict[str, Item]] = []

    def items() -> dict[str, Item]:
        if not kept:
            kept.append(make())
        return kept[0]

    return items
