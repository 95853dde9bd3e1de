"""Tables as files: CSV, JSON lines, Parquet. All declared columns, the machine's name in front.

Yields bytes page by page, so that a file of any size takes the memory of a page; writing is the
caller's. What one file tells is one state of the store, whoever writes meanwhile. Parquet needs the
extra `parquet`.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, TIME, schema
from hubctl.metrics.tables.ddl import SEQ
from hubctl.system.database import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hubctl.metrics.schema import Column, Scalar, Table
    from hubctl.metrics.store import Store

    Row = tuple[Scalar, ...]
    Pages = Iterator[list[Row]]

_PAGE = 5000
# A spreadsheet would run a cell that begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows of a table a file has.

    Attributes:
        since, until: microseconds since 1970, the second not included; None for all.
        changed: the numbers of the store after and up to which rows changed, None for all. They
            come in the order of their numbers then, else in that of time and keys.
    """

    since: int | None = None
    until: int | None = None
    changed: tuple[int, int] | None = None


@contextlib.contextmanager
def one_state(store: Store) -> Iterator[None]:
    """Inside, a store opened to read stands still, whoever writes meanwhile."""
    with translated(store.path):
        store.connection.execute("BEGIN")
    try:
        yield
    finally:
        store.connection.execute("ROLLBACK")


def pages(store: Store, table: Table, machine: str, chosen: Selection) -> Pages:
    """The rows of a table as files have them: the machine, then the declared columns."""
    where, values = _where(chosen)
    order = SEQ if chosen.changed else ", ".join(("time", *table.keys))
    sql = f"SELECT {', '.join(table.names)} FROM {table.name} WHERE {where} ORDER BY {order}"
    with translated(store.path):
        found = store.connection.execute(sql, values)
        while page := found.fetchmany(_PAGE):
            yield [(machine, *map(_typed, table.columns, row)) for row in page]


def _where(chosen: Selection) -> tuple[str, list[int]]:
    after, last = chosen.changed or (None, None)
    given = {
        "time >= ?": chosen.since,
        "time < ?": chosen.until,
        f"{SEQ} > ?": after,
        f"{SEQ} <= ?": last,
    }
    used = {text: value for text, value in given.items() if value is not None}
    return " AND ".join(used) or "1", list(used.values())


def _typed(column: Column, value: Scalar) -> Scalar:
    """A value as its column declares it: SQLite keeps whatever it was given."""
    if value is None:
        return None
    if column.type == BOOLEAN:
        return bool(value)
    if column.type == DOUBLE and isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if column.type in (LONG, TIME) and isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value


def _names(table: Table) -> tuple[str, ...]:
    return ("machine", *table.names)


def _moment(value: Scalar) -> Scalar:
    """A time in UTC as ISO 8601; the bare microseconds where the calendar has no such day."""
    try:
        moment = _BEGIN + timedelta(microseconds=int(value or 0))
    except OverflowError:
        return value
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _told(table: Table, found: Pages) -> Pages:
    """The same pages with times as texts."""
    at = [number for number, one in enumerate(table.columns, 1) if one.type == TIME]
    for page in found:
        rows = [list(row) for row in page]
        for row in rows:
            for number in at:
                if row[number] is not None:
                    row[number] = _moment(row[number])
        yield [tuple(row) for row in rows]


def as_csv(table: Table, found: Pages) -> Iterator[bytes]:
    """A header and one line a row, as RFC 4180 has them; null is empty."""
    yield _csv_lines([_names(table)])
    for page in _told(table, found):
        yield _csv_lines([[_cell(value) for value in row] for row in page])


def _csv_lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_json(table: Table, found: Pages) -> Iterator[bytes]:
    """One JSON object a line."""
    names = _names(table)
    for page in _told(table, found):
        lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in page]
        yield ("\n".join(lines) + "\n").encode("utf-8", "replace")


def as_parquet(table: Table, found: Pages) -> Iterator[bytes]:
    """A Parquet file: times as UTC timestamps in microseconds, units in the fields' metadata.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        hint = "install hubctl with its extra: pip install 'hubctl[parquet]'"
        raise UsageError("Parquet needs pyarrow, which is not installed", hint=hint) from None
    shape = pyarrow.schema([_field(pyarrow, one) for one in (schema().machine, *table.columns)])
    sink = _Sink()
    with parquet.ParquetWriter(sink, shape, compression="zstd") as writer:
        for page in found:
            columns = [
                pyarrow.array(list(cells), type=field.type)
                for cells, field in zip(zip(*page, strict=True), shape, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=shape))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is written from its beginning to its end, and taken away piece by piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def _field(pyarrow: Any, column: Column) -> Any:
    types = {
        TIME: pyarrow.timestamp("us", tz="UTC"),
        LONG: pyarrow.int64(),
        DOUBLE: pyarrow.float64(),
        BOOLEAN: pyarrow.bool_(),
    }
    told = {"description": column.description} | ({"unit": column.unit} if column.unit else {})
    return pyarrow.field(column.name, types.get(column.type, pyarrow.string()), metadata=told)


FORMATS: dict[str, Callable[[Table, Pages], Iterator[bytes]]] = {
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
}
SUFFIXES = {"csv": "csv", "json": "jsonl", "parquet": "parquet"}
