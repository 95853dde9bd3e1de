"""Sums of roll-ups over a span: tools, hooks, agents, events, context, each by a name.

One query each, whatever the number of rows below: a year costs what a week does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.metrics.histogram import merge, quantile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """What a name has in a span: counts and sums by column, and a distribution.

    Quantiles are off by 5 % at most.
    """

    name: str
    numbers: Mapping[str, float]
    distribution: Mapping[int, int]

    def __getitem__(self, column: str) -> float:
        return self.numbers.get(column) or 0.0

    @property
    def count(self) -> int:
        """Rows."""
        return int(self["count"])

    def quantile(self, part: float) -> float | None:
        """None where nothing was measured."""
        return quantile(self.distribution, part)

    def share(self, part: str, whole: str = "count") -> float | None:
        """One column in percent of another; None of nothing."""
        return 100 * self[part] / self[whole] if self[whole] else None


def summed(
    store: Store, table: str, span: Span, *, by: str = "''", where: str = "1"
) -> tuple[Summed, ...]:
    """The roll-up of a table over a span, by an expression, the most rows first.

    `table` as in `claude_hooks`; `by` and `where` are SQL of ours.
    """
    declared = store.schema.table(table)
    columns = ("count", *declared.daily.counts, *declared.daily.sums)
    sums = ", ".join(f"sum({column})" for column in columns)
    rows = store.rows(
        f"SELECT {by}, {sums}, group_concat(histogram, ' ') FROM {declared.daily_name}"
        f" WHERE day BETWEEN ? AND ? AND {where} GROUP BY 1 ORDER BY sum(count) DESC, 1",
        (span.first, span.last),
    )
    return tuple(
        Summed(
            name=str(row[0]),
            numbers={name: float(cell or 0) for name, cell in zip(columns, row[1:-1], strict=True)},
            distribution=merge([str(row[-1] or "")]),
        )
        for row in rows
    )


def whole(store: Store, table: str, span: Span, *, where: str = "1") -> Summed:
    """The same of everything."""
    found = summed(store, table, span, where=where)
    return found[0] if found else Summed(name="", numbers={}, distribution={})


def by_day(
    store: Store, table: str, span: Span, column: str, *, where: str = "1"
) -> dict[str, float]:
    """Day → sum of a column of the roll-up; days without rows are missing."""
    name = store.schema.table(table).daily_name
    rows = store.rows(
        f"SELECT day, sum({column}) FROM {name} WHERE day BETWEEN ? AND ? AND {where}"
        " GROUP BY day ORDER BY day",
        (span.first, span.last),
    )
    return {str(day): float(number or 0) for day, number in rows}
