"""A target in a temporary folder with ledgers and a journal: plan and apply without canonical."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry, Journal
from hubctl.engine.ledgers import local_path, read_ledger, read_lock
from hubctl.engine.observe import Observer
from hubctl.engine.plan import Wanted, plan_target
from hubctl.engine.prepare import Allowed, Records, prepare
from hubctl.engine.rows import rows_of
from hubctl.model.address import Address
from hubctl.model.item import BlockText, FileText, Item, JsonValue, LinkTo
from hubctl.model.state import Scope
from hubctl.model.target import Target
from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hubctl.model.change import TargetPlan
    from hubctl.model.item import Value
    from hubctl.model.report import Outcome
    from hubctl.system.files import Files

SETTINGS = ".claude/settings.json"


def item(path: str, fragment: str, value: Value, scope: Scope = Scope.COMMITTED) -> Item:
    address = Address(target="api", path=path, fragment=fragment)
    return Item(address=address, value=value, scope=scope, renderer="test")


def setting(pointer: str, value: object, path: str = SETTINGS) -> Item:
    return item(path, pointer, JsonValue(value=value))


def allow(rule: str) -> Item:
    return item(SETTINGS, f'/permissions/allow="{rule}"', JsonValue(value=rule))


def block(text: str, path: str = "CLAUDE.md") -> Item:
    return item(path, "block:hubctl", BlockText(text=text, comment="html"))


def whole(path: str, text: str, *, executable: bool = False) -> Item:
    return item(path, "", FileText(text=text, executable=executable))


def link(path: str, destination: str) -> Item:
    return item(path, "", LinkTo(destination=destination), Scope.LOCAL)


class NoUnits:
    def reload(self) -> None:
        raise AssertionError("no units here")

    def set_state(self, unit: str, prop: str, state: str) -> None:
        raise AssertionError("no units here")


@dataclass
class Workbench:
    """`root` is the repository, `state` hubctl's folder for it."""

    root: Path
    state: Path
    door: Files = field(default_factory=RealFiles)
    follow: tuple[str, ...] = ()
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / ".git").mkdir(exist_ok=True)

    @property
    def target(self) -> Target:
        git = str(self.root / ".git")
        return Target(
            name="api",
            root=str(self.root),
            roots={".git/": git},
            common_dir=git,
            follow=self.follow,
        )

    @property
    def journal(self) -> Journal:
        return Journal(folder=str(self.state / "journal"), door=self.door)

    def records(self) -> Records:
        return Records(
            committed=read_lock(self.door, self.target),
            local=read_ledger(self.door, local_path(str(self.state), self.target), self.target),
            hub="acme",
            repository="api",
        )

    def plan(self, items: Iterable[Item], *, take: Iterable[str] = ()) -> TargetPlan:
        kept = tuple(items)
        records = self.records()
        wanted = Wanted(
            rows=rows_of(kept),
            items=lambda: {i.address.local: i for i in kept},
            committed=records.committed.ledger,
            local=records.local.ledger,
            take=frozenset(take),
        )
        return plan_target(wanted, Observer(self.target, self.door))

    def apply(
        self, items: Iterable[Item], *, take: Iterable[str] = (), prune: bool = False
    ) -> Outcome:
        return self.carry_out(self.plan(items, take=take), prune=prune)

    def carry_out(
        self, plan: TargetPlan, *, prune: bool = False, baseline: bool = False
    ) -> Outcome:
        allowed = Allowed(prune=prune)
        records = replace(self.records(), seen=plan.foreign if baseline else None)
        batch = prepare(plan, self.target, records, self.door, allowed)
        entry = Entry(
            id=f"{next(self.ids):04}",
            time="2026-01-01T00:00:00Z",
            command="apply",
            batches=(batch,),
        )
        executor = Executor(door=self.door, journal=self.journal, units=NoUnits())
        return executor.run(entry)[0]

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def put(self, path: str, data: bytes | str) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())


def snapshot(root: Path) -> dict[str, tuple[str, bytes | str, int]]:
    """Every entry below a folder: kind, bytes or destination, mode."""
    found: dict[str, tuple[str, bytes | str, int]] = {}
    for place in sorted(root.rglob("*")):
        name = str(place.relative_to(root))
        mode = place.lstat().st_mode
        if place.is_symlink():
            found[name] = ("link", str(place.readlink()), 0)
        elif place.is_dir():
            found[name] = ("folder", "", mode)
        else:
            found[name] = ("file", place.read_bytes(), mode)
    return found
