"""Tables as files: CSV, JSON lines, Parquet. All declared columns, the machine's name in front.

Yields text or bytes; writing is the caller's. Parquet needs the extra `parquet`.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from hubctl.errors import UsageError
from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from hubctl.metrics.schema import Scalar, Table
    from hubctl.metrics.store import Store

_PAGE = 5000
# A spreadsheet would run a cell that begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _rows(store: Store, table: Table, machine: str) -> Iterator[list[tuple[Scalar, ...]]]:
    after = 0
    while found := store.changes(table.name, after, _PAGE):
        after = int(found[-1][0] or 0)
        yield [(machine, *(_typed(table, row[1:]))) for row in found]


def _typed(table: Table, row: tuple[Scalar, ...]) -> Iterator[Scalar]:
    for column, value in zip(table.columns, row, strict=True):
        yield bool(value) if column.type == BOOLEAN and value is not None else value


def _names(table: Table) -> tuple[str, ...]:
    return ("machine", *table.names)


def as_csv(store: Store, table: Table, machine: str) -> Iterator[bytes]:
    """A header and one line a row; null is empty."""
    yield _csv_lines([_names(table)])
    for page in _rows(store, table, machine):
        yield _csv_lines([[_cell(value) for value in row] for row in page])


def _csv_lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_json(store: Store, table: Table, machine: str) -> Iterator[bytes]:
    """One JSON object a line."""
    names = _names(table)
    for page in _rows(store, table, machine):
        lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in page]
        yield ("\n".join(lines) + "\n").encode("utf-8", "replace")


def as_parquet(store: Store, table: Table, machine: str) -> Iterator[bytes]:
    """A whole Parquet file, times as UTC timestamps.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        hint = "install hubctl with its extra: pip install 'hubctl[parquet]'"
        raise UsageError("Parquet needs pyarrow, which is not installed", hint=hint) from None
    shape = pyarrow.schema([("machine", pyarrow.string()), *_fields(pyarrow, table)])
    sink = pyarrow.BufferOutputStream()
    with parquet.ParquetWriter(sink, shape, compression="zstd") as writer:
        for page in _rows(store, table, machine):
            columns = [
                pyarrow.array(list(cells), type=field.type)
                for cells, field in zip(zip(*page, strict=True), shape, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=shape))
    yield sink.getvalue().to_pybytes()


def _fields(pyarrow: Any, table: Table) -> Iterator[tuple[str, Any]]:
    types = {
        TIME: pyarrow.timestamp("us", tz="UTC"),
        LONG: pyarrow.int64(),
        DOUBLE: pyarrow.float64(),
        BOOLEAN: pyarrow.bool_(),
    }
    for column in table.columns:
        yield column.name, types.get(column.type, pyarrow.string())


FORMATS: dict[str, Callable[[Store, Table, str], Iterator[bytes]]] = {
    "csv": as_csv,
    "json": as_json,
    "parquet": as_parquet,
}
