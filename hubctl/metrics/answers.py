"""Answers of models as rows: the last snapshot of each, with what it cost and how full it was.

A snapshot is kept as it was read until it is known to be the last one. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.metrics.prices import Usage
from hubctl.metrics.schema import schema
from hubctl.metrics.transcript_values import count_of, dollars_of, word_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.transcript_lines import About

    Json = dict[str, Any]
    Row = tuple[Scalar, ...]
    # How good a copy it is, session, agent, key of the answer.
    Place = tuple[int, str, str, str]

_ANSWERS = schema().table("claude_context")


class Answer:
    """A snapshot of an answer; of one answer the last counts, so it is not looked into before."""

    __slots__ = ("about", "cost", "key", "message", "model", "request", "sidechain", "usage")

    def __init__(self, about: About, line: Json, message: Json, usage: Json) -> None:
        self.about = about
        self.sidechain = bool(line.get("isSidechain")) or bool(about.agent)
        self.model = word_of(message.get("model"))
        self.usage = usage
        self.cost = dollars_of(line.get("costUSD"))
        self.request = word_of(line.get("requestId"))
        self.message = name = word_of(message.get("id"))
        self.key = f"{name}:{self.request}" if name or self.request else f"::{about.place}"


def answer_rows(found: Mapping[Place, Answer], prices: Prices) -> Iterator[tuple[int, Row]]:
    """The rows of all answers, each with how good a copy it is."""
    for (copy, *_), answer in found.items():
        yield copy, _row(answer, prices)


def _row(answer: Answer, prices: Prices) -> Row:
    usage, about = answer.usage, answer.about
    tools = usage.get("server_tool_use")
    speed, tier = word_of(usage.get("speed")), word_of(usage.get("service_tier"))
    write, hour = _written(usage)
    used = Usage(
        time=about.time,
        input=count_of(usage.get("input_tokens")),
        output=count_of(usage.get("output_tokens")),
        cache_read=count_of(usage.get("cache_read_input_tokens")),
        cache_write=write,
        cache_hour=hour,
        web_searches=count_of(tools.get("web_search_requests")) if isinstance(tools, dict) else 0,
        speed=speed,
        tier=tier,
    )
    known: dict[str, Scalar] = {
        **about.common(),
        "response": answer.key,
        "message": answer.message,
        "request": answer.request,
        "agent": about.agent,
        "sidechain": answer.sidechain,
        "model": answer.model,
        "speed": speed or None,
        "tier": tier or None,
        "client_cost_usd": answer.cost,
    }
    return answer_row(used, prices, known)


def answer_row(used: Usage, prices: Prices, known: dict[str, Scalar]) -> Row:
    """The row of an answer: what is known of it, with what follows from its tokens."""
    model = str(known.get("model", ""))
    context = used.prompt + used.output
    window = prices.window(model, context)
    return _ANSWERS.row(
        {
            **known,
            "input_tokens": used.input,
            "output_tokens": used.output,
            "cache_read_tokens": used.cache_read,
            "cache_write_tokens": used.cache_write,
            "cache_hour_tokens": used.cache_hour,
            "web_searches": used.web_searches,
            "context_tokens": context,
            "window_tokens": window or None,
            "percent": context * 100 / window if window else None,
            "cost_usd": prices.cost(model, used),
        }
    )


def _written(usage: Json) -> tuple[int, int]:
    """Tokens written to the cache, and those of them that stay for an hour."""
    told, parts = usage.get("cache_creation_input_tokens"), usage.get("cache_creation")
    if not isinstance(parts, dict):
        return count_of(parts if told is None else told), 0
    hour = count_of(parts.get("ephemeral_1h_input_tokens"))
    if told is None:
        return hour + count_of(parts.get("ephemeral_5m_input_tokens")), hour
    whole = count_of(told)
    return whole, min(hour, whole)
