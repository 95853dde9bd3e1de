"""Apply: execute prepared batches across the write boundary, and undo a target that fails.

Before the boundary nothing is written; everything was computed in prepare. After it: the journal
entry, each target's operations, its ledgers, its deletions, its unit states, the journal's end.
One target's failure undoes that target alone; the others go on.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hubctl.engine.contain import reason_of
from hubctl.engine.execute import MovedError, execute, names_of, sync_folders
from hubctl.engine.undo import undo
from hubctl.engine.unit_states import OFF_STATES, ON_STATES
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
        *,
        together: bool = False,
    ) -> tuple[Outcome, ...]:
        """Execute all batches of `entry` as one journaled run.

        With `together` the first target that fails ends the run and undoes the others too.
        Control-C undoes all of it.
        """
        try:
            return self._run(entry, progress, together=together)
        except KeyboardInterrupt:
            self._abandon(entry)
            raise

    def _run(
        self, entry: Entry, progress: Callable[[str], None], *, together: bool
    ) -> tuple[Outcome, ...]:
        self.journal.begin(entry)
        outcomes: list[Outcome] = []
        begun: list[tuple[int, Operation]] = []
        stuck: list[str] = []
        for batch in entry.batches:
            outcomes.append(self._target(batch, entry.id, len(begun), stuck))
            if together and outcomes[-1].failed:
                break
            begun += enumerate(batch.ordered(), len(begun))
            progress(batch.target)
        else:
            outcomes = self._durable(entry, outcomes, stuck)
        if together and any(outcome.failed for outcome in outcomes):
            stuck += self._undo(begun, entry.id)
        failed = [outcome.target for outcome in outcomes if outcome.failed]
        undone = not stuck and (len(failed) == len(outcomes) or (together and failed))
        self.journal.close(entry.id, "undone" if undone else "done", failed)
        self.journal.prune()
        return tuple(outcomes)

    def _abandon(self, entry: Entry) -> None:
        """Undo a run as the next one would, unless it had ended; what is stuck stays for that."""
        if entry.id not in self.journal.open_ids():
            return
        operations = enumerate(op for batch in entry.batches for op in batch.ordered())
        stuck = self._undo(tuple(operations), entry.id)
        for batch in entry.batches:
            self._switch_back(batch.units, reload=batch.reload)
        if not stuck:
            with contextlib.suppress(OperationError):
                self.journal.close(entry.id, "undone")

    def _target(self, batch: Batch, journal: str, first: int, stuck: list[str]) -> Outcome:
        """Execute one batch; `stuck` gets the paths that a failure could not undo."""
        begun: list[tuple[int, Operation]] = []
        switched: list[UnitOperation] = []
        try:
            self._switch(batch.units, switched, off=True)
            for number, operation in enumerate(batch.ordered(), first):
                begun.append((number, operation))
                execute(self.door, operation, names_of(operation.path, journal, number))
            if batch.reload:
                sync_folders(self.door, batch.ordered())  # the service manager acts on what it sees
                self.units.reload()
            self._switch(batch.units, switched, off=False)
        except (OSError, OperationError) as error:
            if isinstance(error, MovedError):
                begun.pop()  # nothing was changed there
            left = self._undo(begun, journal)
            stuck += left
            self._switch_back(switched, reload=batch.reload)
            return _failed(batch, error, left)
        written = len(batch.changes) or len(batch.operations)
        return Outcome(target=batch.target, written=written, journal=journal)

    def _durable(
        self, entry: Entry, outcomes: Iterable[Outcome], stuck: list[str]
    ) -> list[Outcome]:
        """Sync the folders of all targets, before the journal says that the run ended.

        Not target by target: the first sync makes most of what the others wait for durable too.
        A target with a folder that cannot be synced fails after all.
        """
        kept: list[Outcome] = []
        synced: set[str] = set()
        first = 0
        for batch, outcome in zip(entry.batches, outcomes, strict=True):
            numbered = tuple(enumerate(batch.ordered(), first))
            first += len(numbered)
            found = outcome
            if not outcome.failed:
                try:
                    sync_folders(self.door, batch.ordered(), synced)
                except OSError as error:
                    left = self._undo(numbered, entry.id)
                    stuck += left
                    self._switch_back(batch.units, reload=batch.reload)
                    found = _failed(batch, error, left)
            kept.append(found)
        return kept

    def _switch(
        self, units: Iterable[UnitOperation], switched: list[UnitOperation], *, off: bool
    ) -> None:
        # Off before the unit's file goes, on after it came.
        for unit in units:
            if (unit.after in OFF_STATES) is off:
                switched.append(unit)
                self.units.set_state(unit.unit, unit.prop, unit.after)

    def _switch_back(self, switched: Sequence[UnitOperation], *, reload: bool) -> None:
        """Bring units back as far as they let themselves; the next plan tells what is left."""
        with contextlib.suppress(OSError, OperationError):
            if reload:
                self.units.reload()
            for unit in reversed(switched):
                if unit.before in (*OFF_STATES, *ON_STATES):
                    self.units.set_state(unit.unit, unit.prop, unit.before)

    def _undo(self, begun: Sequence[tuple[int, Operation]], journal: str) -> tuple[str, ...]:
        """Undo in reverse; returns the paths where even that was refused, or changed meanwhile."""
        stuck: list[str] = []
        for number, operation in reversed(begun):
            restored = False
            with contextlib.suppress(OSError, OperationError):
                restored = undo(self.door, operation, journal, number)
            if not restored:
                stuck.append(operation.path)
        with contextlib.suppress(OSError):
            sync_folders(self.door, [operation for _, operation in begun])
        return tuple(stuck)


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
