"""Lines of transcripts as typed values: the few fields that are measured, of the types they have.

A line whose fields have them is decoded in one go, and no text that is not asked for is ever made.
Any other line is read by the standard library, and what does not fit is left out. Pure.
"""

from __future__ import annotations

# ruff: noqa: N815 - fields have the client's names
import json
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from msgspec import UNSET, Meta, MsgspecError, Raw, Struct
from msgspec.json import Decoder

from hubctl.metrics.sources.transcript_values import (
    LONGEST_WORD,
    MOST,
    count_of,
    dollars_of,
    text_of,
    word_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Limits that a decoder sees to; with them a line is nothing special to what comes after.
Word = Annotated[str, Meta(max_length=LONGEST_WORD)] | None
Count = Annotated[int, Meta(ge=0, lt=MOST)] | None
Json = dict[str, Any]
T = TypeVar("T")


class Written(Struct, gc=False):
    """What was written to the cache, by how long it stays there."""

    ephemeral_5m_input_tokens: Count = None
    ephemeral_1h_input_tokens: Count = None


class Server(Struct, gc=False):
    """What tools on the server did."""

    web_search_requests: Count = None


class Used(Struct, gc=False):
    """Tokens of an answer."""

    input_tokens: Count = None
    output_tokens: Count = None
    cache_read_input_tokens: Count = None
    cache_creation_input_tokens: Count = None
    cache_creation: Written | Count = None
    server_tool_use: Server | None = None
    service_tier: Word = None
    speed: Word = None


class Given(Struct, gc=False):
    """What a tool was given, where that is a name."""

    subagent_type: Word = None
    skill: Word = None
    taskId: Word = None
    status: Word = None


class Part(Struct, gc=False):
    """A part of a result; `text` where it is text."""

    text: str | None = None


class Block(Struct, gc=False):
    """A block of a message: a call, a result, or something else."""

    type: Word = None
    id: Word = None
    name: Word = None
    input: Given | None = None
    tool_use_id: Word = None
    is_error: bool | None = None
    content: str | list[Part] | None = None


class Message(Struct, gc=False):
    """A message of the conversation."""

    id: Word = None
    model: Word = None
    usage: Used | None = None
    content: str | list[Block] | None = None


class Task(Struct, gc=False):
    """A task of the client's list."""

    id: Word = None


class Outcome(Struct, gc=False):
    """What a result tells beside its text."""

    agentId: Word = None
    agentType: Word = None
    status: Word = None
    totalDurationMs: float | None = None
    task: Task | None = None


class Compaction(Struct, gc=False):
    """Why the context was made smaller, and what it held before."""

    trigger: Word = None
    preTokens: Count = None


class Line(Struct, gc=False):
    """One line. forkedFrom: UNSET where the line does not say that it is a copy."""

    type: Word = None
    timestamp: Word = None
    sessionId: Word = None
    agentId: Word = None
    uuid: Word = None
    cwd: str | None = None
    gitBranch: Word = None
    version: Word = None
    entrypoint: Word = None
    promptId: Word = None
    requestId: Word = None
    subtype: Word = None
    error: Word = None
    costUSD: float | None = None
    forkedFrom: Any = UNSET
    message: Message | str | None = None
    toolUseResult: Outcome | str | list[Raw] | None = None
    compactMetadata: Compaction | None = None
    isSidechain: bool | None = None
    isMeta: bool | None = None
    isApiErrorMessage: bool | None = None
    isCompactSummary: bool | None = None
    isVisibleInTranscriptOnly: bool | None = None


decode = Decoder(Line).decode
# What it raises for a line that is not as it should be.
REFUSED = (MsgspecError, UnicodeDecodeError, RecursionError)

_AROUND = " \t\r\n\ufeff"
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # older than its typing
_FLAGS = ("isSidechain", "isMeta", "isApiErrorMessage", "isCompactSummary")


def odd_line(line: bytes) -> Line | None:
    """A line that was refused: NaN, half characters, broken bytes, fields of other types.

    None where it is no JSON object at all.
    """
    text = line.decode("utf-8", "replace").strip(_AROUND)
    try:
        found, end = _scan(text, 0)
    except (ValueError, RecursionError, StopIteration):
        return None
    return _line(found) if isinstance(found, dict) and end == len(text) else None


def _line(found: Json) -> Line:
    return Line(
        **_words(found, "type", "timestamp", "sessionId", "agentId", "uuid", "gitBranch"),
        **_words(found, "version", "entrypoint", "promptId", "requestId", "subtype", "error"),
        cwd=text_of(found.get("cwd")),
        costUSD=dollars_of(found.get("costUSD")),
        forkedFrom=found.get("forkedFrom", UNSET),
        message=_one(found.get("message"), _message),
        toolUseResult=_one(found.get("toolUseResult"), _outcome),
        compactMetadata=_one(found.get("compactMetadata"), _compaction),
        isVisibleInTranscriptOnly=bool(found.get("isVisibleInTranscriptOnly")),
        **_cells(bool, found, *_FLAGS),
    )


def _message(found: Json) -> Message:
    return Message(
        **_words(found, "id", "model"),
        usage=_one(found.get("usage"), _used),
        content=_each(found.get("content"), _block),
    )


def _used(found: Json) -> Used:
    return Used(
        **_cells(_count, found, *Used.__struct_fields__[:4]),
        **_words(found, "service_tier", "speed"),
        cache_creation=_written(found.get("cache_creation")),
        server_tool_use=_one(found.get("server_tool_use"), _server),
    )


def _block(found: Json) -> Block:
    content = found.get("content")
    return Block(
        **_words(found, "type", "id", "name", "tool_use_id"),
        input=_one(found.get("input"), lambda given: Given(**_words(given, *_GIVEN))),
        is_error=found.get("is_error") is True,
        content=text_of(content) if isinstance(content, str) else _each(content, _part),
    )


_GIVEN = Given.__struct_fields__


def _outcome(found: Json) -> Outcome:
    took = found.get("totalDurationMs")
    return Outcome(
        **_words(found, "agentId", "agentType", "status"),
        totalDurationMs=took if isinstance(took, int | float) else None,
        task=_one(found.get("task"), lambda task: Task(**_words(task, "id"))),
    )


def _compaction(found: Json) -> Compaction:
    return Compaction(**_words(found, "trigger"), preTokens=count_of(found.get("preTokens")))


def _written(found: object) -> Written | int | None:
    if not isinstance(found, dict):
        return _count(found)
    return Written(**_cells(_count, found, *Written.__struct_fields__))


def _server(found: Json) -> Server:
    return Server(count_of(found.get("web_search_requests")))


def _part(found: Json) -> Part:
    return Part(text_of(found.get("text")))


def _words(found: Json, *names: str) -> Json:
    return _cells(word_of, found, *names)


def _count(value: object) -> int | None:
    return None if value is None else count_of(value)


def _cells(of: Callable[[object], object], found: Json, *names: str) -> Json:
    return {name: of(found.get(name)) for name in names}


def _one(found: object, shape: Callable[[Json], T]) -> T | None:
    return shape(found) if isinstance(found, dict) else None


def _each(found: object, shape: Callable[[Json], T]) -> list[T] | None:
    if not isinstance(found, list):
        return None
    return [shape(one) for one in found if isinstance(one, dict)]
