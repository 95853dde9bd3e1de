"""What one transcript says: answers, calls, agents, prompts, errors, compactions, tasks as rows.

The client calls the format internal: unknown lines are skipped, missing fields are no error. No
text that somebody wrote goes any further than this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.metrics.answers import Answer
from hubctl.metrics.schema import schema
from hubctl.metrics.transcript_values import count_of, text_of, time_of, word_of

if TYPE_CHECKING:
    from hubctl.metrics.answers import Place
    from hubctl.metrics.schema import Scalar

    Json = dict[str, Any]
    Row = tuple[Scalar, ...]

TRANSCRIPT = "transcript"
_CALLS = schema().table("claude_tool_usage")
_EVENTS = schema().table("claude_events")
_AGENTS = schema().table("claude_agents")
_TASKS = schema().table("claude_tasks")
_SESSIONS = schema().table("claude_sessions")
_SUCCESS, _ERROR, _SIZE, _TOOK = map(
    _CALLS.position, ("success", "error", "output_bytes", "duration_ms")
)

# The keys by which a tool is told what of the user's own to start.
_SUBJECTS = {"Agent": "subagent_type", "Task": "subagent_type", "Skill": "skill"}
_REFUSALS = (
    ("The user doesn't want to", "rejected"),
    ("[Request interrupted", "interrupted"),
    ("PreToolUse:", "blocked"),
    ("Permission to use", "blocked"),
)
_AROUND = " \t\r\n\ufeff"
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # older than its typing
_LONGEST_RUN = 1e10  # milliseconds; more is nonsense
# Of copies, that of the main conversation is better, and that of a session of its own.
_MAIN, _OWN = 2, 1


@dataclass(slots=True)
class Gathered:
    """Rows of a part of a transcript, in the shapes of their tables.

    Attributes:
        answers: the last snapshot of each, by how good a copy it is (0 to 3), session, agent, key.
        calls: by how good a copy, session, agent, id; lists, which a result still changes.
        asked: id of a call → its rows in `calls`.
        finished: success, error, output bytes, time of the result, id of a call read before.
        count: lines that said something.
    """

    answers: dict[Place, Answer] = field(default_factory=dict)
    calls: dict[tuple[int, str, str, str], list[Scalar]] = field(default_factory=dict)
    asked: dict[str, list[list[Scalar]]] = field(default_factory=dict)
    finished: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    agents: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    sessions: dict[str, Row] = field(default_factory=dict)
    count: int = 0

    def finish(self, call: str, success: bool, error: str | None, size: int, time: int) -> None:
        """Add a result to its call, or to those that change calls which were read before."""
        rows = self.asked.get(call)
        if rows is None:
            self.finished.append((success, error, size, time, call))
            return
        for row in rows:
            row[_SUCCESS], row[_ERROR], row[_SIZE] = success, error, size
            row[_TOOK] = max(0, (time - int(row[0] or 0)) / 1000)


class Lines:
    """Reads the lines of one transcript, in their order.

    Attributes:
        name: the file's name below `projects`. session, agent: whose it is, by its name.
        project, time: what the last line that tells says.
    """

    def __init__(self, name: str, project: str, time: int) -> None:
        self.project = project
        self.time = time
        stem = name.rpartition("/")[2].removesuffix(".jsonl")
        self.name = name
        is_agent = stem.startswith("agent-")
        self.agent = stem.removeprefix("agent-") if is_agent else ""
        self.session = _session_of(name) if is_agent else stem

    def read(self, data: bytes, into: Gathered, offset: int) -> None:
        """Take what whole lines say; `offset` is where they begin in the file."""
        for line in data.split(b"\n"):
            # Kinds of lines that say something; quotes tell a word of JSON from one in a text.
            if b'"assistant"' in line or b'"user"' in line or b'"system"' in line:
                document = _parsed(line)
                if document:
                    self._line(document, into, offset)
            offset += len(line) + 1

    def _line(self, line: Json, into: Gathered, offset: int) -> None:
        self.time = time_of(line.get("timestamp")) or self.time
        if not self.time:
            return
        self.project = self.project or text_of(line.get("cwd"))
        about = About(self, line, offset)
        into.count += 1
        kind, message = line.get("type"), line.get("message")
        if about.session not in into.sessions:
            into.sessions[about.session] = _session(about, line)
        if kind == "assistant" and isinstance(message, dict):
            self._answer(line, message, about, into)
        elif kind == "user" and isinstance(message, dict):
            _user(line, message, about, into)
        elif kind == "system":
            _system(line, about, into)

    def _answer(self, line: Json, message: Json, about: About, into: Gathered) -> None:
        model = word_of(message.get("model"))
        if line.get("isApiErrorMessage"):
            name = word_of(line.get("error")) or "api_error"
            into.events.append(about.event("api_error", severity="error", name=name))
            return
        usage = message.get("usage")
        copy = (0 if line.get("isSidechain") else _MAIN) + (0 if "forkedFrom" in line else _OWN)
        if isinstance(usage, dict) and model != "<synthetic>":
            answer = Answer(about, line, message, usage)
            place = (copy, about.session, about.agent, answer.key)
            if (before := into.answers.get(place)) is not None:
                about.time = before.about.time
            into.answers[place] = answer
        for block in _blocks(message):
            if block.get("type") == "tool_use" and (call := word_of(block.get("id"))):
                row = list(_call(block, call, model, about))
                into.calls[copy, about.session, about.agent, call] = row
                into.asked.setdefault(call, []).append(row)
                _task_change(block, about, into)


class About:
    """What all rows of one line have in common."""

    __slots__ = ("agent", "place", "project", "session", "time")

    def __init__(self, lines: Lines, line: Json, offset: int) -> None:
        get = line.get
        self.time = lines.time
        self.project = lines.project
        self.session = word_of(get("sessionId")) or lines.session
        self.agent = word_of(get("agentId")) or lines.agent
        self.place = word_of(get("uuid")) or f"{lines.name}:{offset}"

    def common(self) -> dict[str, Scalar]:
        """Columns that every table has."""
        return {
            "time": self.time,
            "source": TRANSCRIPT,
            "session": self.session,
            "project": self.project,
        }

    def event(self, kind: str, **more: Scalar) -> Row:
        """An event of this line."""
        return _EVENTS.row({**self.common(), "event": f"{kind}:{self.place}", "kind": kind, **more})


def _session(about: About, line: Json) -> Row:
    return _SESSIONS.row(
        {
            **about.common(),
            "source": "derived",
            "branch": word_of(line.get("gitBranch")) or None,
            "version": word_of(line.get("version")) or None,
            "entrypoint": word_of(line.get("entrypoint")) or None,
        }
    )


def _call(block: Json, call: str, model: str, about: About) -> Row:
    tool = word_of(block.get("name"))
    given = block.get("input")
    subject = given.get(_SUBJECTS.get(tool, "")) if isinstance(given, dict) else ""
    return _CALLS.row(
        {
            **about.common(),
            "call": call,
            "agent": about.agent,
            "tool": tool,
            "subject": word_of(subject),
            "model": model or None,
        }
    )


def _user(line: Json, message: Json, about: About, into: Gathered) -> None:
    results = [block for block in _blocks(message) if block.get("type") == "tool_result"]
    for block in results:
        if call := word_of(block.get("tool_use_id")):
            failed = block.get("is_error") is True
            text = _result_text(block)
            error = _error(text) if failed else None
            size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
            into.finish(call, not failed, error, size, about.time)
            _outcome(line.get("toolUseResult"), call, about, into)
    hidden = ("isMeta", "isCompactSummary", "isSidechain", "isVisibleInTranscriptOnly")
    if not results and not about.agent and not any(line.get(key) for key in hidden):
        place = word_of(line.get("promptId")) or about.place
        into.events.append(
            _EVENTS.row({**about.common(), "event": f"prompt:{place}", "kind": "prompt"})
        )


def _outcome(result: object, call: str, about: About, into: Gathered) -> None:
    """What a result tells beside its text: of an agent that ran, of a task that was made."""
    if not isinstance(result, dict):
        return
    agent = word_of(result.get("agentId"))
    if agent:
        into.agents.append(_agent(result, agent, call, about))
    task = result.get("task")
    if isinstance(task, dict) and (task_id := word_of(task.get("id"))):
        into.tasks.append(_TASKS.row({**about.common(), "task": task_id, "status": "created"}))


def _agent(result: Json, agent: str, call: str, about: About) -> Row:
    status = word_of(result.get("status"))
    found = result.get("totalDurationMs")
    took = float(found) if isinstance(found, int | float) and 0 <= found < _LONGEST_RUN else None
    return _AGENTS.row(
        {
            **about.common(),
            # A row begins where the agent did; the line was written when it was done.
            "time": about.time - round((took or 0) * 1000),
            "agent": agent,
            "call": call,
            "kind": word_of(result.get("agentType")),
            "success": {"completed": True, "failed": False, "error": False}.get(status),
            "duration_ms": took,
        }
    )


def _task_change(block: Json, about: About, into: Gathered) -> None:
    given = block.get("input")
    if block.get("name") != "TaskUpdate" or not isinstance(given, dict):
        return
    task, status = word_of(given.get("taskId")), word_of(given.get("status"))
    if task and status in ("in_progress", "completed", "deleted"):
        moment = {"in_progress": "started", "completed": "completed"}.get(status, "")
        told: dict[str, Scalar] = {moment: about.time} if moment else {}
        into.tasks.append(_TASKS.row({**about.common(), "task": task, "status": status, **told}))


def _system(line: Json, about: About, into: Gathered) -> None:
    subtype = line.get("subtype")
    if subtype == "compact_boundary":
        found = line.get("compactMetadata")
        data = found if isinstance(found, dict) else {}
        into.events.append(
            about.event(
                "compaction",
                name=word_of(data.get("trigger")),
                value=float(count_of(data.get("preTokens"))),
                unit="tokens",
            )
        )
    elif subtype == "api_error":
        into.events.append(about.event("api_retry", severity="warning"))


def _parsed(line: bytes) -> Json:
    text = line.decode("utf-8", "replace").strip(_AROUND)
    try:
        found, end = _scan(text, 0)
    except (ValueError, RecursionError, StopIteration):
        return {}
    return found if isinstance(found, dict) and end == len(text) else {}


def _session_of(name: str) -> str:
    """The session of a subagent's file: the folder above `subagents`."""
    parts = name.split("/")
    if "subagents" in parts[1:]:
        return parts[parts.index("subagents") - 1]
    return ""


def _blocks(message: Json) -> list[Json]:
    content = message.get("content")
    if not isinstance(content, list):
        return []
    return [block for block in content if isinstance(block, dict)]


def _result_text(block: Json) -> str:
    content = block.get("content")
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [part.get("text") for part in content if isinstance(part, dict)]
    return "".join(text for text in texts if isinstance(text, str))


def _error(text: str) -> str:
    """The kind of a failure, by how the client words it."""
    start = text[:200].lstrip()
    return next((kind for words, kind in _REFUSALS if start.startswith(words)), "error")
