"""Planning one target: rows, ledgers and what stands there become a TargetPlan.

Pure but for the observer it is given, which reads. It decides everything; apply only executes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.engine.other_hubs import claimed_by, claims_finding
from hubctl.engine.seen import Seen, look_at, value_of
from hubctl.engine.shadow import shadowing
from hubctl.engine.threeway import IN_SYNC, LEFT, MOVED, MOVES, Verdict, decide
from hubctl.engine.unmanaged import Holders, foreign_members
from hubctl.model.address import Address, Part
from hubctl.model.change import Change, TargetPlan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.ledger import Ledger
from hubctl.model.state import ABSENT, Action, Scope, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hubctl.engine.ledgers import StoredLedger
    from hubctl.engine.observe import FileView, Observer
    from hubctl.engine.rows import Row
    from hubctl.model.item import Item, Value
    from hubctl.model.state import Absent


# What a person may have written over: foreign values, and repairs that are held back.
_TAKEN = (Status.CONFLICT, Status.DRIFTED, Status.MISSING)

_NO_FILE = (Part.UNIT.value, Part.LINK.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one target should be, and what is recorded of it.

    Attributes:
        rows: desired things by hash; items: renders their values, by local address, on demand.
        committed, local: the two ledgers; scopes: which of them this run looks at.
        others: local ledgers of other hubs; what they record is left to them.
        only: the renderers whose rows count, all where it is empty; else there are no orphans.
        decided: resolved-spec path → line of canonical.yaml.
        exception: address text → reason of the exception that allows its drift, "" if none.
        take: addresses whose foreign or conflicting value is to be overwritten.
        units: unit address (local) → observed state; absent where it cannot be known.
        managed: settings of the organisation, which override everything, by parsed value.
        findings: what was found while preparing (lint, sources, paths …).
    """

    rows: tuple[Row, ...]
    items: Callable[[], Mapping[str, Item]]
    committed: Ledger = field(default_factory=Ledger)
    local: Ledger = field(default_factory=Ledger)
    scopes: frozenset[Scope] = frozenset(Scope)
    others: tuple[StoredLedger, ...] = ()
    only: frozenset[str] = frozenset()
    decided: Callable[[tuple[str, ...]], Location | None] = lambda _spec: None
    exception: Callable[[Address], str] = lambda _address: ""
    take: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    managed: object = None
    findings: tuple[Finding, ...] = ()


def plan_target(wanted: Wanted, observer: Observer) -> TargetPlan:
    """Compare every desired and every recorded address of one target with what stands there."""
    return _Planner(wanted, observer).plan()


class _Planner:
    """The loop over one target's addresses; keeps what it gathers on the way."""

    def __init__(self, wanted: Wanted, observer: Observer) -> None:
        self._wanted = wanted
        self._observer = observer
        self._target = observer.target
        self._changes: list[Change] = []
        self._in_sync = 0
        self._skipped: set[str] = set()
        self._claimed: dict[str, list[str]] = {}
        self._wanted_locals = {row.local for row in wanted.rows}

    def plan(self) -> TargetPlan:
        wanted = self._wanted
        scopes = {scope.value for scope in wanted.scopes}
        rows = {row.local: row for row in wanted.rows if row.scope in scopes}
        self._refuse_shared_files(rows)
        for local, row in rows.items():
            if not wanted.only or row.renderer in wanted.only:
                self._compare(local, row)
        for local, scope in () if wanted.only else self._orphans(rows):
            self._compare_orphan(local, scope)
        foreign = self._note_unmanaged(rows)
        problems = [v.problem for v in self._observer.views() if v.problem is not None]
        return TargetPlan(
            target=self._target.name,
            root=self._target.root,
            changes=tuple(sorted(self._changes, key=lambda change: change.address)),
            in_sync=self._in_sync,
            findings=(*wanted.findings, *self._claims(), *problems),
            fingerprints=self._fingerprints(),
            foreign=foreign,
        )

    def _address(self, local: str) -> Address:
        path, _, fragment = local.partition("#")
        return Address(target=self._target.name, path=path, fragment=fragment)

    # -- compared ---------------------------------------------------------------------------------

    def _compare(self, local: str, row: Row) -> None:
        if row.path in self._skipped or self._is_claimed(local, row):
            return
        recorded, moves = self._recorded(local, row)
        address = self._address(local)
        seen = look_at(self._observer, self._wanted.units, address, row, recorded)
        if seen is None:
            return
        verdict = decide(row.hash, recorded, seen.hash)
        if verdict is IN_SYNC and moves:
            verdict = MOVES
        if verdict is not IN_SYNC:
            self._add(address, row, verdict, seen, recorded, Scope(row.scope))
        elif not self._is_shadowed(row, address):
            self._in_sync += 1

    def _is_claimed(self, local: str, row: Row) -> bool:
        """Whether another hub looks after a thing of this machine."""
        owner = None if row.committed else claimed_by(self._wanted.others, local)
        if owner is not None:
            self._claimed.setdefault(owner.path, []).append(local)
        return owner is not None

    def _claims(self) -> Iterator[Finding]:
        for stored in self._wanted.others:
            if stored.path in self._claimed:
                yield claims_finding(self._target.name, stored, self._claimed[stored.path])

    def _recorded(self, local: str, row: Row) -> tuple[str, bool]:
        """The recorded hash, and whether it stands in the ledger of the other scope."""
        own, other = self._wanted.local, self._wanted.committed
        if row.committed:
            own, other = other, own
        recorded = own.hash_of(local)
        if recorded or other.adopted(local):
            return recorded, False  # what was only adopted there is only adopted here
        recorded = other.hash_of(local)
        return recorded, bool(recorded)

    def _compare_orphan(self, local: str, scope: Scope) -> None:
        ledger = self._wanted.committed if scope is Scope.COMMITTED else self._wanted.local
        recorded = ledger.hash_of(local)
        address = self._address(local)
        seen = look_at(self._observer, self._wanted.units, address, None, recorded)
        if seen is None:
            return
        verdict = decide("", recorded, seen.hash, adopted=ledger.adopted(local))
        if local in self._wanted_locals:
            verdict = MOVED
        elif scope is Scope.LOCAL and claimed_by(self._wanted.others, local):
            verdict = LEFT
        self._add(address, None, verdict, seen, recorded, scope)

    def _orphans(self, rows: Mapping[str, Row]) -> list[tuple[str, Scope]]:
        found: list[tuple[str, Scope]] = []
        for scope, ledger in (
            (Scope.COMMITTED, self._wanted.committed),
            (Scope.LOCAL, self._wanted.local),
        ):
            if scope in self._wanted.scopes:
                kept = {local for local in ledger.records if _is_row(rows.get(local), scope)}
                found += [(local, scope) for local in sorted(set(ledger.records) - kept)]
        return found

    def _add(  # noqa: PLR0913, PLR0917 - the six facts of one comparison
        self,
        address: Address,
        row: Row | None,
        verdict: Verdict,
        seen: Seen,
        recorded: str,
        scope: Scope,
    ) -> None:
        named = str(address) in self._wanted.take
        taken = named and verdict.status is Status.CONFLICT
        action = _taking(row, seen) if taken else verdict.action
        item = self._wanted.items().get(address.local) if row else None
        desired = item.value if item else None
        observed = value_of(seen, self._wanted.units, address, recorded)
        self._changes.append(
            Change(
                address=address,
                scope=scope,
                renderer=row.renderer if row else "",
                status=verdict.status,
                action=action,
                desired=desired,
                observed=observed,
                recorded=recorded,
                reason="overwritten on request" if taken else verdict.reason,
                decided_by=self._wanted.decided(row.spec) if row else None,
                sensitive=(row is not None and row.sensitive)
                or _is_sensitive(address, desired, observed),
                excepted=self._wanted.exception(address),
                take=named and verdict.status in _TAKEN,
            )
        )

    # -- beside the table -------------------------------------------------------------------------

    def _is_shadowed(self, row: Row, address: Address) -> bool:
        hiding = shadowing(row, self._observer, self._wanted.managed)
        if not hiding:
            return False
        verdict = Verdict(Status.SHADOWED, Action.NONE, f"{hiding} sets another value, which wins")
        self._add(address, row, verdict, Seen(row.hash), row.hash, Scope(row.scope))
        return True

    def _note_unmanaged(self, rows: Mapping[str, Row]) -> dict[str, tuple[str, ...]]:
        """Note what was added since the last apply; returns everything foreign there is now."""
        found: dict[str, tuple[str, ...]] = {}
        seen = self._wanted.local.seen
        recorded = Holders((*self._wanted.committed.records, *self._wanted.local.records))
        deleted = {c.address.local for c in self._changes if c.action is Action.DELETE}
        own: dict[str, list[Row]] = {}
        for row in rows.values():
            own.setdefault(row.path, []).append(row)
        for view in self._observer.files() if Scope.LOCAL in self._wanted.scopes else ():
            foreign = foreign_members(view, own.get(view.path, ()))
            stays = tuple(p for p in foreign if f"{view.path}#{p}" not in deleted)
            if stays:
                found[view.path] = stays
            if seen is not None:
                for pointer in sorted(set(stays) - set(seen.get(view.path, ()))):
                    if not recorded.hold(view.path, pointer):
                        self._add_unmanaged(view, pointer)
        return found

    def _add_unmanaged(self, view: FileView, pointer: str) -> None:
        address = Address(target=self._target.name, path=view.path, fragment=pointer)
        reason = "somebody added it; hubctl leaves it alone"
        verdict = Verdict(Status.UNMANAGED, Action.NONE, reason)
        self._add(address, None, verdict, Seen("unmanaged", view), "", Scope.LOCAL)

    def _refuse_shared_files(self, rows: Mapping[str, Row]) -> None:
        """Two logical paths with one real file behind them cannot both be owned."""
        owners: dict[str, str] = {}
        for row in rows.values():
            if row.part in _NO_FILE or row.path in self._skipped:
                continue
            real = self._observer.file(row.path).place.path
            first = owners.setdefault(real, row.path)
            if first != row.path:
                self._skipped.add(row.path)
                self._observer.refuse(row.path, _same_file(self._target.name, first, row.path))

    def _fingerprints(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for change in self._changes:
            if change.action is Action.NONE or change.address.part is Part.UNIT:
                continue
            found |= self._observer.fingerprints(change.address.path)
        return found


def _is_row(row: Row | None, scope: Scope) -> bool:
    return row is not None and row.scope == scope.value


def _taking(row: Row | None, seen: Seen) -> Action:
    if row is None:
        return Action.DELETE
    return Action.UPDATE if seen.hash else Action.CREATE


def _is_sensitive(address: Address, *values: Value | Absent | None) -> bool:
    from hubctl.config.flagged import is_flagged
    from hubctl.config.secrets import is_sensitive

    if address.pointer and is_sensitive(address.pointer):
        return True
    kept = (value for value in values if value is not None and value is not ABSENT)
    return any(is_flagged(address.pointer, value) for value in kept)


def _same_file(target: str, first: str, second: str) -> Finding:
    return Finding(
        rule="contain/same-file",
        severity=Severity.ERROR,
        message=f"{second} and {first} are one file, and canonical wants something in both",
        address=f"{target}:{second}",
        hint="drop one of the two in canonical.yaml, or replace the link by a file",
        exit_code=4,
    )
