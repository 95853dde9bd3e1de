"""Delegation in a report: how much of the work subagents do, how well, and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.reports import wording
from hubctl.reports.delegation import delegated
from hubctl.reports.document import (
    COUNT,
    PERCENT,
    TIMES,
    TOKENS,
    Figure,
    Section,
    Table,
    enough,
)
from hubctl.reports.rollups import summed, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.store import Store
    from hubctl.reports.delegation import Delegated
    from hubctl.reports.periods import Span
    from hubctl.reports.rollups import Summed

_SOURCE = "transcripts and telemetry"
_WORTH = (
    "What the same answers would have cost in the conversation that started the subagent, for each"
    " dollar that they cost. In the open they would be the conversation's model's, would read its"
    " context, and all that the subagent gathered would be read again by every later answer up to"
    " the next compaction. Below 1 it costs more than it saves. An estimate: the answers are"
    " measured, the conversation that did not take place is not."
)


def delegation_section(
    store: Store, span: Span, limits: Mapping[str, Threshold], prices: Prices
) -> Section:
    """Rate, success and worth of delegation."""
    kinds = summed(store, "claude_agents", span, by="kind")
    now = delegated(store, span, prices)
    left_out = now.agents - now.priced
    note = f"{left_out} of {now.agents} subagents are not part of it: a price or their conversation"
    table = Table(
        title="By kind",
        head=("Kind", "Runs", "Succeeded", "Tokens", "Cost", "Median"),
        rows=tuple(_kind(one) for one in kinds[:10]),
        right=(1, 2, 3, 4, 5),
    )
    return Section(
        id="delegation",
        title="Delegation",
        about=f"Source: {_SOURCE}.",
        figures=(_rate(store, span), *_agents(store, span, limits), *_worth(now)),
        tables=(table,) if kinds else (),
        notes=(f"{note} is not known.",) if left_out and now.priced else (),
    )


def _rate(store: Store, span: Span) -> Figure:
    shares = []
    answers = 0
    for one in (span, span.before):
        all_of_it = whole(store, "claude_context", one)
        aside = whole(store, "claude_context", one, where="sidechain")
        tokens = _tokens(all_of_it)
        shares.append(100 * _tokens(aside) / tokens if tokens else None)
        answers = answers or all_of_it.count
    return enough(
        Figure(
            id="delegation_rate",
            title="Delegation rate",
            unit=PERCENT,
            value=shares[0],
            before=shares[1],
            definition="Share of all tokens that subagents worked with.",
            source=_SOURCE,
        ),
        answers,
    )


def _tokens(one: Summed) -> float:
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return sum(one[name] for name in names)


def _agents(store: Store, span: Span, limits: Mapping[str, Threshold]) -> tuple[Figure, ...]:
    now, before = (whole(store, "claude_agents", one) for one in (span, span.before))
    share, earlier = (
        100 - (one.share("failures", "finished") or 0.0) if one["finished"] else None
        for one in (now, before)
    )
    limit = limits["agent_success_percent"]
    return (
        Figure(
            id="agents",
            title="Subagents",
            unit=COUNT,
            value=now.count,
            before=before.count,
            definition="Subagents that ran.",
            source=_SOURCE,
        ),
        enough(
            Figure(
                id="agent_success",
                title="Subagents that succeed",
                unit=PERCENT,
                value=share,
                before=earlier,
                definition="Share of finished subagents that came to an end and reported.",
                source=_SOURCE,
                needed=limit.needed,
                level=limit.level(share, int(now["finished"])),
            ),
            int(now["finished"]),
        ),
    )


def _worth(now: Delegated) -> tuple[Figure, ...]:
    return (
        enough(
            Figure(
                id="delegation_worth",
                title="Return on delegation",
                unit=TIMES,
                value=now.worth,
                definition=_WORTH,
                source=_SOURCE,
            ),
            now.priced if now.paid else 0,
        ),
        Figure(
            id="kept_out",
            title="Kept out of contexts",
            unit=TOKENS,
            value=now.kept_out,
            definition="Tokens that subagents gathered and did not hand back.",
            source=_SOURCE,
        ),
    )


def _kind(one: Summed) -> tuple[str, ...]:
    half = one.quantile(0.5)
    return (
        one.name or "(not told)",
        wording.count(one.count),
        wording.percent(one["finished"] - one["failures"], one["finished"]),
        wording.count(_tokens(one)),
        wording.dollars(one["cost_usd"]) if one["cost_usd"] else wording.UNKNOWN,
        wording.duration(half / 1000) if half is not None else "–",
    )
