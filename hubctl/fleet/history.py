"""The journal as people ask for it: what ran, what can be rolled back, and rolling back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry
from hubctl.engine.rollback import Reversal, reverse
from hubctl.errors import OperationError
from hubctl.system.clock import journal_id, now

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.model.report import Outcome

ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One journaled run, for a table.

    Attributes:
        id, time, command: see engine.journal.Entry. state: `done`, `undone`, `open`, `damaged`.
        targets: names that were written to. files: how many entries on disk it touched.
        rolled_back_by: id of the run that rolled it back, "" if none did.
    """

    id: str
    time: str
    command: str
    state: str
    targets: tuple[str, ...] = ()
    files: int = 0
    rolled_back_by: str = ""


def runs(world: World) -> tuple[Run, ...]:
    """Every run in the journal, oldest first."""
    entries = [_read(world, entry_id) for entry_id in world.journal.ids()]
    undone: dict[str, str] = {}
    for entry in reversed(entries):
        # A rollback that was itself rolled back undid nothing.
        if entry.command.startswith(ROLLBACK) and entry.ending == "done" and entry.id not in undone:
            undone[_undoes(entry)] = entry.id
    return tuple(_run(entry, undone.get(entry.id, "")) for entry in entries)


def _read(world: World, entry_id: str) -> Entry:
    try:
        return world.journal.read(entry_id)
    except OperationError:
        return Entry(id=entry_id, time="", command="", batches=(), ending="damaged")


def _run(entry: Entry, rolled_back_by: str) -> Run:
    return Run(
        id=entry.id,
        time=entry.time,
        command=entry.command,
        state=entry.ending or "open",
        targets=tuple(batch.target for batch in entry.batches),
        files=sum(len(batch.operations) for batch in entry.batches),
        rolled_back_by=rolled_back_by,
    )


def _undoes(entry: Entry) -> str:
    return entry.command.partition(" ")[2]


def last_entry(world: World) -> Entry:
    """The last run that can be rolled back.

    Raises:
        OperationError: there is none.
    """
    for run in reversed(runs(world)):
        if run.state == "done" and not run.rolled_back_by and not run.command.startswith(ROLLBACK):
            return world.journal.read(run.id)
    raise OperationError("there is no run to roll back", hint="`hubctl history` shows them all")


def plan_reversal(world: World, entry: Entry) -> Reversal:
    """Work out how to undo a run.

    Raises:
        OperationError: it never ended, or was undone already.
    """
    if entry.ending != "done":
        raise OperationError(f"the run {entry.id} left nothing to roll back: it is {entry.ending}")
    return reverse(entry, world.door)


def run_reversal(world: World, reversal: Reversal, undone: str) -> tuple[Outcome, ...]:
    """Carry a reversal out as a run of its own."""
    if not reversal.batches:
        return ()
    moment = now()
    entry = Entry(
        id=journal_id(moment),
        time=moment.isoformat(timespec="seconds"),
        command=f"{ROLLBACK} {undone}",
        batches=reversal.batches,
    )
    names = {name for batch in reversal.batches for name in batch.unit_names()}
    executor = Executor(door=world.door, journal=world.journal, units=world.host_units(names))
    return executor.run(entry)
