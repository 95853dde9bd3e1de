"""Sends what changed in the store to a QuestDB, from where the last push ended.

Owns the cursor of each table and what becomes of rows that a target refuses. Nothing of the store
is held while a target is waited for: a target that is down or slow delays nobody. A row sent twice
is one row there, because its keys are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.export.line_protocol import encode
from hubctl.metrics.export.targets import REFUSED, TARGETS, position, remember, source_of, waiting
from hubctl.metrics.store import open_store
from hubctl.metrics.tables.reunion import Reunion
from hubctl.system.clock import nanoseconds, stopwatch
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.metrics.export.questdb import QuestDB
    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store

    Row = tuple[Scalar, ...]

_ROWS = 2000  # of one request
_MOST_BAD = 20  # of one request: beyond it the target is wrong, not the rows
_MOST_KEPT = 1000  # refused rows that are remembered for another try
_SECONDS = 120.0
_PAUSE, _LONGEST_PAUSE = 240.0, 3600.0  # seconds after a failure; doubled with each more


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that the target did not take.

    Attributes:
        number: its number in the store. reason: the target's own words.
    """

    table: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did.

    Attributes:
        sent: table → rows that the target confirmed. waiting: table → rows still to be sent.
        refused: rows that the target does not take; they are tried again by `again`.
        problem: why it ended early, "" where it did not.
    """

    target: str
    sent: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    problem: str = ""


def push(
    path: str, target: QuestDB, machine: str, *, seconds: float = _SECONDS, again: bool = False
) -> Pushed:
    """Send what changed since the last push. Never raises for a target: the answer tells.

    Args:
        path: of the store.
        target: where to.
        machine: the name that rows of this store have there.
        seconds: when to stop, with the rest waiting for the next push.
        again: whether refused rows are tried once more.

    Raises:
        OperationError: the store cannot be used, or another push to this target is running.
    """
    name = target_name(target)
    with writer_lock(f"{path}.push.lock", wait=0.0), open_store(path) as store:
        until = stopwatch() + seconds
        run = _Run(store, target, machine, until)
        target.give_up_at(until)
        try:
            if not run.is_late():
                target.make_tables(store.schema)
                run.send_all(again=again)
            problem = run.problem
        except OperationError as error:
            problem = error.message if not error.hint else f"{error.message}; {error.hint}"
        finally:
            target.close()
        with open_store(path, write=True) as written, written.batch() as batch:
            remember(batch, name, nanoseconds() // 1000, problem)
        refused, left = tuple(_refused(store, name)), waiting(store, name)
    return Pushed(target=name, sent=run.sent, waiting=left, refused=refused, problem=problem)


def target_name(target: QuestDB) -> str:
    """What a target is called, and its cursors are kept under."""
    return f"questdb {target.server}"


def is_due(store: Store, target: QuestDB) -> bool:
    """Whether a server that failed was left alone for long enough: from minutes up to an hour."""
    time, told = store.cursors(TARGETS).get(target_name(target), (0, "0"))
    failures = int(told.partition(" ")[0] or 0)
    pause = min(_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE) if failures else 0.0
    passed = nanoseconds() / 1e9 - time / 1e6
    return not 0 <= passed < pause  # of a clock that went back nothing is known


class _Run:
    """One push: the rows of every table, in the order of their numbers."""

    def __init__(self, store: Store, target: QuestDB, machine: str, until: float) -> None:
        self._store = store
        self._target = target
        self._machine = machine
        self._until = until
        self._name = target_name(target)
        self.sent: dict[str, int] = {}
        self.problem = ""

    def send_all(self, *, again: bool) -> None:
        """Send every table until it is empty or time is up."""
        for table in self._store.schema.tables:
            if again:
                self._send_refused(table)
            self._send_table(table)

    def _send_table(self, table: Table) -> None:
        after = position(self._store, self._name, table.name)
        reunion = Reunion(self._store, self._target, table, name=self._name, machine=self._machine)
        while not self.is_late():
            rows = self._store.changes(table.name, after, _ROWS)
            if not rows:
                return
            refused = self._send(table, reunion.meet(rows))
            after = _number(rows[-1])
            self._keep(table, after, refused)

    def is_late(self) -> bool:
        """Whether time is up, which is told as the problem then."""
        if stopwatch() < self._until:
            return False
        self.problem = self.problem or "time was up; the next push goes on from here"
        return True

    def _send(self, table: Table, rows: Sequence[Row]) -> list[Refused]:
        """Send rows of one table but those that the target refuses, which are returned."""
        encoded = ((_number(row), encode(table, (row[1:],), self._machine)) for row in rows)
        lines = [(number, line) for number, line in encoded if line]
        refused: list[Refused] = []
        while lines:
            bad = self._target.write(b"".join(line for _, line in lines))
            if bad is None:
                break
            number, _ = lines.pop(min(bad.number, len(lines) - 1))
            refused.append(Refused(table=table.name, number=number, reason=bad.reason))
            if len(refused) > _MOST_BAD:
                raise OperationError(
                    f"{self._target.server} refuses rows of {table.name}: {bad.reason}",
                    hint="its table is not as `hubctl metrics push` makes it",
                )
        self.sent[table.name] = self.sent.get(table.name, 0) + len(lines)
        return refused

    def _keep(self, table: Table, after: int, refused: Iterable[Refused]) -> None:
        """Remember how far we are, and what was refused, in one transaction."""
        kept = list(refused)
        with open_store(self._store.path, write=True) as store, store.batch() as batch:
            batch.set_cursor(source_of(self._name), table.name, after, self._store.identity)
            known = len(store.cursors(source_of(self._name, REFUSED)))
            if kept and known + len(kept) > _MOST_KEPT:
                raise OperationError(
                    f"{self._target.server} refused {known} rows already",
                    hint="see why with `hubctl metrics push --again`",
                )
            for one in kept:
                key = f"{one.table}:{one.number}"
                batch.set_cursor(source_of(self._name, REFUSED), key, one.number, one.reason)

    def _send_refused(self, table: Table) -> None:
        """Try refused rows again; those that changed meanwhile have new numbers and go by these."""
        numbers = [one.number for one in _refused(self._store, self._name, table.name)]
        if not numbers:
            return
        names = ", ".join(("seq", *table.names))
        marks = ", ".join("?" * len(numbers))
        rows = self._store.rows(
            f"SELECT {names} FROM {table.name} WHERE seq IN ({marks}) ORDER BY seq", numbers
        )
        still = {one.number for one in self._send(table, rows)}
        with open_store(self._store.path, write=True) as store, store.batch() as batch:
            for number in numbers:
                if number not in still:
                    batch.drop_cursor(source_of(self._name, REFUSED), f"{table.name}:{number}")


def _number(row: Row) -> int:
    return int(row[0] or 0)


def _refused(store: Store, name: str, table: str = "") -> list[Refused]:
    found = (
        Refused(table=key.partition(":")[0], number=number, reason=reason)
        for key, (number, reason) in store.cursors(source_of(name, REFUSED)).items()
    )
    return sorted(
        (one for one in found if table in ("", one.table)), key=lambda one: (one.table, one.number)
    )
