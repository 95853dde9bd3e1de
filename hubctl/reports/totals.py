"""Tokens and cost of many answers as one value that can be added.

Owns what becomes of a cost that is not known: it is never counted as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.metrics.schema import Scalar

_TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
# Columns of a query that `totals_of` reads: from roll-ups; `of_answers` for the answers themselves.
OF_DAYS = ", ".join(
    ("sum(count)", *(f"sum({name})" for name in _TOKENS), "sum(cost_usd)", "sum(unpriced)")
)
WIDTH = 7
# Whose cost it is: at list price, or as the client itself estimated it where it told that.
LIST, CLIENT = "list", "client"
COSTS = {LIST: "cost_usd", CLIENT: "client_cost_usd"}


def of_answers(cost: str) -> str:
    """The columns of a query over answers that `totals_of` reads; `cost` is one of COSTS."""
    of = COSTS[cost]
    tokens = (f"sum({name})" for name in _TOKENS)
    return ", ".join(("count(*)", *tokens, f"sum({of})", f"sum({of} IS NULL)"))


OF_ANSWERS = of_answers(LIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over answers.

    Attributes:
        answers: how many; unpriced: how many of them have no known price.
        input_tokens: input that no cache held.
        cost_usd: dollars at list price of the answers with a known price; None where none has one.
    """

    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: float | None = None
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        """All tokens, in and out."""
        return self.prompt_tokens + self.output_tokens

    @property
    def prompt_tokens(self) -> int:
        """All tokens that went in."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def is_known(self) -> bool:
        """Whether the cost is that of all answers."""
        return not self.unpriced

    def __add__(self, other: Totals) -> Totals:
        costs = [cost for cost in (self.cost_usd, other.cost_usd) if cost is not None]
        return Totals(
            answers=self.answers + other.answers,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            cost_usd=sum(costs) if costs else None,
            unpriced=self.unpriced + other.unpriced,
        )


def totals_of(cells: Sequence[Scalar]) -> Totals:
    """The totals of a row's last cells, in the order of OF_DAYS and OF_ANSWERS."""
    answers, into, out, read, write, cost, unpriced = cells[-WIDTH:]
    return Totals(
        answers=int(answers or 0),
        input_tokens=int(into or 0),
        output_tokens=int(out or 0),
        cache_read_tokens=int(read or 0),
        cache_write_tokens=int(write or 0),
        cost_usd=None if cost is None else float(cost),
        unpriced=int(unpriced or 0),
    )


def total(rows: Iterable[Totals]) -> Totals:
    """The sum of all."""
    found = Totals()
    for row in rows:
        found += row
    return found


def amount(dollars: float | None) -> float | None:
    """Dollars as they stand in JSON: to twelve digits, however small; None for unknown."""
    return None if dollars is None else float(f"{dollars:.12g}")


def encode_totals(one: Totals) -> dict[str, object]:
    """As it stands in JSON documents; a cost that is not known is null."""
    return {
        "answers": one.answers,
        "tokens": one.tokens,
        "input_tokens": one.input_tokens,
        "output_tokens": one.output_tokens,
        "cache_read_tokens": one.cache_read_tokens,
        "cache_write_tokens": one.cache_write_tokens,
        "cost_usd": amount(one.cost_usd),
        "unpriced": one.unpriced,
    }
