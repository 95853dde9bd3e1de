"""What rows are taken to: servers and series of files, how far each is, what it waits for.

Owns their cursors in the store. Retention asks here what it has to leave; sending and writing are
the exporters' business.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics import days
from hubctl.metrics.tables.ddl import SEQ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.metrics.schema import Table
    from hubctl.metrics.store import Store
    from hubctl.metrics.tables.batch import Batch

TARGETS = "to"  # every cursor of something that rows are taken to begins so
REFUSED, LOST, MET = "refused", "lost", "met"
_SAMPLE = 1000  # rows that the size of a row is told from
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How taking rows to a target went last.

    Attributes:
        target: its name, such as `questdb http://localhost:9000`.
        time: of the last try, in microseconds since 1970.
        failures: how many in a row. problem: of the last one, "" where it went well.
        waiting: rows still to be taken there. refused: rows that it does not take.
        lost: rows that retention removed while they waited, because too many did.
    """

    target: str
    time: int
    failures: int
    problem: str
    waiting: int
    refused: int
    lost: int


def targets(store: Store) -> tuple[Target, ...]:
    """Every target that rows were ever taken to, sorted by name."""
    return tuple(
        _target(store, name, time, told)
        for name, (time, told) in sorted(store.cursors(TARGETS).items())
    )


def _target(store: Store, name: str, time: int, told: str) -> Target:
    failures, _, problem = told.partition(" ")
    return Target(
        target=name,
        time=time,
        failures=int(failures or 0),
        problem=problem,
        waiting=sum(waiting(store, name).values()),
        refused=len(store.cursors(source_of(name, REFUSED))),
        lost=sum(count for count, _ in store.cursors(source_of(name, LOST)).values()),
    )


def source_of(name: str, part: str = "") -> str:
    """What the cursors of a target are kept under: its positions, or a part beside them."""
    return " ".join(filter(None, (TARGETS, name, part)))


def position(store: Store, name: str, table: str) -> int:
    """The number after which to go on; 0 where the store was made anew since."""
    at, identity = store.cursors(source_of(name)).get(table, (0, ""))
    return at if identity == store.identity else 0


def waiting(store: Store, name: str) -> dict[str, int]:
    """Table → rows that are still to be taken to a target; tables without any are left out."""
    found: dict[str, int] = {}
    for table in store.schema.tables:
        after = position(store, name, table.name)
        [(count,)] = store.rows(f"SELECT count(*) FROM {table.name} WHERE {SEQ} > ?", (after,))
        if count:
            found[table.name] = int(count)
    return found


def remember(batch: Batch, name: str, time: int, problem: str = "") -> None:
    """Remember how a try at `time` went: a problem is one more failure in a row."""
    _, before = batch.cursor(TARGETS, name) or (0, "0")
    failures = int(before.partition(" ")[0] or 0) + 1 if problem else 0
    batch.set_cursor(TARGETS, name, time, f"{failures} {problem}")


def forget(batch: Batch, name: str) -> None:
    """Forget a target with all of its cursors: nothing waits for it any more."""
    batch.drop_cursor(TARGETS, name)
    for part in ("", REFUSED, LOST, MET):
        batch.rows("DELETE FROM cursors WHERE source = ?", (source_of(name, part),))


def held_from(batch: Batch, before: Mapping[str, int], spool_mb: int) -> int | None:
    """The moment from which on retention has to leave rows, as a target waits for some of them.

    Args:
        batch: the transaction that removes rows.
        before: table → the moment before which its rows are due to go.
        spool_mb: megabytes of waiting rows that are left; beyond it the oldest days are not.

    Returns:
        The beginning of a local day; None where nothing that is due waits.
    """
    after = _least_positions(batch)
    if not after or not any(_is_owed(batch, name, after[name], at) for name, at in before.items()):
        return None
    left = spool_mb * _MEGABYTE
    oldest = None
    for day, size in sorted(_sizes(batch, after).items(), reverse=True):
        left -= size
        if left < 0:
            break
        oldest = day
    return days.bounds(oldest)[0] if oldest else None


def count_lost(batch: Batch, table: Table, before: int) -> int:
    """Add up what each target waited for and loses now; rows that somebody loses."""
    most = 0
    for name, after in _positions(batch, table.name):
        [(count,)] = batch.rows(
            f"SELECT count(*) FROM {table.name} WHERE time < ? AND {SEQ} > ?", (before, after)
        )
        lost = int(count or 0)
        if lost:
            source = source_of(name, LOST)
            known, _ = batch.cursor(source, table.name) or (0, "")
            batch.set_cursor(source, table.name, known + lost)
        most = max(most, lost)
    return most


def _positions(batch: Batch, table: str) -> list[tuple[str, int]]:
    """Each target that ever took rows, and the number after which it waits for those of a table.

    For an address that never answered nothing is kept: it may be one that somebody mistyped.
    """
    identity = batch.rows("SELECT value FROM meta WHERE key = 'identity'")[0][0]
    found = []
    for (name,) in batch.rows("SELECT name FROM cursors WHERE source = ? ORDER BY 1", (TARGETS,)):
        source = source_of(str(name))
        if batch.rows("SELECT 1 FROM cursors WHERE source = ? LIMIT 1", (source,)):
            at, whose = batch.cursor(source, table) or (0, "")
            found.append((str(name), at if whose == identity else 0))
    return found


def _least_positions(batch: Batch) -> dict[str, int]:
    """Table → the number after which some target waits; empty where there are no targets."""
    return {
        table.name: min(at for _, at in found)
        for table in batch.schema.tables
        if (found := _positions(batch, table.name))
    }


def _is_owed(batch: Batch, table: str, after: int, before: int) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE time < ? AND {SEQ} > ? LIMIT 1"
    return bool(batch.rows(sql, (before, after)))


def _sizes(batch: Batch, after: Mapping[str, int]) -> Counter[str]:
    """Local day → bytes of the rows of it that wait, about."""
    found: Counter[str] = Counter()
    for table in batch.schema.tables:
        size = _row_size(batch, table, after[table.name])
        for slot, count in batch.rows(
            f"SELECT time / {days.SLOT}, count(*) FROM {table.name} WHERE {SEQ} > ? GROUP BY 1",
            (after[table.name],),
        ):
            found[days.day_of_slot(int(slot or 0))] += int(size * int(count or 0))
    del found[""]
    return found


def _row_size(batch: Batch, table: Table, after: int) -> float:
    """Bytes of a row that waits, as the mean of the last ones."""
    cells = " + ".join(f"length(CAST(coalesce({name}, '') AS BLOB))" for name in table.names)
    [(size,)] = batch.rows(
        f"SELECT avg(size) FROM (SELECT {cells} AS size FROM {table.name}"
        f" WHERE {SEQ} > ? ORDER BY {SEQ} DESC LIMIT {_SAMPLE})",
        (after,),
    )
    return float(size or 0)
