"""The declared tables as values: what `schemas/metrics.yaml` says, read from its JSON twin.

Owns nothing but the reading; SQL and the line protocol are made from these values elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from hubctl.system.data import read_data

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME, SYMBOL, TEXT, LONG, DOUBLE, BOOLEAN = "time", "symbol", "text", "long", "double", "boolean"
TYPES = (TIME, SYMBOL, TEXT, LONG, DOUBLE, BOOLEAN)

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        type: one of TYPES. unit: "" where it is a plain number or no number.
        default: what stands where nothing was told; None is null.
    """

    name: str
    type: str
    description: str
    unit: str = ""
    default: Scalar = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """The roll-up of a table by local day.

    Attributes:
        by: columns that group. sums: columns that are added.
        counts: name → SQL condition over a row; `count` counts all.
        histogram: the column whose distribution is kept.
    """

    by: tuple[str, ...]
    sums: tuple[str, ...]
    counts: Mapping[str, str]
    histogram: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """One of the seven tables.

    Attributes:
        columns: the common ones first; `time` is the first of all.
        keys: columns that make two rows one. sources: who may tell, the best first.
        retention_days: how long rows are kept unless canonical.yaml says otherwise.
        partition: how QuestDB cuts the table: MONTH, DAY …
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    sources: tuple[str, ...]
    partition: str
    retention_days: int
    daily: Daily

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order: the shape of a row."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def defaults(self) -> tuple[Scalar, ...]:
        """A row of which nothing was told."""
        return tuple(column.default for column in self.columns)

    @property
    def daily_name(self) -> str:
        """Name of its roll-up in the store."""
        return f"daily_{self.name.removeprefix('claude_')}"

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return self.columns[self.position(name)]

    def position(self, name: str) -> int:
        """Where the column of that name stands in a row; KeyError where there is none."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def row(self, values: Mapping[str, Scalar]) -> tuple[Scalar, ...]:
        """A row of what is told, defaults elsewhere."""
        return tuple(map(values.get, self.names, self.defaults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All tables. version: of the columns; a database of another one is migrated.

    Attributes:
        machine: the column that every exported table has in front.
    """

    version: int
    tables: tuple[Table, ...]
    machine: Column

    def table(self, name: str) -> Table:
        """The table of that name; KeyError where there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


@cache
def schema() -> Schema:
    """The tables of this hubctl."""
    return schema_of(json.loads(read_data("schemas/metrics.json")))


def schema_of(document: Mapping[str, Any]) -> Schema:
    """The tables that a document declares."""
    common = _columns(document["common"])
    return Schema(
        version=document["version"],
        tables=tuple(_table(name, row, common) for name, row in document["tables"].items()),
        machine=Column(name="machine", **document["machine"]),
    )


def _columns(declared: Mapping[str, Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, **fields) for name, fields in declared.items())


def _table(name: str, row: Mapping[str, Any], common: tuple[Column, ...]) -> Table:
    daily = row["daily"]
    return Table(
        name=name,
        description=row["description"],
        columns=(*common, *_columns(row["columns"])),
        keys=tuple(row["keys"]),
        sources=tuple(row["sources"]),
        partition=row["partition"],
        retention_days=row["retention_days"],
        daily=Daily(
            by=tuple(daily["by"]),
            sums=tuple(daily["sums"]),
            counts=daily.get("counts", {}),
            histogram=daily["histogram"],
        ),
    )
