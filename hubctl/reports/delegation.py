"""Whether delegating pays: what subagents took, and what the same work had cost in the open.

Measured of every answer: the price that a subagent's answers had, against the price of the same
answers in the conversation that started it, whose context they would have read, and whose later
answers would have read everything that the subagent gathered. Owns that calculation alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.metrics.prices import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.store import Store
    from hubctl.reports.periods import Span

_ROWS = """
SELECT session, agent, sidechain, model, context_tokens, cost_usd, time, input_tokens,
    output_tokens, cache_read_tokens, cache_write_tokens, cache_hour_tokens
FROM claude_context
WHERE counted AND time >= ? AND time < ? AND session IN (
    SELECT session FROM claude_context WHERE counted AND agent != '' AND time >= ? AND time < ?)
ORDER BY session, time, response
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    agent: str
    main: bool
    model: str
    context: int
    cost: float | None
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegated:
    """All subagents of a span.

    Attributes:
        agents: how many ran; priced: how many of them have known prices: the sums are of these.
        paid, inline: dollars of their answers, and of the same work in the open.
        kept_out: tokens that they gathered and did not hand back.
    """

    agents: int = 0
    priced: int = 0
    paid: float = 0.0
    inline: float = 0.0
    kept_out: int = 0

    @property
    def worth(self) -> float | None:
        """Dollars of work in the open for each dollar paid; None where nothing is priced."""
        return self.inline / self.paid if self.paid else None


def delegated(store: Store, span: Span, prices: Prices) -> Delegated:
    """What the subagents of a span took and saved."""
    rows = store.rows(_ROWS, (*span.times, *span.times))
    agents = priced = kept_out = 0
    paid = inline = 0.0
    for _, session in groupby(rows, key=lambda row: row[0]):
        for one in _agents([_answer(row) for row in session], prices):
            agents += 1
            kept_out += one[0]
            if one[1] is not None and one[2] is not None:
                priced, paid, inline = priced + 1, paid + one[1], inline + one[2]
    return Delegated(agents=agents, priced=priced, paid=paid, inline=inline, kept_out=kept_out)


def _answer(row: Sequence[Scalar]) -> _Answer:
    time, into, out, read, write, hour = (int(cell or 0) for cell in row[6:12])
    return _Answer(
        agent=str(row[1] or ""),
        main=not row[1] and not row[2],
        model=str(row[3] or ""),
        context=int(row[4] or 0),
        cost=None if row[5] is None else float(row[5]),
        usage=Usage(
            time=time, input=into, output=out, cache_read=read, cache_write=write, cache_hour=hour
        ),
    )


def _agents(
    session: list[_Answer], prices: Prices
) -> Iterator[tuple[int, float | None, float | None]]:
    """Of each agent: tokens kept out, dollars paid, dollars in the open."""
    main = [one for one in session if one.main]
    by_agent: dict[str, list[_Answer]] = {}
    for one in session:
        if one.agent:
            by_agent.setdefault(one.agent, []).append(one)
    for answers in by_agent.values():
        before = [one for one in main if one.usage.time <= answers[0].usage.time]
        after = [one for one in main if one.usage.time > answers[-1].usage.time]
        kept_out = _kept_out(answers)
        if not (before or after):
            yield kept_out, None, None  # its conversation lies outside of the span
            continue
        opener = before[-1] if before else after[0]
        inline = _inline(answers, opener, (kept_out, _carried(opener, after)), prices)
        yield kept_out, _paid(answers), inline


def _kept_out(answers: list[_Answer]) -> int:
    """What it gathered beyond where it began, without the report that it handed back."""
    first, last = answers[0], answers[-1]
    return max(last.context - first.usage.prompt - last.usage.output, 0)


def _carried(opener: _Answer, after: list[_Answer]) -> int:
    """Later answers of the conversation that would have read it, up to a compaction."""
    size = opener.context
    for number, one in enumerate(after):
        if one.context < size / 2:
            return number
        size = one.context
    return len(after)


def _paid(answers: list[_Answer]) -> float | None:
    costs = [one.cost for one in answers]
    return sum(filter(None, costs)) if None not in costs else None


def _inline(
    answers: list[_Answer], opener: _Answer, carried: tuple[int, int], prices: Prices
) -> float | None:
    """The price of the same answers, of the opener's model and on top of its context.

    `carried`: tokens that later answers read again, and how many do.
    """
    base = answers[0].usage.prompt
    sums = 0.0
    for number, one in enumerate(answers):
        used = one.usage
        # What it began with is its own prompt, which work in the open does not need.
        write = used.cache_write if number else 0
        cost = prices.cost(
            opener.model,
            Usage(
                time=used.time,
                input=used.input if number else 0,
                output=used.output,
                cache_read=max(used.cache_read - base, 0) + opener.context,
                cache_write=write,
                cache_hour=min(used.cache_hour, write),
            ),
        )
        if cost is None:
            return None
        sums += cost
    carrying = prices.cost(
        opener.model,
        Usage(time=opener.usage.time, input=0, output=0, cache_read=carried[0]),
    )
    # One by one: all at once would look like one large prompt, which costs more.
    return None if carrying is None else sums + carrying * carried[1]
