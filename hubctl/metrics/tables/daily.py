"""The roll-ups by local day: which days changed, and making those anew.

Owns the statements of a roll-up. A day whose rows retention has begun to take is never made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.days import SLOT, bounds, day_of_slot
from hubctl.metrics.tables.ddl import SEQ

if TYPE_CHECKING:
    from hubctl.metrics.schema import Table
    from hubctl.system.database import Connection


def mark_changed(connection: Connection, table: Table, after: int) -> None:
    """Remember the days of all rows changed after the number `after`."""
    slots = connection.execute(
        f"SELECT DISTINCT time / {SLOT} FROM {table.name} WHERE {SEQ} > ?",
        (after,),
    )
    days = {day_of_slot(slot) for (slot,) in slots}
    mark(connection, table, days)


def mark(connection: Connection, table: Table, days: set[str]) -> None:
    """Remember that the roll-ups of these days are to be made anew."""
    connection.executemany(
        "INSERT OR IGNORE INTO dirty VALUES (?, ?)",
        [(table.name, day) for day in sorted(days - {""})],
    )


def roll_up(connection: Connection, table: Table, day: str) -> None:
    """Make one day of a table's roll-up anew, from the rows that count."""
    connection.execute(f"DELETE FROM {table.daily_name} WHERE day = ?", (day,))
    connection.execute(_statement(table), (day, *bounds(day)))
    connection.execute('DELETE FROM dirty WHERE "table" = ? AND day = ?', (table.name, day))


def _statement(table: Table) -> str:
    daily = table.daily
    by = [f"coalesce({name}, '')" for name in daily.by]
    counts = [f"coalesce(sum({condition}), 0)" for condition in daily.counts.values()]
    sums = [f"sum({name})" for name in daily.sums]
    spread = f"histogram({daily.histogram}) FILTER (WHERE {daily.histogram} IS NOT NULL)"
    cells = ["?", *by, "count(*)", *counts, *sums, f"coalesce({spread}, '')"]
    return (
        f"INSERT INTO {table.daily_name} SELECT {', '.join(cells)} FROM {table.name}"
        f" WHERE time >= ? AND time < ? AND counted GROUP BY {', '.join(by)}"
    )
