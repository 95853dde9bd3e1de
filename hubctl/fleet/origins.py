"""What stood in a repository before hubctl first wrote there, as far as the journal remembers.

Reads the journal; restores nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.documents import DocumentError, read_document
from hubctl.engine.operations import Operation, take_image
from hubctl.errors import OperationError
from hubctl.model.item import FileText, LinkTo
from hubctl.model.state import ABSENT, Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.engine.journal import Entry, Journal
    from hubctl.engine.operations import Batch, Image
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.item import Value
    from hubctl.model.state import Absent
    from hubctl.system.files import Files

_EXECUTABLE = 0o111


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One path: the image before our first write, the one our last write left.

    `unbroken`: nobody else wrote between two writes of ours, so the first image is all there was.
    """

    first: Image
    last: Image
    unbroken: bool = True


def origins_of(journal: Journal, name: str) -> Mapping[str, Origin]:
    """Absolute path → its origin, for everything hubctl wrote at a repository since it joined."""
    found: dict[str, Origin] = {}
    for entry in _lasting(journal, f"repos remove {name}"):
        if entry.ending == "done" and name not in entry.failed:
            found = _after(found, entry, name)
    return found


def _lasting(journal: Journal, departure: str) -> list[Entry]:
    """All runs but departures that were rolled back, and what rolled them back."""
    kept: list[Entry] = []
    for entry_id in journal.ids():
        try:
            entry = journal.read(entry_id)
        except OperationError:
            continue  # a damaged entry only makes the memory shorter
        command, _, undone = entry.command.partition(" ")
        left = [e for e in kept if e.id == undone and e.command == departure]
        if command == "rollback" and entry.ending == "done" and left:
            kept.remove(left[0])
        else:
            kept.append(entry)
    return kept


def _after(found: dict[str, Origin], entry: Entry, name: str) -> dict[str, Origin]:
    if entry.command == f"repos remove {name}":
        return {}
    after = dict(found)
    for batch in entry.batches:
        for operation in batch.operations if batch.target == name else ():
            if operation.after.kind != "folder":
                after[operation.path] = _joined(after.get(operation.path), operation)
    return after


def _joined(known: Origin | None, operation: Operation) -> Origin:
    if known is None:
        return Origin(first=operation.before, last=operation.after)
    unbroken = known.unbroken and operation.before.like(known.last)
    return replace(known, last=operation.after, unbroken=unbroken)


def with_former_values(
    plan: TargetPlan, origins: Mapping[str, Origin], real: Callable[[str], str]
) -> TargetPlan:
    """The plan that puts back a value where one stood before ours, instead of deleting it.

    `real` is the absolute path of the file behind a logical one.
    """
    changes = tuple(
        _former(change, origins.get(real(change.address.path)))
        if change.action is Action.DELETE
        else change
        for change in plan.changes
    )
    return replace(plan, changes=changes)


def _former(change: Change, origin: Origin | None) -> Change:
    value = ABSENT if origin is None else _value(change, origin.first)
    if value is ABSENT:
        return change
    return replace(change, action=Action.UPDATE, desired=value)


def _value(change: Change, image: Image) -> Value | Absent:
    if image.kind == "link":
        return LinkTo(destination=image.destination)
    if image.kind != "file" or image.data is None:
        return ABSENT
    if not change.address.fragment:
        text = image.data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        return FileText(text=text, executable=bool(image.mode & _EXECUTABLE))
    try:
        return read_document(change.address.path, image.data).get(change.address)
    except DocumentError:
        return ABSENT


def exactly(batch: Batch, origins: Mapping[str, Origin], door: Files) -> Batch:
    """The batch that gives back every byte of files that only hubctl wrote to since it came."""
    operations = {operation.path: operation for operation in batch.operations}
    for path, origin in origins.items():
        current = take_image(door, path)
        if not origin.unbroken or not current.like(origin.last) or current.kind == "absent":
            continue
        operations.pop(path, None)
        if not current.same_as(origin.first):
            operations[path] = Operation(
                path=path,
                before=current,
                after=origin.first,
                last=origin.first.kind == "absent",
            )
    return replace(batch, operations=_deletions_last(tuple(operations.values())))


def _deletions_last(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Files before the folders that they leave empty."""
    folders = tuple(op for op in operations if op.before.kind == "folder")
    return (*(op for op in operations if op.before.kind != "folder"), *folders)
