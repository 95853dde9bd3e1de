"""Answers of models as rows: the last snapshot of each, with what it cost and how full it was.

A snapshot is kept as it was read until it is known to be the last one. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.prices import Usage
from hubctl.metrics.schema import schema
from hubctl.metrics.sources.transcript_values import dollars_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.sources.transcript_shapes import Used

    Row = tuple[Scalar, ...]
    # How good a copy it is (0 to 3), session, agent, message, request, and for an answer without
    # these two where it stands.
    Place = tuple[int, str, str, str, str, str]
    # What all rows of its line begin with, whether it is outside the main conversation, model,
    # tokens, what an older client said that it cost, and the name of the file.
    Answer = tuple[tuple[int, str, bool, str, str], bool, str, Used, float | None, str]

_ANSWERS = schema().table("claude_context")
# The order of a row's columns, which is checked by a test of the schema.
ANSWER_COLUMNS = (
    *("time", "source", "counted", "session", "project", "response", "message", "request"),
    *("agent", "sidechain", "model", "input_tokens", "output_tokens", "cache_read_tokens"),
    *("cache_write_tokens", "cache_hour_tokens", "web_searches", "context_tokens"),
    *("window_tokens", "percent", "speed", "tier", "cost_usd", "client_cost_usd", "duration_ms"),
)


def answer_rows(found: Mapping[Place, Answer], prices: Prices) -> Iterator[tuple[int, Row]]:
    """The rows of all answers, each with how good a copy it is."""
    for place, answer in found.items():
        yield place[0], _row(place, answer, prices)


def _row(place: Place, answer: Answer, prices: Prices) -> Row:
    _, _, agent, message, request, nameless = place
    head, sidechain, model, usage, told, _ = answer
    server = usage.server_tool_use
    used = Usage(
        head[0],
        usage.input_tokens or 0,
        usage.output_tokens or 0,
        usage.cache_read_input_tokens or 0,
        *_written(usage),
        (server.web_search_requests or 0) if server else 0,
        usage.speed or "",
        usage.service_tier or "",
    )
    key = f"::{nameless}" if nameless else f"{message}:{request}"
    context = used.prompt + used.output
    window = prices.window(model, context) or None
    percent = context * 100 / window if window else None
    return (
        *(*head, key, message, request, agent, sidechain, model, *used[1:7], context, window),
        *(percent, usage.speed or None, usage.service_tier or None, prices.cost(model, used)),
        *(dollars_of(told), None),
    )


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


def fullness(usage: Used) -> tuple[int, int]:
    """How much of an answer a copy has: one made before it was whole says less."""
    prompt = (usage.input_tokens or 0) + (usage.cache_read_input_tokens or 0)
    return usage.output_tokens or 0, prompt + _written(usage)[0]


def _written(usage: Used) -> tuple[int, int]:
    """Tokens written to the cache, and those of them that stay for an hour."""
    told, parts = usage.cache_creation_input_tokens, usage.cache_creation
    if parts is None or isinstance(parts, int):
        return (parts if told is None else told) or 0, 0
    hour = parts.ephemeral_1h_input_tokens or 0
    if told is None:
        return hour + (parts.ephemeral_5m_input_tokens or 0), hour
    return told, min(hour, told)
