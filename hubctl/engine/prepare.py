"""Preparing: a TargetPlan becomes a Batch of operations, with every byte already computed.

Everything that can go wrong without writing goes wrong here: a file that moved since the plan, a
document that cannot be edited, a link out of the target, a file that would be emptied.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.documents import DocumentError, Edit, edit_document
from hubctl.engine.contain import Locator, real_entry
from hubctl.engine.execute import moved
from hubctl.engine.ledgers import StoredLedger, advance
from hubctl.engine.observe import EXECUTABLE
from hubctl.engine.operations import (
    ABSENT_IMAGE,
    FOLDER_IMAGE,
    PRIVATE_FOLDER,
    Batch,
    Image,
    Operation,
    UnitOperation,
    file_image,
    link_image,
    take_image,
)
from hubctl.errors import OperationError
from hubctl.model.address import Part
from hubctl.model.hashing import hash_bytes
from hubctl.model.item import FileText, LinkTo, UnitState
from hubctl.model.ledger import Ledger, dump_ledger
from hubctl.model.state import Action, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.target import Target
    from hubctl.system.files import Files

_UNIT_FOLDERS = (".config/systemd/user/", "Library/LaunchAgents/")
_EMPTY = (b"", b"{}", b"[]")
PRIVATE = "@state/"


class EmptiesFileError(OperationError):
    """A file of the user's would be left empty; `--prune` allows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The two ledgers of a target as found, whose they become, and the new baseline."""

    committed: StoredLedger
    local: StoredLedger
    hub: str
    repository: str
    seen: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the caller allows beyond the ordinary.

    Attributes:
        prune: files that become empty. release: the target leaves, and its ledgers with it.
    """

    prune: bool = False
    release: bool = False


def prepare(
    plan: TargetPlan, target: Target, records: Records, door: Files, allowed: Allowed
) -> Batch:
    """Compute everything that apply will write for one target.

    Raises:
        MovedError: a file no longer is what the plan saw.
        OperationError: an edit or a path is impossible; the message names it.
    """
    return _Preparation(plan, target, records, door, allowed).batch()


def check_fingerprints(plan: TargetPlan, door: Files) -> tuple[str, ...]:
    """Paths that no longer are what the plan saw, sorted."""
    return tuple(p for p in sorted(plan.fingerprints) if _print(door, p) != plan.fingerprints[p])


def _print(door: Files, path: str) -> str:
    try:
        look = door.look(path)
        if look is None:
            return "absent"
        if look.kind == "link":
            return f"link {look.destination}"
        return hash_bytes(door.read(path)) if look.kind == "file" else "other"
    except OSError:
        return "unreadable"


class _Preparation:
    """One target on its way from changes to operations."""

    def __init__(
        self,
        plan: TargetPlan,
        target: Target,
        records: Records,
        door: Files,
        allowed: Allowed,
    ) -> None:
        self._plan = plan
        self._target = target
        self._records = records
        self._door = door
        self._allowed = allowed
        self._locator = Locator(target, door)
        self._folders: dict[str, Operation] = {}
        self._containers = dict(records.committed.ledger.containers) | dict(
            records.local.ledger.containers
        )

    def batch(self) -> Batch:
        for path in check_fingerprints(self._plan, self._door):
            raise moved(path)
        acting = [c for c in self._plan.acting() if c.address.part is not Part.UNIT]
        operations: list[Operation] = []
        for path, group in groupby(sorted(acting, key=_by_path), key=_by_path):
            operations += self._file(path, list(group))
        _refuse_shared(operations)
        operations += self._emptied_folders(operations)
        ledgers = self._ledgers()
        operations += self._emptied_folders([*operations, *ledgers])
        units = tuple(_unit(c) for c in self._plan.acting() if c.address.part is Part.UNIT)
        return Batch(
            target=self._plan.target,
            root=self._plan.root,
            operations=(*self._folders.values(), *operations),
            ledgers=ledgers,
            units=tuple(unit for unit in units if unit.before != unit.after),
            reload=any(op.path.startswith(self._unit_folders()) for op in operations),
            changes=tuple((str(c.address), c.status.value) for c in self._plan.acting()),
        )

    def _unit_folders(self) -> tuple[str, ...]:
        roots = self._target.roots
        return tuple(f"{roots[prefix]}/" for prefix in _UNIT_FOLDERS if prefix in roots)

    # -- one file ---------------------------------------------------------------------------------

    def _file(self, path: str, changes: list[Change]) -> list[Operation]:
        writing = [c for c in changes if c.action not in (Action.ADOPT, Action.FORGET)]
        if not writing:
            return []
        if any(isinstance(c.desired, LinkTo) for c in writing) or _unlinks(writing):
            return [self._link(path, writing[0])]
        place = self._locator.locate(path)
        if place.problem:
            raise OperationError(place.problem, hint=place.hint)
        private = path.startswith(PRIVATE)
        before = self._before(place.path, private=private)
        after = self._after(path, before, writing)
        if after.same_as(before):
            return []
        self._refuse_emptying(place.path, before, after)
        if after.kind == "file":
            self._make_folders(os.path.dirname(place.path), private=private)
        return [self._operation(place.path, before, after, writing)]

    def _link(self, path: str, change: Change) -> Operation:
        place = self._locator.locate_link(path)
        if place.problem:
            raise OperationError(place.problem, hint=place.hint)
        before = self._before(place.path)
        if isinstance(change.desired, LinkTo):
            after = link_image(change.desired.destination)
            self._make_folders(os.path.dirname(place.path))
        else:
            after = ABSENT_IMAGE
        return self._operation(place.path, before, after, [change])

    def _before(self, path: str, *, private: bool = False) -> Image:
        before = take_image(self._door, path)
        if private and before.kind == "absent":
            return replace(before, mode=0o600)
        if before.kind in ("folder", "other"):
            kind = "a folder" if before.kind == "folder" else "no file"
            raise OperationError(f"{path} is {kind}", hint="move it away first")
        return before

    def _operation(
        self, path: str, before: Image, after: Image, changes: Iterable[Change]
    ) -> Operation:
        return Operation(
            path=path,
            before=before,
            after=after,
            addresses=tuple(str(change.address) for change in changes),
            last=after.kind == "absent",
        )

    def _after(self, path: str, before: Image, changes: list[Change]) -> Image:
        whole = [c for c in changes if not c.address.fragment]
        if whole:
            return _whole_after(before, whole[0])
        edits = [Edit(address=c.address, value=c.desired, recorded=c.recorded) for c in changes]
        mine = {k: v for k, v in self._containers.items() if k.partition("#")[0] == path}
        try:
            edited = edit_document(path, before.data, edits, mine)
        except DocumentError as error:
            where = f"{self._target.absolute(path)}{f':{error.line}' if error.line else ''}"
            raise OperationError(f"{where}: {error.message}", hint=error.hint) from error
        for key in mine:
            del self._containers[key]
        self._containers |= edited.containers
        return ABSENT_IMAGE if edited.data is None else file_image(edited.data, before.mode)

    def _refuse_emptying(self, path: str, before: Image, after: Image) -> None:
        had = before.data is not None and before.data.strip() not in _EMPTY
        emptied = after.kind == "file" and (after.data or b"").strip() in _EMPTY
        if had and emptied and not self._allowed.prune:
            raise EmptiesFileError(f"this would leave {path} empty", hint="allow it with --prune")

    def _make_folders(self, folder: str, *, private: bool = False) -> None:
        missing: list[str] = []
        while folder not in self._folders and self._door.look(folder) is None:
            missing.append(folder)
            folder = os.path.dirname(folder)
        root = self._target.root
        if root in missing:
            # A drive that went away leaves its mount point: nothing may be built up there anew.
            raise OperationError(f"{root} is gone", hint="bring it back and run the command again")
        after = PRIVATE_FOLDER if private else FOLDER_IMAGE
        for name in reversed(missing):
            self._folders[name] = Operation(path=name, before=ABSENT_IMAGE, after=after)
            if name.startswith(root + "/"):
                self._containers[name[len(root) + 1 :] + "/"] = "absent"

    def _emptied_folders(self, operations: list[Operation]) -> list[Operation]:
        """Folders that we made and that these deletions leave empty, innermost first."""
        gone = {op.path for op in operations if op.after.kind == "absent"}
        made = sorted((key for key in self._containers if key.endswith("/")), reverse=True)
        found: list[Operation] = []
        for key in made if gone else ():
            folder = self._target.absolute(key.rstrip("/"))
            if self._all_gone(folder, gone):
                gone.add(folder)
                del self._containers[key]
                before = take_image(self._door, folder)
                found.append(Operation(path=folder, before=before, after=ABSENT_IMAGE, last=True))
        return found

    def _all_gone(self, folder: str, gone: set[str]) -> bool:
        look = self._door.look(folder)
        if look is None or look.kind != "folder":
            return False
        names = self._door.list(folder)
        # One that is empty already was emptied by somebody else: it may be wanted so.
        return bool(names) and all(f"{folder}/{name}" in gone for name in names)

    # -- ledgers ----------------------------------------------------------------------------------

    def _ledgers(self) -> tuple[Operation, ...]:
        acting = self._plan.acting()
        found: list[Operation] = []
        recorded = False
        waiting: Mapping[str, str] = {}
        for stored, scope in (
            (self._records.committed, Scope.COMMITTED),
            (self._records.local, Scope.LOCAL),
        ):
            if stored.ledger.hub not in ("", self._records.hub):
                continue  # another hub's records are never ours to change
            ledger = advance(stored.ledger, acting, scope)
            ledger = self._with_containers(ledger)
            recorded = recorded or bool(ledger.records)
            if scope is Scope.LOCAL:
                ledger = replace(
                    ledger, seen=self._seen(stored) if recorded else None, waiting=waiting
                )
            elif waiting := self._waiting(ledger):
                continue
            if self._allowed.release:
                ledger = Ledger()
            elif self._is_repair() and stored.state == "damaged" and ledger.is_empty():
                continue  # its damage is still to be told; apply records anew what agrees
            found += self._ledger_operation(stored, ledger)
        return tuple(found)

    def _waiting(self, committed: Ledger) -> Mapping[str, str]:
        """Records that go on waiting for a committed ledger that this run does not write."""
        writes = any(
            c.scope is Scope.COMMITTED and c.action is not Action.FORGET
            for c in self._plan.acting()
        )
        if writes or self._allowed.release or self._records.committed.state != "absent":
            return {}
        return committed.records

    def _is_repair(self) -> bool:
        return self._records.seen is None

    def _seen(self, stored: StoredLedger) -> Mapping[str, tuple[str, ...]] | None:
        return stored.ledger.seen if self._is_repair() else self._records.seen

    def _with_containers(self, ledger: Ledger) -> Ledger:
        """Containers go with the ledger that has records in their file or folder."""
        files = {local.partition("#")[0] for local in ledger.records}
        kept = {
            key: was
            for key, was in self._containers.items()
            if key.partition("#")[0] in files
            or (key.endswith("/") and any(path.startswith(key) for path in files))
        }
        return replace(
            ledger,
            hub=self._records.hub,
            repository=self._records.repository,
            containers=kept,
        )

    def _ledger_operation(self, stored: StoredLedger, ledger: Ledger) -> list[Operation]:
        if stored.state == "absent" and ledger.is_empty():
            return []
        if stored.state == "refused":
            if ledger.is_empty():
                return []
            raise OperationError(f"the ledger cannot be written at {stored.path}")
        private = stored is self._records.local
        path = real_entry(stored.path)
        before = self._before(path, private=private)
        empty = ledger.is_empty()
        after = ABSENT_IMAGE if empty else file_image(dump_ledger(ledger), before.mode)
        if after.same_as(before):
            return []
        self._make_folders(os.path.dirname(path), private=private)
        return [Operation(path=path, before=before, after=after)]


def _refuse_shared(operations: Iterable[Operation]) -> None:
    seen: set[str] = set()
    for operation in operations:
        if operation.path in seen:
            raise OperationError(
                f"two things are to be written through links into one file: {operation.path}",
                hint="replace one of the links by a file",
            )
        seen.add(operation.path)


def _whole_after(before: Image, change: Change) -> Image:
    if not isinstance(change.desired, FileText):
        return ABSENT_IMAGE
    text = change.desired.text.replace("\r\n", "\n")
    if before.data is not None and b"\r\n" in before.data:
        text = text.replace("\n", "\r\n")
    mode = _executable(before.mode) if change.desired.executable else before.mode & ~EXECUTABLE
    return file_image(text.encode("utf-8", "surrogateescape"), mode)


def _executable(mode: int) -> int:
    """The mode with which everybody who may read the file may run it."""
    return mode | 0o100 | (mode & 0o444) >> 2


def _unlinks(changes: list[Change]) -> bool:
    return any(c.desired is None and isinstance(c.observed, LinkTo) for c in changes)


def _by_path(change: Change) -> str:
    return change.address.path


def _unit(change: Change) -> UnitOperation:
    unit = change.address.path.removeprefix("unit:")
    observed = change.observed
    before = observed.state if isinstance(observed, UnitState) else ""
    wanted = change.desired
    after = wanted.state if isinstance(wanted, UnitState) else _off(change.address.fragment)
    if change.action not in (Action.CREATE, Action.UPDATE, Action.DELETE):
        after = before
    return UnitOperation(unit=unit, prop=change.address.fragment, before=before, after=after)


def _off(prop: str) -> str:
    return "disabled" if prop == "enabled" else "inactive"
