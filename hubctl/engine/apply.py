"""Apply: execute prepared batches across the write boundary, and undo a target that fails.

Before the boundary nothing is written; everything was computed in prepare. After it: the journal
entry, each target's operations, its ledgers, its deletions, its unit states, the journal's end.
One target's failure undoes that target alone; the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hubctl.engine.contain import reason_of
from hubctl.engine.execute import execute, sync_folders, temporary_names
from hubctl.engine.operations import take_image
from hubctl.errors import OperationError
from hubctl.model.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hubctl.engine.journal import Entry, Journal
    from hubctl.engine.operations import Batch, Operation, UnitOperation
    from hubctl.system.files import Files


class Units(Protocol):
    """The service manager of this account."""

    def reload(self) -> None:
        """Make it read changed unit files."""

    def set_state(self, unit: str, prop: str, state: str) -> None:
        """Enable, disable, start or stop a unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """Everything apply needs from outside, fixed once per run."""

    door: Files = field(repr=False)
    journal: Journal = field(repr=False)
    units: Units = field(repr=False)

    def run(
        self,
        entry: Entry,
        progress: Callable[[str], None] = lambda _target: None,
    ) -> tuple[Outcome, ...]:
        """Execute all batches of `entry` as one journaled run."""
        self.journal.begin(entry)
        outcomes: list[Outcome] = []
        number = 0
        for batch in entry.batches:
            outcomes.append(self._target(batch, entry.id, number))
            number += len(batch.ordered())
            progress(batch.target)
        failed = [outcome.target for outcome in outcomes if outcome.failed]
        self.journal.close(entry.id, "done", failed)
        self.journal.prune()
        return tuple(outcomes)

    def _target(self, batch: Batch, journal: str, first: int) -> Outcome:
        done: list[tuple[int, Operation]] = []
        try:
            self._switch(batch.units, off=True)
            for number, operation in enumerate(batch.ordered(), first):
                execute(self.door, operation, journal, number)
                done.append((number, operation))
            sync_folders(self.door, batch.ordered())
            self._post(batch)
        except (OSError, OperationError) as error:
            undone = self._undo(done, journal)
            return _failed(batch, error, undone)
        written = len(batch.changes) or len(batch.operations)
        return Outcome(target=batch.target, written=written, journal=journal)

    def _post(self, batch: Batch) -> None:
        if batch.reload:
            self.units.reload()
        self._switch(batch.units, off=False)

    def _switch(self, units: Iterable[UnitOperation], *, off: bool) -> None:
        # Off before the unit's file goes, on after it came.
        for unit in units:
            if (unit.after in ("disabled", "inactive")) is off:
                self.units.set_state(unit.unit, unit.prop, unit.after)

    def _undo(self, done: Sequence[tuple[int, Operation]], journal: str) -> tuple[str, ...]:
        """Undo in reverse; returns the paths where even that was refused."""
        stuck: list[str] = []
        for number, operation in reversed(done):
            try:
                undo(self.door, operation, journal, number)
            except (OSError, OperationError):
                stuck.append(operation.path)
        sync_folders(self.door, [operation for _, operation in done])
        return tuple(stuck)


def undo(door: Files, operation: Operation, journal: str, number: int) -> bool:
    """Bring a path back to its before-image; whether it holds that image now.

    A path that holds neither image was changed by somebody since and is left alone.
    """
    for name in temporary_names(operation, journal, number):
        if door.look(name) is not None:
            _settle_leftover(door, operation, name)
    current = take_image(door, operation.path)
    if current.same_as(operation.before):
        return True
    if not current.same_as(operation.after):
        return False
    execute(door, operation.inverse(current), journal, number)
    return True


def _settle_leftover(door: Files, operation: Operation, name: str) -> None:
    """Remove a temporary file of a crashed run; a moved-aside original goes back instead."""
    aside = name.endswith(".old") and door.look(operation.path) is None
    if aside and operation.before.kind == "file":
        door.rename(name, operation.path)
    else:
        door.remove(name)


def _failed(batch: Batch, error: OSError | OperationError, stuck: tuple[str, ...]) -> Outcome:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        message, hint = f"{where}{reason_of(error)}", "mend that and run the command again"
    else:
        message, hint = error.message, error.hint
    told = "; what was done there is undone" if not stuck else f"; not undone: {', '.join(stuck)}"
    return Outcome(
        target=batch.target,
        failed=max(1, len(batch.changes)),
        message=message + told,
        hint=hint,
        exit_code=3,
    )
