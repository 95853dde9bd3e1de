"""Series of files: each export takes what changed since the last one of the same name.

Owns the cursor of a series. A file is whole and on the disk before the cursor moves; after a kill
in between, the next run writes the same file anew, with what came since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.metrics.export.files import FORMATS, SUFFIXES, Selection, one_state, pages
from hubctl.metrics.export.targets import position, remember, source_of
from hubctl.metrics.store import open_store
from hubctl.system.clock import nanoseconds
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hubctl.metrics.schema import Table
    from hubctl.metrics.store import Store

    Put = Callable[[str, Iterable[bytes]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a series: its name, and how many rows it has."""

    file: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series of files. machine: the name that rows have. format_name: of FORMATS."""

    name: str
    machine: str
    format_name: str

    @property
    def target(self) -> str:
        """What it is called among the targets."""
        return f"series {self.name}"


def export_next(path: str, series: Series, tables: Iterable[Table], put: Put) -> Iterator[Part]:
    """Write one file of each table that changed since the last time.

    Args:
        path: of the store.
        series: what is written.
        tables: of which something is written.
        put: called with a file's name and its bytes; returns when they are safe.

    Raises:
        OperationError: a file or the store cannot be written, or the series is being written; what
            was yielded stands.
    """
    target = series.target
    with writer_lock(f"{path}.series.lock", wait=0.0), open_store(path) as store:
        try:
            for table in tables:
                with one_state(store):
                    after, last = position(store, target, table.name), _last(store, table)
                    if last <= after:
                        continue
                    part = _part(store, series, table, after)
                    rows = pages(store, table, series.machine, Selection(changed=(after, last)))
                    put(part.file, FORMATS[series.format_name](table, rows))
                _keep(store, target, table, last)
                yield part
        except OperationError as error:
            _remember(path, target, error.message)
            raise
        _remember(path, target, "")


def _last(store: Store, table: Table) -> int:
    [(last,)] = store.rows(f"SELECT coalesce(max(seq), 0) FROM {table.name}")
    return int(last or 0)


def _part(store: Store, series: Series, table: Table, after: int) -> Part:
    """The file that begins after a number: of one store there is only one of that name."""
    [(count,)] = store.rows(f"SELECT count(*) FROM {table.name} WHERE seq > ?", (after,))
    name = f"{table.name}-{store.identity}-{after + 1:012d}.{SUFFIXES[series.format_name]}"
    return Part(file=name, rows=int(count or 0))


def _keep(store: Store, target: str, table: Table, last: int) -> None:
    with open_store(store.path, write=True) as written, written.batch() as batch:
        batch.set_cursor(source_of(target), table.name, last, store.identity)


def _remember(path: str, target: str, problem: str) -> None:
    with open_store(path, write=True) as store, store.batch() as batch:
        remember(batch, target, nanoseconds() // 1000, problem)
