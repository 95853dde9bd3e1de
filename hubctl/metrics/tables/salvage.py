"""What becomes of a damaged store: set aside as it is, and a new one made of what can be read.

Cursors are not taken over: the sources that still exist are read again, and keys see to it that
nothing counts twice. Only which targets there are is: rows wait for them.
"""

from __future__ import annotations

import contextlib
from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.export.targets import LOST, TARGETS, source_of
from hubctl.metrics.tables.ddl import RANK, SEQ
from hubctl.system import database
from hubctl.system.clock import nanoseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store
    from hubctl.metrics.tables.batch import Batch
    from hubctl.system.database import Connection

_PAGE = 2000
_ASIDE = "damaged-"
_ASIDES = 5  # newest ones that stay
_HEADERS = (100, 4096)  # bytes: the header, the page that it stands on
_SKIPS = 400  # unreadable places that are stepped over in one table


def rebuild(path: str, problem: str, make: Callable[[str], Store]) -> None:
    """Put a new store of what the one at `path` still tells in its place, and that one aside.

    Until the new one is whole nothing is moved: a kill, or a full disk, leaves what there was.

    Raises:
        OperationError: the folder cannot be written.
    """
    now = nanoseconds() // 1000
    aside, fresh = f"{path}.{_ASIDE}{now}", f"{path}.anew"
    database.forget(fresh)
    try:
        with database.held(path):
            store = make(fresh)
            try:
                store.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # its header serves as a model
                _fill(store, path, f"the database was damaged ({problem}); it lies at {aside}", now)
            finally:
                store.close()
            database.take_place(path, fresh, aside)
    except BaseException:
        database.forget(fresh)
        raise
    database.forget_all_but(_ASIDES, f"{path}.{_ASIDE}")


def _fill(store: Store, path: str, what: str, now: int) -> None:
    kept = 0
    with store.batch() as batch, contextlib.ExitStack() as stack:
        source = _openable(stack, path, store.path)
        if source is not None:
            kept = sum(_take(batch, table, source) for table in store.schema.tables)
            _take_targets(batch, source)
        batch.note(
            now,
            f"{what}, {kept} rows of it were"
            " taken over, and what hooks and sessions left on disk is read again",
        )
        batch.roll_up()


def _openable(kept: contextlib.ExitStack, path: str, model: str) -> Connection | None:
    """What can still be read; of a file whose beginning is broken with that of `model`."""
    for size in (0, *_HEADERS):
        with contextlib.suppress(OperationError):
            name = database.with_header_of(path, model, size) if size else path
            if size:
                kept.callback(database.forget, name)
            source = database.connect_to_read(name)
            if source is not None:
                kept.callback(source.close)
                if database.readable_rows(source, "SELECT 1 FROM meta")[0]:
                    return source
        kept.close()
    return None


def _take(batch: Batch, table: Table, source: Connection) -> int:
    """Copy the readable rows of one table; how many."""
    kept = 0
    for page in _pages(source, table):
        by_rank = groupby(sorted(page, key=_rank), key=_rank)
        for rank, rows in by_rank:
            batch.put(table, [row[:-2] for row in rows], rank=rank)
        kept += len(page)
    _take_days(batch, table, source)
    return kept


def _take_targets(batch: Batch, source: Connection) -> None:
    """Know the same targets, of which everything waits again: retention asks who they are.

    Their positions are of the other database, which they say themselves.
    """
    rows, _ = database.readable_rows(source, "SELECT source, name, position, extra FROM cursors")
    names = {str(name) for kept, name, *_ in rows if kept == TARGETS}
    wanted = {TARGETS, *(source_of(name, part) for name in names for part in ("", LOST))}
    for kept, name, position, told in rows:
        if kept in wanted:
            batch.set_cursor(str(kept), str(name), int(position or 0), str(told))


def _rank(row: tuple[Scalar, ...]) -> int:
    return int(row[-2] or 0)


def _take_days(batch: Batch, table: Table, source: Connection) -> None:
    """Copy the roll-ups: of days whose rows are gone there is nothing else."""
    rows, _ = database.readable_rows(source, f"SELECT * FROM {table.daily_name}")
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        batch.connection.executemany(
            f"INSERT OR REPLACE INTO {table.daily_name} VALUES ({marks})",
            rows,
        )


def _pages(source: Connection, table: Table) -> Iterator[list[tuple[Scalar, ...]]]:
    """Rows in the order of their numbers, stepping over what cannot be read."""
    names = ", ".join((*table.names, RANK, SEQ))
    after, skips, step = 0, 0, 1
    while skips < _SKIPS:
        rows, whole = database.readable_rows(
            source,
            f"SELECT {names} FROM {table.name} WHERE {SEQ} > {after} ORDER BY {SEQ} LIMIT {_PAGE}",
        )
        if rows:
            after, step = int(rows[-1][-1] or after), 1
            yield rows
        if whole and len(rows) < _PAGE:
            return
        if not whole:
            skips, after, step = skips + 1, after + step, min(step * 2, 1 << 20)
