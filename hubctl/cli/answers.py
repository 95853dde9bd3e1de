"""Answers of anybody's statements as a table for people, and as JSON and CSV page by page."""

from __future__ import annotations

import csv
import io
import json
import math
from itertools import chain, islice
from typing import TYPE_CHECKING

from hubctl.cli.tables import VERSION, table_text
from hubctl.metrics.schema import TIME, schema
from hubctl.output.cells import clip, pad, printable, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.metrics.asking import Found, Row
    from hubctl.metrics.schema import Scalar

MOST_ROWS = 1000
_LEAST = 8  # columns that a text is not clipped below
_GAP = 2
# Microseconds of the years 2001 to 2286; what else stands in such a column is no time.
_MOMENTS = range(10**15, 10**16)


def as_table(found: Found, columns: int) -> tuple[str, bool]:
    """A table in `columns` of a terminal (0: as wide as it is), and whether there are more rows.

    Where its columns do not fit beside each other, each row is told line by line.
    """
    taken = list(islice(chain.from_iterable(found.pages()), MOST_ROWS + 1))
    rows, more = taken[:MOST_ROWS], len(taken) > MOST_ROWS
    head = [printable(name) for name in found.columns]
    times = _times(found.columns)
    cells = [
        [printable(_shown(value, is_time=at in times)) for at, value in enumerate(row)]
        for row in rows
    ]
    right = [at for at in range(len(head)) if at not in times and _is_number(rows, at)]
    widths = _fitting(head, cells, columns, whole={*times, *right})
    if widths is None:
        return _line_by_line(head, cells), more
    clipped = [[clip(cell, widths[at]) for at, cell in enumerate(row)] for row in cells]
    names = [clip(name.upper(), widths[at]) for at, name in enumerate(head)]
    return table_text(names, clipped, empty="nothing was found", right=right), more


def as_csv(found: Found) -> Iterator[bytes]:
    """A header and one line a row, as RFC 4180 has them; null is empty."""
    yield _csv([found.columns])
    for page in found.pages():
        yield _csv([[_plain(value) for value in row] for row in page])


def as_json(question: str, found: Found) -> Iterator[bytes]:
    """One document `hubctl/metrics-query`, a row a line."""
    told = {"format": "hubctl/metrics-query", "version": VERSION, "question": question}
    head = "".join(f"  {json.dumps(key)}: {_json(value)},\n" for key, value in told.items())
    yield f'{{\n{head}  "columns": {_json(list(found.columns))},\n  "rows": ['.encode()
    between = "\n    "
    for page in found.pages():
        lines = ",\n    ".join(_json([_plain(value) for value in row]) for row in page)
        yield f"{between}{lines}".encode()
        between = ",\n    "
    yield b"\n  ]\n}\n" if between.startswith(",") else b"]\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def _csv(rows: Sequence[Sequence[Scalar]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _plain(value: Scalar | bytes) -> Scalar:
    """A value that every format has: bytes as SQL writes them, null for what is no number."""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _times(names: Sequence[str]) -> set[int]:
    """Columns that are called as times of the tables are."""
    known = {one.name for table in schema().tables for one in table.columns if one.type == TIME}
    return {at for at, name in enumerate(names) if name in known}


def _shown(value: Scalar | bytes, *, is_time: bool) -> str:
    if value is None:
        return "unknown"
    if is_time and value in _MOMENTS:
        return _moment(int(value))
    if isinstance(value, float) and abs(value) < 1e6:
        return f"{value:g}"
    return str(_plain(value))


def _moment(time: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(time / 1e6, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def _is_number(rows: Sequence[Row], at: int) -> bool:
    return bool(rows) and all(isinstance(row[at], int | float | None) for row in rows)


def _fitting(
    head: Sequence[str], rows: Sequence[Sequence[str]], columns: int, whole: set[int]
) -> list[int] | None:
    """How wide each column may be; None where clipped ones do not fit. `whole` are not clipped."""
    widths = [max(width(row[at]) for row in (head, *rows)) for at in range(len(head))]
    room = columns - _GAP * (len(head) - 1)
    least = [
        one if at in whole else min(one, max(_LEAST, width(head[at])))
        for at, one in enumerate(widths)
    ]
    if not columns or sum(widths) <= room:
        return widths
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda at: widths[at] - least[at])
        widths[widest] -= 1
    return widths


def _line_by_line(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    names = max(width(name) for name in head)
    blocks = (
        "".join(f"{pad(name, names)}  {cell}\n" for name, cell in zip(head, row, strict=True))
        for row in rows
    )
    return "\n".join(blocks) or "nothing was found\n"
