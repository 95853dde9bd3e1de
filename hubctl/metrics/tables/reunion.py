"""A store that was made anew meets what a target has of it: a thing keeps the time it has there.

The time of a row is part of the target's key, and what is read again may be told in another order,
by a source with a slightly different time. Without this such a row would be there twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics import days
from hubctl.metrics.export.targets import MET, source_of
from hubctl.metrics.store import open_store
from hubctl.metrics.tables import daily
from hubctl.metrics.tables.ddl import SEQ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.metrics.export.questdb import QuestDB
    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store

    Row = tuple[Scalar, ...]
    Key = tuple[str, ...]


class Reunion:
    """Rows of one table on their way from a store to a target.

    Raises:
        OperationError: the target does not answer.
    """

    def __init__(
        self, store: Store, target: QuestDB, table: Table, *, name: str, machine: str
    ) -> None:
        self._store, self._target, self._table, self._machine = store, target, table, machine
        self._source = source_of(name, MET)
        self._last = self._known(name)

    def meet(self, rows: list[Row]) -> list[Row]:
        """The rows that can be sent as they are; others get their time and a new number first."""
        if not rows or int(rows[0][0] or 0) > self._last:
            return rows
        there = self._target.times(self._table, self._machine, [self._key(row) for row in rows])
        moved = {id(row): time for row in rows if (time := self._moved(row, there)) is not None}
        if moved:
            self._move([(moved[id(row)], row) for row in rows if id(row) in moved])
        return [row for row in rows if id(row) not in moved]

    def _known(self, name: str) -> int:
        """The number up to which rows may be there already; 0 where none can be."""
        identity, table = self._store.identity, self._table.name
        last, whose = self._store.cursors(self._source).get(table, (0, ""))
        if whose == identity:
            return last
        if self._store.cursors(source_of(name)).get(table, (0, ""))[1] == identity:
            return 0  # it was this very store that sent them
        if self._target.has_rows(self._table, self._machine):
            last = int(self._store.rows(f"SELECT max({SEQ}) FROM {table}")[0][0] or 0)
        else:
            last = 0
        with open_store(self._store.path, write=True) as store, store.batch() as batch:
            batch.set_cursor(self._source, table, last, identity)
        return last

    def _key(self, row: Row) -> Key:
        return tuple(str(row[1 + self._table.position(name)]) for name in self._table.keys)

    def _moved(self, row: Row, there: Mapping[Key, Sequence[int]]) -> int | None:
        times = there.get(self._key(row), ())
        return None if not times or row[1] in times else min(times)

    def _move(self, moved: Sequence[tuple[int, Row]]) -> None:
        where = " AND ".join(f"{name} = ?{at}" for at, name in enumerate(self._table.keys, 3))
        changes: list[Row] = [(time, *self._key(row)) for time, row in moved]
        left = {days.day_of(int(row[1] or 0)) for _, row in moved}
        with open_store(self._store.path, write=True) as store, store.batch() as batch:
            batch.change(self._table, "time = ?2", changes, where)
            daily.mark(batch.connection, self._table, left)
