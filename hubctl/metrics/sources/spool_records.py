"""What one record of the hooks' spool says, as rows: runs of hooks, problems, samples, the event.

A record holds names, times and outcomes. Words of a hub's own hooks pass only where they are short
and look like neither a secret nor an address.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.metrics.schema import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.metrics.schema import Scalar

    Json = dict[str, Any]
    Row = tuple[Scalar, ...]

SPOOL = "spool"
DISPATCHER = "dispatcher"
_LARGEST = 1 << 63
_RUNS = schema().table("claude_hooks")
_EVENTS = schema().table("claude_events")
_CALLS = schema().table("claude_tool_usage")
_AGENTS = schema().table("claude_agents")
_TASKS = schema().table("claude_tasks")
_SESSIONS = schema().table("claude_sessions")

# A hook's run in the order of the table's columns; the shape is checked by a test of the schema.
RUN_COLUMNS = (
    *("time", "source", "counted", "session", "project", "run", "hook", "event", "lane", "tool"),
    *("duration_ms", "decision", "failed", "exit_code"),
)
# Which field of a sample is its number, and its unit.
_NUMBERS = (
    ("value", ""),
    ("tokens", "tokens"),
    ("percent", "%"),
    ("ms", "ms"),
    ("seconds", "s"),
    ("lines", "lines"),
    ("problems", ""),
)
_WORD = re.compile(r"[\w .:/+-]{1,60}\Z")
_TOKEN = r"\b(?:[spr]k[-_]|gh[pousr]_|github_pat|glpat-|xox[a-z]-|AKIA|ASIA|AIza|eyJ)"
_SECRET = re.compile(rf"[A-Za-z0-9_+/-]{{32,}}|@|{_TOKEN}")
_NO_NAME = re.compile(rf"\s|@[\w-]+\.[A-Za-z]|{_TOKEN}")


@dataclass(slots=True)
class Rows:
    """Rows of a part of the spool, by table."""

    runs: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    agents: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    sessions: list[Row] = field(default_factory=list)
    ends: list[tuple[str, str]] = field(default_factory=list)


def take(record: Json, place: str, into: Rows) -> None:
    """Add the rows of one record; `place` is where in the spool it stands."""
    time = _time(record.get("t"))
    if not time:
        return
    event, session = str(record.get("event", "")), str(record.get("session", ""))
    project = project_of(str(record.get("folder", "")))
    head = (time, SPOOL, True, session, project)
    about = (event, str(record.get("lane", "")), tool := str(record.get("tool", "")))
    hooks = record.get("hooks")
    failed = False
    for number, hook in enumerate(hooks if isinstance(hooks, list) else ()):
        if isinstance(hook, dict):
            broken = "problem" in hook
            name, run = str(hook.get("id", "")), f"{place}:{number}"
            told = (_number(hook.get("ms")), str(hook.get("decision") or ""), broken, None)
            into.runs.append((*head, run, name, *about, *told))
            if broken:
                failed = True
                into.events.append(_event(head, f"{run}:problem", "hook_problem", name, "error"))
    decision, code = str(record.get("decision") or ""), record.get("code")
    code = code if isinstance(code, int) and abs(code) < _LARGEST else None
    took = _number(record.get("ms"))
    into.runs.append((*head, place, DISPATCHER, *about, took, decision, failed, code))
    if record.get("samples") or record.get("incidents"):
        into.events += _samples(record, head, place)
    if isinstance(record.get("of"), dict):
        _about(event, record["of"], head, tool, into)


def project_of(folder: str) -> str:
    """The repository whose folder in the state folder this is: its path is repeated there."""
    found = folder.partition("/hooks/repositories/")[2].removesuffix("/@")
    return f"/{found}" if found else ""


def _samples(record: Json, head: Row, place: str) -> Iterator[Row]:
    samples = record.get("samples")
    for number, sample in enumerate(samples if isinstance(samples, list) else ()):
        if isinstance(sample, dict) and isinstance(sample.get("name"), str):
            yield _sample(sample, head, f"{place}:s{number}")
    incidents = record.get("incidents")
    for number, _ in enumerate(incidents if isinstance(incidents, list) else ()):
        name = str(record.get("event", ""))
        yield _event(head, f"{place}:i{number}", "hook_incident", name, "warning")


def _sample(sample: Json, head: Row, place: str) -> Row:
    value, unit = next(
        (
            (found, unit)
            for key, unit in _NUMBERS
            if (found := _number(sample.get(key))) is not None
        ),
        (None, ""),
    )
    told = {key: sample[key] for key in sorted(sample) if key != "name" and safe(sample[key])}
    return _EVENTS.row(
        {
            **dict(zip(RUN_COLUMNS, head, strict=False)),
            "event": place,
            "kind": _short(sample["name"]),
            "name": _short(told.get("program") or told.get("outcome") or ""),
            "value": value,
            "unit": unit or None,
            "detail": json.dumps(told, ensure_ascii=False)[:2000] if told else None,
        }
    )


def safe(value: object) -> bool:
    """Whether a field of a sample may be kept: a number, or a word that gives nobody away."""
    if isinstance(value, str):
        return bool(_WORD.match(value)) and not _SECRET.search(value)
    return isinstance(value, int | float) and math.isfinite(value)


def is_name(text: str) -> bool:
    """Whether a text can be an id or a name of the client's, and is nobody's secret or address."""
    return not _NO_NAME.search(text)


def _event(head: Row, place: str, kind: str, name: str, severity: str = "info") -> Row:
    return _EVENTS.row(
        {
            **dict(zip(RUN_COLUMNS, head, strict=False)),
            "event": place,
            "kind": kind,
            "name": name,
            "severity": severity,
        }
    )


def _about(event: str, facts: Json, head: Row, tool: str, into: Rows) -> None:
    """What the event itself tells: of a call, an agent, a task, a session."""
    base: dict[str, Scalar] = dict(zip(RUN_COLUMNS, head, strict=False))
    session = str(base["session"])
    if event in ("PostToolUse", "PostToolUseFailure") and facts.get("tool_use_id"):
        into.calls.append(_call(event, facts, base, tool))
    elif event in ("SubagentStart", "SubagentStop") and facts.get("agent_id"):
        into.agents.append(_agent(event, facts, base))
    elif event in ("TaskCreated", "TaskCompleted") and facts.get("task_id"):
        done = event == "TaskCompleted"
        told = {"status": "completed", "completed": base["time"]} if done else {}
        into.tasks.append(_TASKS.row({**base, "task": str(facts["task_id"]), **told}))
    elif event == "UserPromptSubmit" and facts.get("prompt_id"):
        into.events.append(_event(head, f"prompt:{facts['prompt_id']}", "prompt", ""))
    elif event == "PostCompact" and facts.get("prompt_id"):
        place = f"compaction:{session}:{facts['prompt_id']}"
        into.events.append(_event(head, place, "compaction", str(facts.get("trigger", ""))))
    elif event == "StopFailure" and facts.get("prompt_id"):
        place = f"api_error:{session}:{facts['prompt_id']}"
        into.events.append(
            _event(head, place, "api_error", str(facts.get("error") or "api_error"), "error")
        )
    elif event == "SessionEnd" and session:
        into.ends.append((str(facts.get("reason") or "other"), session))
    if event in ("SessionStart", "SessionEnd") and session:
        into.sessions.append(_SESSIONS.row({**base, "source": "derived"}))


def _call(event: str, facts: Json, base: dict[str, Scalar], tool: str) -> Row:
    took = _number(facts.get("duration_ms"))
    failed = event == "PostToolUseFailure"
    return _CALLS.row(
        {
            **base,
            "time": int(base["time"] or 0) - round((took or 0) * 1000),
            "call": str(facts["tool_use_id"]),
            "agent": str(facts.get("agent_id") or ""),
            "tool": tool,
            "success": not failed,
            "error": "error" if failed else None,
            "duration_ms": took,
        }
    )


def _agent(event: str, facts: Json, base: dict[str, Scalar]) -> Row:
    return _AGENTS.row(
        {
            **base,
            "agent": str(facts["agent_id"]),
            "kind": str(facts.get("agent_type") or ""),
            "success": True if event == "SubagentStop" else None,
        }
    )


def _short(value: object) -> str:
    return value[:60] if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    """A finite number that is not negative."""
    if type(value) is float and 0.0 <= value < math.inf:
        return value  # nearly always
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def _time(value: object) -> int:
    """Microseconds of a moment in seconds; 0 for what is none."""
    found = _number(value)
    return round(found * 1_000_000) if found is not None and found < 1e11 else 0
