"""Rollback and recovery: before-images from the journal go back to where they came from.

Rollback undoes an ended run on request, as a journaled run of its own. Recovery undoes a run that
a crash left open, before anything else happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.engine.contain import reason_of
from hubctl.engine.execute import MovedError, leads_elsewhere, sync_folders
from hubctl.engine.ledger_reversal import is_ledger, merged
from hubctl.engine.operations import Batch, Operation, UnitOperation, take_image
from hubctl.engine.undo import undo
from hubctl.errors import ConflictError, OperationError

if TYPE_CHECKING:
    from hubctl.engine.journal import Entry, Journal
    from hubctl.engine.operations import Image
    from hubctl.system.files import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """What a rollback would do.

    Attributes:
        batches: operations back to the before-images.
        changed: paths somebody changed since; they are left out.
    """

    batches: tuple[Batch, ...]
    changed: tuple[str, ...]


def reverse(entry: Entry, door: Files) -> Reversal:
    """Work out how to undo an ended entry from what stands there now."""
    changed: list[str] = []
    batches = tuple(_reverse_batch(batch, door, changed) for batch in reversed(entry.batches))
    kept = tuple(batch for batch in batches if not batch.is_empty())
    return Reversal(batches=kept, changed=tuple(sorted(changed)))


def require_unchanged(reversal: Reversal) -> None:
    """Refuse a rollback that would pass over somebody's later work.

    Raises:
        ConflictError: files were changed since; the message names them.
    """
    if reversal.changed:
        listed = "\n  ".join(reversal.changed)
        raise ConflictError(
            f"these files were changed after that run:\n  {listed}",
            hint="`--keep-changed` rolls the others back and leaves these as they are",
        )


def _reverse_batch(batch: Batch, door: Files, changed: list[str]) -> Batch:
    images = [(operation, *_images(operation, door)) for operation in reversed(batch.ordered())]
    left = {a for operation, _, restored in images if restored is None for a in operation.addresses}
    undone = {text.partition(":")[2] for text, _ in batch.changes if text not in left}
    operations: list[Operation] = []
    for operation, current, restored in images:
        after = restored
        if is_ledger(operation.path) and (left or restored is None):
            after = merged(operation, current, undone) or restored
        if after is None:
            changed.append(operation.path)
        elif not after.same_as(current):
            operations.append(operation.backwards(current, after))
    return Batch(
        target=batch.target,
        root=batch.root,
        operations=tuple(operations),
        units=tuple(_reverse_unit(unit) for unit in reversed(batch.units)),
        reload=batch.reload,
        changes=tuple(change for change in batch.changes if change[0] not in left),
    )


def _images(operation: Operation, door: Files) -> tuple[Image, Image | None]:
    """What stands at a path, and what stood there before; None where somebody changed it since."""
    current = take_image(door, operation.path)
    elsewhere = leads_elsewhere(operation.path)
    return current, None if elsewhere else operation.restored(current)


def _reverse_unit(unit: UnitOperation) -> UnitOperation:
    return UnitOperation(unit=unit.unit, prop=unit.prop, before=unit.after, after=unit.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """One crashed run that was undone: its id, and the paths somebody changed since."""

    id: str
    command: str
    changed: tuple[str, ...]


def recover(journal: Journal, door: Files) -> tuple[Recovered, ...]:
    """Undo every open entry, newest first; safe to be interrupted and run again."""
    found: list[Recovered] = []
    for entry_id in reversed(journal.open_ids()):
        entry = journal.read(entry_id)
        changed = _undo_entry(entry, door)
        journal.close(entry_id, "undone")
        found.append(Recovered(id=entry_id, command=entry.command, changed=changed))
    return tuple(found)


def _undo_entry(entry: Entry, door: Files) -> tuple[str, ...]:
    numbered = list(enumerate(op for batch in entry.batches for op in batch.ordered()))
    changed: list[str] = []
    for number, operation in reversed(numbered):
        try:
            if not undo(door, operation, entry.id, number):
                changed.append(operation.path)
        except MovedError:
            changed.append(operation.path)
        except OSError as error:
            raise _cannot_undo(operation.path, error) from error
    try:
        sync_folders(door, [operation for _, operation in numbered])
    except OSError as error:
        raise _cannot_undo(entry.id, error) from error
    return tuple(changed)


def _cannot_undo(where: str, error: OSError) -> OperationError:
    return OperationError(
        f"an interrupted run cannot be undone at {where}: {reason_of(error)}",
        hint="mend that and run `hubctl apply` again; nothing is lost",
    )
