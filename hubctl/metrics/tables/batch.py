"""One transaction of the store: rows, cursors and facts that become true together.

Gives every changed row its number, remembers the days whose roll-ups have to follow, and makes
those. Begins and ends nothing: the store does.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from hubctl.metrics import days
from hubctl.metrics.tables import daily
from hubctl.metrics.tables.ddl import COPIES, OF_SESSIONS, SEQ, insert_new, upsert
from hubctl.metrics.tables.settle import settle
from hubctl.metrics.watch import nobody
from hubctl.system.clock import nanoseconds
from hubctl.system.database import damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.metrics.schema import Scalar, Schema, Table
    from hubctl.metrics.watch import Watch
    from hubctl.system.database import Connection

    Row = Sequence[Scalar]

_DAY = 86_400 * days.SECOND
_upsert, _insert_new = cache(upsert), cache(insert_new)
_TOGETHER = 16  # rows of a statement; more gain nothing


class Batch:
    """What one transaction puts into the store."""

    def __init__(self, connection: Connection, declared: Schema) -> None:
        self.connection = connection
        self.schema = declared
        self._began = self._seq = self._number("seq")
        self._touched: dict[str, Table] = {}
        self._changed: dict[str, Table] = {}  # beside these

    @property
    def began(self) -> int:
        """The number that no change of this batch has yet: all of its rows have greater ones."""
        return self._began

    def put(
        self, table: Table, rows: Iterable[Row], rank: int | None = None, copy: int = 0
    ) -> None:
        """Put rows in the order of the table's columns; one of the same keys is merged.

        How good a row is says its source's place among the table's sources, and `copy` (0 to 3)
        among rows of one source; `rank` says it outright.
        """
        found = rows if isinstance(rows, list) else list(rows)
        if not found:
            return
        first = self._seq + 1
        self._seq += len(found)
        self._touched[table.name] = table
        by_source, at = _ranks(table), table.position("source")
        ranks = [rank] * len(found)
        if rank is None:
            ranks = [by_source.get(str(row[at]), 0) + copy for row in found]
        left: Iterable[int] = range(len(found))
        if ranks.count(ranks[0]) == len(ranks):
            left = self._put_new(table, found, first, ranks[0] or 0)
        merged = ((first + place, *found[place], ranks[place]) for place in left)
        self.connection.executemany(_upsert(table), merged)

    def _put_new(self, table: Table, rows: list[Row], first: int, rank: int) -> Iterable[int]:
        """Put rows of new keys, many by one statement; the places of those that are left.

        Merging costs half as much again, and nearly all rows are new.
        """
        whole = len(rows) - len(rows) % _TOGETHER
        if not whole:
            return range(len(rows))
        parts = (
            (first + start, *chain.from_iterable(rows[start : start + _TOGETHER]))
            for start in range(0, whole, _TOGETHER)
        )
        statement = _insert_new(table, _TOGETHER, rank)
        if self.connection.executemany(statement, parts).rowcount == whole:
            return range(whole, len(rows))
        found = self.connection.execute(
            f"SELECT {SEQ} FROM {table.name} WHERE {SEQ} BETWEEN ? AND ?",
            (first, first + whole - 1),
        )
        there = {seq - first for (seq,) in found}
        return [place for place in range(len(rows)) if place not in there]

    def change(
        self, table: Table, sets: str, rows: Iterable[Row], where: str, *, follows: bool = True
    ) -> None:
        """Update rows; `sets` and `where` name the values of one of `rows` as ?2, ?3 and so on.

        Without `follows` nothing follows from it but the roll-ups.
        """
        seq = self._seq

        def numbered() -> Iterable[tuple[Scalar, ...]]:
            nonlocal seq
            for row in rows:
                seq += 1
                yield (seq, *row)

        statement = f"UPDATE {table.name} SET {SEQ} = ?1, {sets} WHERE {where}"
        self.connection.executemany(statement, numbered())
        if seq > self._seq:
            (self._touched if follows else self._changed)[table.name] = table
        self._seq = seq

    def touches(self, table: Table) -> bool:
        """Whether this batch changed rows of the table."""
        return table.name in self._touched

    def mark_stale(self) -> None:
        """Remember the sessions that this batch changed something of, before it ends."""
        settle(self, self._began)
        self._mark()

    def forget_stale(self, which: str) -> int:
        """Sessions of this condition stand as their rows say; how many these are."""
        return self.connection.execute(f"DELETE FROM stale WHERE session {which}").rowcount

    def changed(self, table: Table) -> None:
        """All days that the table has rows of are to be rolled up again."""
        daily.mark_changed(self.connection, table, 0)

    def set_cursor(self, source: str, name: str, position: int, extra: str = "") -> None:
        """Remember how far a source was read."""
        self.connection.execute(
            "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)", (source, name, position, extra)
        )

    def drop_cursor(self, source: str, name: str) -> None:
        """Forget a source that is gone."""
        self.connection.execute("DELETE FROM cursors WHERE source = ? AND name = ?", (source, name))

    def cursor(self, source: str, name: str) -> tuple[int, str] | None:
        """How far a source was read, as it stands in this transaction."""
        found: tuple[int, str] | None = self.connection.execute(
            "SELECT position, extra FROM cursors WHERE source = ? AND name = ?", (source, name)
        ).fetchone()
        return found

    def rows(self, sql: str, values: Row = ()) -> list[tuple[Scalar, ...]]:
        """All rows of a statement, as they stand in this transaction."""
        return self.connection.execute(sql, values).fetchall()

    def set_meta(self, key: str, value: str) -> None:
        """Remember a fact about the store."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add_to_meta(self, key: str, count: int) -> None:
        """Count something that has no row."""
        self.connection.execute(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = value + ?2",
            (key, count),
        )

    def note(self, time: int, text: str) -> None:
        """Tell what happened to the store."""
        self.connection.execute("INSERT INTO notes VALUES (?, ?)", (time, text))

    def roll_up(self, watch: Watch = nobody) -> None:
        """Bring the roll-ups of all changed days up to date, except days that retention took."""
        self._mark()
        for table in self.schema.tables:
            self.connection.execute(
                'DELETE FROM dirty WHERE "table" = ? AND day < ?',
                (table.name, days.day_of(self._kept_from(table))),
            )
        wanted = self.connection.execute('SELECT "table", day FROM dirty ORDER BY 1, 2').fetchall()
        for done, (name, day) in enumerate(wanted):
            watch("days", done, len(wanted))
            daily.roll_up(self.connection, self.schema.table(name), day)

    def prune(self, table: Table, before: int) -> int:
        """Remove rows before a local day's beginning (`due_before`); how many. Roll-ups stay."""
        self.roll_up()
        gone = self.connection.execute(
            f"DELETE FROM {table.name} WHERE time < ?",
            (before,),
        ).rowcount
        if gone:
            self.keep_from(table.name, before)
        return gone

    def keep_from(self, table: str, before: int) -> None:
        """Rows of a table before this moment are gone, and those that come are not taken."""
        self.set_meta(f"kept:{table}", str(before))

    def finish(self) -> None:
        """What has to stand in the store before the transaction ends."""
        settle(self, self._began)
        self._mark()
        if self._seq > self._began:
            self.set_meta("seq", str(self._seq))

    def _mark(self) -> None:
        for table in self._touched.values():
            # Rows of days that retention took would begin their roll-ups from nothing.
            self.connection.execute(
                f"DELETE FROM {table.name} WHERE time < ? AND {SEQ} > ?",
                (self._kept_from(table), self._began),
            )
            daily.mark_changed(self.connection, table, self._began)
            if table.name in OF_SESSIONS:
                self.connection.execute(
                    f"INSERT OR IGNORE INTO stale SELECT DISTINCT +session FROM {table.name}"
                    f" WHERE {SEQ} > ? AND +session != ''",
                    (self._began,),
                )
        for table in self._changed.values():
            daily.mark_changed(self.connection, table, self._began)
        self._touched.clear()
        self._changed.clear()

    def _kept_from(self, table: Table) -> int:
        """The first moment whose rows retention has not taken."""
        kept = self._number(f"kept:{table.name}")
        # A clock that was ahead when rows were removed must not take those of today.
        return min(kept, due_before(nanoseconds() // 1000, 1)) if kept else 0

    def _number(self, key: str) -> int:
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        try:
            return int(found[0][0] or 0) if found else 0
        except ValueError:
            raise damaged("the store", f"{key} is no number") from None


def due_before(now: int, keep_days: int) -> int:
    """The beginning of the first local day that is kept, where `keep_days` whole days are."""
    return days.bounds(days.day_of(now - keep_days * _DAY))[0]


@cache
def _ranks(table: Table) -> dict[str, int]:
    return {
        source: COPIES * (len(table.sources) - place) for place, source in enumerate(table.sources)
    }
