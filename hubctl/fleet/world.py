"""A hub on this machine: its canonical.yaml compiled, its targets located, its state folder.

What every command starts from, and what a drift check of a fleet in sync needs; looking at targets
is `planning`, and `rechecking` for a drift report. Loads neither until somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.fleet.compile import Compiler
from hubctl.fleet.exceptions import Exceptions
from hubctl.fleet.hub import find_canonical, read_hub
from hubctl.fleet.same_repository import same_git_directory
from hubctl.model.change import Plan
from hubctl.model.state import REPAIRED, Scope
from hubctl.system.clock import nanoseconds
from hubctl.system.files import RealFiles
from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hubctl.engine.journal import Journal
    from hubctl.engine.ledgers import StoredLedger
    from hubctl.fleet.hub import HubFiles
    from hubctl.fleet.rechecking import Checked
    from hubctl.fleet.same_repository import Home
    from hubctl.model.change import TargetPlan
    from hubctl.model.finding import Finding, Location
    from hubctl.model.target import Target
    from hubctl.system.files import Files
    from hubctl.system.places import Places
    from hubctl.system.services import HostUnits

    Progress = Callable[[str], None]

BOTH = frozenset(Scope)
# Names that lead nowhere: each target that has one tells it, and `validate` tells all of them.
_TOLD_BY_TARGETS = frozenset(("canonical/unknown-hook", "canonical/unknown-source"))


def _silent(_name: str) -> None:
    """A progress that nobody watches."""


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
    """One hub and everything it manages here. Reads lazily; writes only through `carry_out`.

    `paths` knows real paths as they were when this run first asked; `began` (ns) precedes
    everything that it looked at.
    """

    def __init__(self, files: HubFiles, places: Places, door: Files, today: str) -> None:
        self.files = files
        self.places = places
        self.door = door
        self.today = today
        self.paths = RealPaths()
        self.began = nanoseconds()

    @staticmethod
    def open(given: str | None, cwd: str, places: Places, today: str) -> World:
        """The hub that `given` or `cwd` leads to; `today` is an ISO date."""
        door = RealFiles()
        path = find_canonical(given, cwd, places)
        return World(read_hub(path, door), places, door, today)

    def read_again(self) -> None:
        """Read canonical.yaml anew: an interrupted run that was undone may have written it."""
        self.files = read_hub(self.files.path, self.door)
        self.paths = RealPaths()
        self.began = nanoseconds()
        for name in ("compiler", "exceptions"):
            self.__dict__.pop(name, None)

    @cached_property
    def compiler(self) -> Compiler:
        """The compiled hub."""
        return Compiler(self.files, self.places, self.paths)

    @property
    def hub(self) -> str:
        """The hub's name."""
        return self.compiler.head.hub

    @property
    def state(self) -> str:
        """The hub's folder in the state folder."""
        return self.places.hub_state(self.hub)

    @cached_property
    def other_hubs(self) -> tuple[str, ...]:
        """State folders of this account's other hubs."""
        from hubctl.engine.ledger_names import other_hubs

        return other_hubs(self.door, self.places.state, self.hub)

    @property
    def journal(self) -> Journal:
        """The hub's journal."""
        from hubctl.engine.journal import Journal

        return Journal(folder=self.journals, door=self.door)

    @property
    def journals(self) -> str:
        """The folder of the hub's journal."""
        return f"{self.state}/journal"

    @cached_property
    def exceptions(self) -> Exceptions:
        """The drifts that canonical allows."""
        return Exceptions.of(self.compiler.head.document, self.today)

    def expired_exceptions(self) -> tuple[Finding, ...]:
        """A finding for every exception that ended."""
        return self.exceptions.expired(self._line_of_exception)

    def _line_of_exception(self, index: int) -> Location:
        return self.compiler.canonical.location(("exceptions", index))

    def names(self, asked: Iterable[str]) -> tuple[str, ...]:
        """The targets meant by `asked`, all of them where it is empty.

        Raises:
            UsageError: one of them is no target of this hub.
        """
        known = self.compiler.head.names
        wanted = tuple(dict.fromkeys(asked))
        for name in wanted:
            if name not in known:
                raise self._unknown(name)
        return tuple(name for name in known if name in wanted) if wanted else known

    def _unknown(self, name: str) -> UsageError:
        import difflib

        near = difflib.get_close_matches(name, self.compiler.head.names, n=1)
        hint = f"did you mean {near[0]}?" if near else "`hubctl repos list` shows them all"
        return UsageError(f"there is no target {name!r} in {self.files.path}", hint=hint)

    def homes(self, names: Iterable[str]) -> dict[str, Home]:
        """Where targets lie on this machine."""
        from hubctl.fleet.same_files import home_of

        return {name: home_of(self, self.compiler.locate(name).target) for name in names}

    def findings(self) -> tuple[Finding, ...]:
        """What is to be told of canonical.yaml as a whole."""
        return tuple(f for f in self.compiler.head.findings if f.rule not in _TOLD_BY_TARGETS)

    def joined(
        self, targets: Iterable[TargetPlan], homes: Mapping[str, Home], *, moved: bool = True
    ) -> Plan:
        """The plan of a fleet, with what there is to tell of it as a whole.

        `homes` are those of its targets; `moved` is off where they lie as they did when somebody
        last compared them with all others.
        """
        from hubctl.fleet.left_behind import left_behind
        from hubctl.fleet.same_files import files_of_others, same_files

        names = self.compiler.head.names
        everybody = homes
        if moved and len(homes) < len(names):
            others = self.homes(name for name in names if name not in homes)
            everybody = {name: homes.get(name) or others[name] for name in names}
        shared = files_of_others(self, everybody, homes)
        plan = Plan(
            hub=self.hub,
            canonical=self.files.path,
            revision=self.compiler.head.revision,
            targets=tuple(_without(target, shared) for target in targets),
            findings=(
                *self.findings(),
                *(same_git_directory(everybody, homes) or same_files(self, everybody, homes)),
                *(f for f in self.expired_exceptions() if f.address.partition(":")[0] in homes),
                *(left_behind(self, homes) if len(homes) == len(names) else ()),
            ),
        )
        return self.holding(plan)

    def holding(self, plan: Plan) -> Plan:
        """The plan without repairs that somebody keeps undoing."""
        if not any(change.status in REPAIRED for change in plan.changes()):
            return plan
        from hubctl.fleet.contested import hold_contested_repairs

        return replace(plan, targets=hold_contested_repairs(self, plan.targets))

    def plan(self, request: Request, progress: Progress = _silent) -> Plan:
        """Plan every asked target; reads only."""
        from hubctl.fleet.planning import plan

        return plan(self, request, progress)

    def plan_one(self, name: str, request: Request) -> TargetPlan:
        """Plan one target."""
        from hubctl.fleet.planning import plan_one

        return plan_one(self, name, request)

    def recheck(self, request: Request, progress: Progress = _silent) -> Checked:
        """Plan like `plan`, but trust snapshots of what did not move; with all checks."""
        from hubctl.fleet.rechecking import recheck

        return recheck(self, request, progress)

    def ledgers(self, target: Target) -> tuple[StoredLedger, StoredLedger]:
        """The committed and the local ledger of a target; the host has only a local one."""
        from hubctl.fleet.planning import ledgers

        return ledgers(self, target, self.door)

    def host_units(self, names: Iterable[str] = ()) -> HostUnits:
        """The units of this account."""
        from hubctl.system.services import HostUnits, services_of

        services = services_of(self.compiler.machine.platform)
        return HostUnits(services=services, names=tuple(sorted(names)))


def _without(target: TargetPlan, shared: Mapping[tuple[str, str], Finding]) -> TargetPlan:
    """The plan of a target but for files that another target has, each one a finding."""
    found = {path: finding for (name, path), finding in shared.items() if name == target.target}
    if not found:
        return target
    kept = tuple(change for change in target.changes if change.address.path not in found)
    return replace(target, changes=kept, findings=(*target.findings, *found.values()))
