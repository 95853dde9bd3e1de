"""Rows as InfluxDB line protocol, as QuestDB reads it. Pure.

What a target could not hold is left out, which there means null: NaN, infinities, numbers beyond
64 bits, empty symbols. Text is kept whole; a lone surrogate becomes U+FFFD.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, SYMBOL, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.metrics.schema import Column, Scalar, Table

_MOST = 2**63 - 1  # the least number of 64 bits means null there
_IN_NAME = str.maketrans({mark: f"\\{mark}" for mark in " ,=\n\r\\"})
_IN_QUOTES = str.maketrans({mark: f"\\{mark}" for mark in '"\n\r\\'})


def encode(table: Table, rows: Iterable[Sequence[Scalar]], machine: str) -> bytes:
    """One line for each row in the order of the table's columns; times in nanoseconds.

    A row whose `time` does not fit into 64 bits of nanoseconds has no line.
    """
    head = f"{table.name}{_tag('machine', machine)}"
    columns = tuple(enumerate(table.columns))[1:]
    lines = (_line(head, columns, row) for row in rows)
    return "".join(lines).encode("utf-8", "replace")


def _line(head: str, columns: Sequence[tuple[int, Column]], row: Sequence[Scalar]) -> str:
    tags = [_tag(one.name, row[at]) for at, one in columns if one.type == SYMBOL]
    found = ((one.name, _field(one, row[at])) for at, one in columns if one.type != SYMBOL)
    fields = ",".join(f"{name}={text}" for name, text in found if text)
    time = _whole(row[0], 1000)
    if not fields or not time:
        return ""
    return f"{head}{''.join(tags)} {fields} {time}\n"


def _tag(name: str, value: Scalar) -> str:
    if value is None or value == "":
        return ""
    return f",{name}={_clean(str(value)).translate(_IN_NAME)}"


def _field(column: Column, value: Scalar) -> str:
    """A value as its column's type is written; "" for none."""
    if value is None:
        return ""
    if column.type == BOOLEAN:
        yes, no = ("1i", "0i") if column.default is None else "tf"  # see ddl.questdb_type
        return yes if value else no
    if column.type == LONG:
        text = _whole(value)
        return f"{text}i" if text else ""
    if column.type == TIME:
        text = _whole(value)
        return f"{text}t" if text else ""
    if column.type == DOUBLE:
        return _real(value)
    return f'"{_clean(str(value)).translate(_IN_QUOTES)}"'


def _whole(value: Scalar, times: int = 1) -> str:
    """A whole number; "" where it is none, or more than 64 bits hold."""
    if isinstance(value, float) and not value.is_integer():
        return ""
    if not isinstance(value, int | float):
        return ""
    number = int(value) * times
    return str(number) if -_MOST <= number <= _MOST else ""


def _real(value: Scalar) -> str:
    if not isinstance(value, int | float):
        return ""
    try:
        number = float(value)
    except OverflowError:
        return ""
    return repr(number) if math.isfinite(number) else ""


def _clean(text: str) -> str:
    """Text without what no database's text holds."""
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
