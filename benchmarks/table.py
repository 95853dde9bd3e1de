"""Rows of the table: what a case costs, beside its floor and its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from measure import Cost

HEAD = ("Case", "wall", "processor", "× floor", "budget", "")
ALIGN = ("---", "---:", "---:", "---:", "---", "---")


@dataclass(frozen=True)
class Budget:
    """Seconds that a case may take, and how the table says so; an aim may be missed."""

    seconds: float
    text: str
    is_aim: bool = False


@dataclass(frozen=True)
class Row:
    """One case; a floor has neither a floor of its own nor a budget."""

    name: str
    cost: Cost
    floor: Cost | None = None
    budget: Budget | None = None

    @property
    def holds(self) -> bool:
        return self.budget is None or self.cost.wall <= self.budget.seconds

    @property
    def fails(self) -> bool:
        return not self.holds and self.budget is not None and not self.budget.is_aim

    def cells(self) -> tuple[str, ...]:
        ratio = f"{self.cost.wall / self.floor.wall:.1f}" if self.floor else ""
        budget = self.budget.text if self.budget else ""
        return (
            self.name,
            seconds(self.cost.wall),
            seconds(self.cost.processor),
            ratio,
            budget,
            self.verdict(),
        )

    def verdict(self) -> str:
        if self.budget is None:
            return ""
        if self.holds:
            return "holds"
        return "missed" if self.budget.is_aim else "**over**"


def seconds(value: float) -> str:
    """Seconds as people compare them."""
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.3f} s"


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = (HEAD, ALIGN, *(row.cells() for row in rows))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
