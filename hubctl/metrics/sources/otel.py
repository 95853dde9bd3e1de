"""The client's telemetry, OTLP as JSON, as rows: one literal table of its events and metrics.

Pure. Takes numbers and the client's own words; prompts, answers, parameters, e-mail addresses and
account ids are never looked at, whatever the exporter was told to send.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.metrics.prices import Usage
from hubctl.metrics.schema import schema
from hubctl.metrics.sources.answers import answer_row
from hubctl.metrics.sources.spool_records import is_name, safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.metrics.prices import Prices
    from hubctl.metrics.schema import Scalar

    Json = dict[str, Any]
    Row = tuple[Scalar, ...]
    Facts = Mapping[str, Scalar]

OTEL = "otel"
_PREFIX = "claude_code."
_CALLS = schema().table("claude_tool_usage")
_EVENTS = schema().table("claude_events")
_SESSIONS = schema().table("claude_sessions")
_AGENTS = schema().table("claude_agents")
_SESSION = _EVENTS.position("session")  # the same in all tables
_MOST = 1 << 53
_WHOLE = 1 << 63
_SPEEDS = {"normal": "standard"}  # as transcripts call it
_DELTA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How an event of the client becomes one of ours.

    Attributes:
        kind: ours. name, value: which attribute is its name and its number. unit: of the number.
        detail: attributes that are kept; only numbers and short words pass.
    """

    kind: str
    severity: str = "info"
    name: str = ""
    value: str = ""
    unit: str = ""
    detail: tuple[str, ...] = ()


# What is not listed is kept as an event of its name without any attribute.
EVENTS = {
    "user_prompt": Told(kind="prompt", value="prompt_length", unit="characters"),
    "api_error": Told(
        kind="api_error",
        severity="error",
        name="status_code",
        value="duration_ms",
        unit="ms",
        detail=("model", "attempt", "query_source"),
    ),
    "api_refusal": Told(kind="api_refusal", severity="warning", name="model"),
    "api_retries_exhausted": Told(
        kind="api_retries_exhausted", severity="warning", name="model", detail=("total_attempts",)
    ),
    "tool_decision": Told(kind="tool_decision", name="tool_name", detail=("decision", "source")),
    "compaction": Told(kind="compaction", name="trigger", value="pre_tokens", unit="tokens"),
    "hook_registered": Told(
        kind="hook_registered", name="hook_event", detail=("hook_type", "hook_source")
    ),
    "hook_execution_complete": Told(
        kind="hook_execution",
        name="hook_event",
        value="total_duration_ms",
        unit="ms",
        detail=(
            *("num_hooks", "num_success", "num_blocking", "num_non_blocking_error"),
            "num_cancelled",
        ),
    ),
    "mcp_server_connection": Told(kind="mcp_server_connection", name="status"),
    "permission_mode_changed": Told(kind="permission_mode_changed", name="to_mode"),
    "skill_activated": Told(kind="skill_activated", name="skill.name"),
    "subagent_completed": Told(
        kind="subagent_completed", name="agent_type", value="duration_ms", unit="ms"
    ),
    "internal_error": Told(kind="internal_error", severity="warning", name="error_name"),
}
# These say what other events say too, or what must not be kept.
SKIPPED = frozenset(
    (
        *("assistant_response", "api_request_body", "api_response_body", "hook_execution_start"),
        "hook_plugin_metrics",
    )
)
# Metrics that no event tells of; tokens and cost come from `api_request`, answer by answer.
METRICS = {
    "lines_of_code.count": Told(kind="lines_of_code", name="type", unit="lines"),
    "commit.count": Told(kind="commit_count", unit="commits"),
    "pull_request.count": Told(kind="pull_request_count", unit="pull requests"),
    "session.count": Told(kind="session_start", name="start_type", unit="sessions"),
    "active_time.total": Told(kind="active_time", name="type", unit="s"),
    "code_edit_tool.decision": Told(
        kind="edit_decision", name="decision", unit="decisions", detail=("tool_name", "language")
    ),
}


@dataclass(slots=True)
class Received:
    """Rows of one export. left_out: points that cannot be added (cumulative) or read."""

    answers: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    agents: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    sessions: dict[str, Row] = field(default_factory=dict)
    left_out: int = 0

    @property
    def count(self) -> int:
        """Rows of all tables but sessions."""
        return len(self.answers) + len(self.calls) + len(self.agents) + len(self.events)

    @property
    def named(self) -> set[Scalar]:
        """The sessions that it tells of."""
        tables = (self.answers, self.calls, self.agents, self.events)
        return {row[_SESSION] for rows in tables for row in rows}


def read_logs(document: object, prices: Prices, into: Received) -> None:
    """Take the log records of an `ExportLogsServiceRequest`."""
    for record in _records(document, "resourceLogs", "scopeLogs", "logRecords"):
        facts = _facts(record.get("attributes"))
        name = _text(facts.get("event.name")) or _text(_value(record.get("body")))
        time = _nanoseconds(record.get("timeUnixNano") or record.get("observedTimeUnixNano"))
        if not time or not name:
            into.left_out += 1
            continue
        _event(name.removeprefix(_PREFIX), facts, time, prices, into)


def read_metrics(document: object, into: Received) -> None:
    """Take the points of an `ExportMetricsServiceRequest` that only metrics tell."""
    for metric in _records(document, "resourceMetrics", "scopeMetrics", "metrics"):
        name = _text(metric.get("name")).removeprefix(_PREFIX)
        told, total = METRICS.get(name), metric.get("sum")
        if told is None or not isinstance(total, dict):
            continue
        for point in _dicts(total.get("dataPoints")):
            _point(point, told, total.get("aggregationTemporality"), into)


def _point(point: Json, told: Told, temporality: object, into: Received) -> None:
    time = _nanoseconds(point.get("timeUnixNano"))
    value = _number(point.get("asDouble", point.get("asInt")))
    if temporality not in (_DELTA, "AGGREGATION_TEMPORALITY_DELTA") or not time or value is None:
        into.left_out += 1
        return
    facts = _facts(point.get("attributes"))
    about = json.dumps([told.kind, sorted(facts.items(), key=str)], default=str)
    place = f"{_text(facts.get('session.id'))}:{time}:{_digest(about)}"
    into.events.append(_event_row(told, facts, time, place, value))


def _event(name: str, facts: Facts, time: int, prices: Prices, into: Received) -> None:
    session = _text(facts.get("session.id"))
    place = f"{session}:{time}:{_text(facts.get('event.sequence')) or _digest(name)}"
    if session and session not in into.sessions:
        into.sessions[session] = _session(facts, session, time)
    if name in SKIPPED:
        return
    if name == "api_request":
        into.answers.append(_answer(facts, time, place, prices))
    elif name == "tool_result":
        # A call without its id could be one that a transcript tells of as well.
        if call := _text(facts.get("tool_use_id")):
            into.calls.append(_call(facts, time, call))
    else:
        if name == "subagent_completed" and facts.get("agent_id"):
            into.agents.append(_agent(facts, time))
        told = EVENTS.get(name) or Told(kind=_word(name))
        prompt = _text(facts.get("prompt.id"))
        place = prompt if told.kind == "prompt" and prompt else f"{OTEL}:{place}"
        into.events.append(_event_row(told, facts, time, place, _number(facts.get(told.value))))


def _event_row(told: Told, facts: Facts, time: int, place: str, value: float | None) -> Row:
    kept = {key: facts[key] for key in told.detail if key in facts and safe(facts[key])}
    name = facts.get(told.name)
    return _EVENTS.row(
        {
            "time": time // 1000,
            "source": OTEL,
            "session": _text(facts.get("session.id")),
            "event": f"{told.kind}:{place}",
            "kind": told.kind,
            "severity": told.severity,
            "name": str(name)[:60] if name is not None and safe(name) else "",
            "value": value,
            "unit": told.unit or None if value is not None else None,
            "detail": json.dumps(kept, sort_keys=True) if kept else None,
        }
    )


def _answer(facts: Facts, time: int, place: str, prices: Prices) -> Row:
    request = _text(facts.get("request_id"))
    speed = _text(facts.get("speed"))
    speed = _SPEEDS.get(speed, speed)
    used = Usage(
        time=time // 1000,
        input=_count(facts.get("input_tokens")),
        output=_count(facts.get("output_tokens")),
        cache_read=_count(facts.get("cache_read_tokens")),
        cache_write=_count(facts.get("cache_creation_tokens")),
        cache_hour=min(
            _count(facts.get("cache_creation_1h_tokens")),
            _count(facts.get("cache_creation_tokens")),
        ),
        speed=speed,
    )
    known: dict[str, Scalar] = {
        "time": used.time,
        "source": OTEL,
        "session": _text(facts.get("session.id")),
        "response": f":{request}" if request else f"::{OTEL}:{place}",
        "request": request,
        "agent": _text(facts.get("agent_id")),
        "sidechain": _is_agents(facts),
        "model": _text(facts.get("model")),
        "speed": speed or None,
        "client_cost_usd": _number(facts.get("cost_usd")),
        "duration_ms": _number(facts.get("duration_ms")),
    }
    return answer_row(used, prices, known)


def _is_agents(facts: Facts) -> bool:
    """Whether a request was an agent's; older clients say of which kind, and not of which one."""
    asked_by = _text(facts.get("query_source"))
    return bool(facts.get("agent_id")) or asked_by.startswith("agent:") or asked_by == "subagent"


def _agent(facts: Facts, time: int) -> Row:
    took = _number(facts.get("duration_ms"))
    return _AGENTS.row(
        {
            "time": time // 1000 - round((took or 0) * 1000),
            "source": OTEL,
            "session": _text(facts.get("session.id")),
            "agent": _text(facts.get("agent_id")),
            "kind": _word(facts.get("agent_type")),
            "model": _text(facts.get("final_model")) or _text(facts.get("model")) or None,
            "success": True,
            "duration_ms": took,
        }
    )


def _call(facts: Facts, time: int, call: str) -> Row:
    took = _number(facts.get("duration_ms"))
    success = {"true": True, "false": False}.get(str(facts.get("success")).lower())
    error = facts.get("error_type")
    return _CALLS.row(
        {
            "time": time // 1000 - round((took or 0) * 1000),
            "source": OTEL,
            "session": _text(facts.get("session.id")),
            "call": call,
            "agent": _text(facts.get("agent_id")),
            "tool": _text(facts.get("tool_name")),
            "success": success,
            "duration_ms": took,
            "error": _word(error)
            if error and safe(error)
            else ("error" if success is False else None),
            "decision": _word(facts.get("decision_type")) or None,
            "input_bytes": _count(facts.get("tool_input_size_bytes")) or None,
            "output_bytes": _count(facts.get("tool_result_size_bytes")) or None,
        }
    )


def _session(facts: Facts, session: str, time: int) -> Row:
    return _SESSIONS.row(
        {
            "time": time // 1000,
            "source": "derived",
            "session": session,
            "version": _text(facts.get("app.version")) or None,
            "entrypoint": _text(facts.get("app.entrypoint")) or None,
        }
    )


def _records(document: object, *levels: str) -> Iterator[Json]:
    """Everything at the last of the levels, whichever of them are missing."""
    found = [document]
    for level in levels:
        found = [
            inner
            for outer in found
            if isinstance(outer, dict)
            for inner in _dicts(outer.get(level))
        ]
    yield from (one for one in found if isinstance(one, dict))


def _dicts(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _facts(attributes: object) -> dict[str, Scalar]:
    return {str(one.get("key"))[:100]: _value(one.get("value")) for one in _dicts(attributes)}


def _value(wrapped: object) -> Scalar:
    """What an `AnyValue` holds, where that is a scalar; whole numbers may be spelled as text."""
    if not isinstance(wrapped, dict):
        return None
    if isinstance(text := wrapped.get("stringValue"), str):
        return text[:400].encode("utf-8", "replace").decode()
    if "intValue" in wrapped:
        return _whole(wrapped["intValue"])
    for key in ("doubleValue", "boolValue"):
        found = wrapped.get(key)
        if isinstance(found, bool | float):
            return found
        if isinstance(found, int):
            return _whole(found)
    return None


def _whole(value: object) -> int | None:
    """A whole number that 64 bits hold."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and len(value) < 20 and value.removeprefix("-").isdecimal():
        value = int(value)
    return value if isinstance(value, int) and -_WHOLE <= value < _WHOLE else None


def _number(value: object) -> float | None:
    """A finite number that is not negative, also where the exporter spells it as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and 0 <= found < _MOST else None


def _count(value: object) -> int:
    found = _number(value)
    return int(found) if found is not None else 0


def _nanoseconds(value: object) -> int:
    found = _whole(value)
    return found if found is not None and 0 < found < 1 << 62 else 0


def _text(value: object) -> str:
    """An id or a name; what is neither is not told, wherever it stands."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)[:120]
    return text if is_name(text) else ""


def _word(value: object) -> str:
    return _text(value)[:60]


def _digest(text: str) -> str:
    from binascii import crc32

    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"
