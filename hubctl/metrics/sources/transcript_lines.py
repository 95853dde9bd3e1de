"""What one transcript says: answers, calls, agents, prompts, errors, compactions, tasks as rows.

The client calls the format internal: unknown lines are skipped, missing fields are no error. No
text that somebody wrote goes any further than this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import UNSET

from hubctl.metrics.schema import schema
from hubctl.metrics.sources.answers import fullness
from hubctl.metrics.sources.spool_records import is_name
from hubctl.metrics.sources.transcript_shapes import REFUSED, Message, Outcome, decode, odd_line
from hubctl.metrics.sources.transcript_values import moment_of

if TYPE_CHECKING:
    from hubctl.metrics.schema import Scalar
    from hubctl.metrics.sources.answers import Answer, Place
    from hubctl.metrics.sources.transcript_shapes import Block, Line

    Row = tuple[Scalar, ...]
    Head = tuple[int, str, bool, str, str]

TRANSCRIPT = "transcript"
_EVENTS = schema().table("claude_events")
_AGENTS = schema().table("claude_agents")
_TASKS = schema().table("claude_tasks")
_SESSIONS = schema().table("claude_sessions")
# What all rows of one line begin with, and a call's row, in the order of the table's columns; the
# shapes are checked by a test of the schema.
HEAD_COLUMNS = ("time", "source", "counted", "session", "project")
CALL_COLUMNS = (
    *(*HEAD_COLUMNS, "call", "agent", "tool", "subject", "model", "success", "duration_ms"),
    *("error", "decision", "input_bytes", "output_bytes"),
)
_SUCCESS, _ERROR, _SIZE, _TOOK = map(
    CALL_COLUMNS.index, ("success", "error", "output_bytes", "duration_ms")
)

# The keys by which a tool is told what of the user's own to start.
_SUBJECTS = {"Agent": "subagent_type", "Task": "subagent_type", "Skill": "skill"}
_REFUSALS = (
    ("The user doesn't want to", "rejected"),
    ("[Request interrupted", "interrupted"),
    ("PreToolUse:", "blocked"),
    ("Permission to use", "blocked"),
)
_LONGEST_RUN = 1e10  # milliseconds; more is nonsense
# Of copies, that of the main conversation is better, and that of a session of its own.
_MAIN, _OWN = 2, 1


@dataclass(slots=True)
class Gathered:
    """Rows of a part of a transcript, in the shapes of their tables.

    Attributes:
        answers: the last snapshot of each, by its place.
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
        kinds = {"assistant": self._assistant, "user": self._user, "system": self._system}
        view, start = memoryview(data), 0
        while start < len(data):
            end = data.find(b"\n", start)
            end = end if end >= 0 else len(data)
            if end > start:
                line: Line | None
                try:
                    line = decode(view[start:end])
                except REFUSED:
                    line = odd_line(data[start:end])
                if line is not None and (take := kinds.get(line.type or "")):
                    self.time = moment_of(line.timestamp) or self.time
                    if self.time:
                        take(line, self._head(line, into), offset + start, into)
            start = end + 1

    def _head(self, line: Line, into: Gathered) -> Head:
        """What all rows of a line have in common; the session that it tells of is one, too."""
        self.project = self.project or line.cwd or ""
        into.count += 1
        session = line.sessionId or self.session
        head = (self.time, TRANSCRIPT, True, session, self.project)
        if session not in into.sessions:
            into.sessions[session] = _session(line, head)
        return head

    def _place(self, line: Line, offset: int) -> str:
        return line.uuid or f"{self.name}:{offset}"

    def _assistant(self, line: Line, head: Head, offset: int, into: Gathered) -> None:
        message = line.message
        if not isinstance(message, Message):
            return
        if line.isApiErrorMessage:
            name = line.error if line.error and is_name(line.error) else "api_error"
            place = self._place(line, offset)
            into.events.append(_event(head, place, "api_error", severity="error", name=name))
            return
        copy = (0 if line.isSidechain else _MAIN) + (_OWN if line.forkedFrom is UNSET else 0)
        agent = line.agentId or self.agent
        if (usage := message.usage) is not None and message.model != "<synthetic>":
            which = self._which(line, message, (copy, head[3], agent), offset)
            before = into.answers.get(which)
            if before is None or before[5] == self.name or fullness(usage) > fullness(before[3]):
                first = _head_of(before, head, self.name)
                outside, model = bool(line.isSidechain or agent), message.model or ""
                into.answers[which] = (first, outside, model, usage, line.costUSD, self.name)
        if isinstance(message.content, list):
            for block in message.content:
                if block.type == "tool_use" and block.id:
                    row = _call(block, agent, message.model, head)
                    into.calls[copy, head[3], agent, block.id] = row
                    into.asked.setdefault(block.id, []).append(row)
                    _task_change(block, head, into)

    def _which(
        self, line: Line, message: Message, copy: tuple[int, str, str], offset: int
    ) -> Place:
        name, request = message.id or "", line.requestId or ""
        nameless = "" if name or request else self._place(line, offset)
        return (*copy, name, request, nameless)

    def _user(self, line: Line, head: Head, offset: int, into: Gathered) -> None:
        message = line.message
        if not isinstance(message, Message):
            return
        answered = False
        if isinstance(message.content, list):
            for block in message.content:
                if block.type == "tool_result":
                    answered = True
                    _result(line, block, head, into)
        hidden = line.isMeta or line.isCompactSummary or line.isVisibleInTranscriptOnly
        if not (answered or hidden or line.isSidechain or line.agentId or self.agent):
            place = line.promptId or self._place(line, offset)
            into.events.append(_event(head, place, "prompt"))

    def _system(self, line: Line, head: Head, offset: int, into: Gathered) -> None:
        place = self._place(line, offset)
        if line.subtype == "compact_boundary":
            about = line.compactMetadata
            name = (about and about.trigger) or ""
            tokens = float((about and about.preTokens) or 0)
            into.events.append(
                _event(head, place, "compaction", name=name, value=tokens, unit="tokens")
            )
        elif line.subtype == "api_error":
            into.events.append(_event(head, place, "api_retry", severity="warning"))


def _common(head: Head) -> dict[str, Scalar]:
    return dict(zip(HEAD_COLUMNS, head, strict=True))


def _event(head: Head, place: str, kind: str, **more: Scalar) -> Row:
    return _EVENTS.row({**_common(head), "event": f"{kind}:{place}", "kind": kind, **more})


def _head_of(before: Answer | None, head: Head, name: str) -> Head:
    """What the row of a snapshot begins with that follows another one.

    The last snapshot of a file stands, with the time of the first; that of another file where it is
    fuller, and then as an answer of the project that the first file says.
    """
    if before is None:
        return head
    return (before[0][0], *head[1:]) if before[5] == name else before[0]


def _session(line: Line, head: Head) -> Row:
    return _SESSIONS.row(
        {
            **_common(head),
            "source": "derived",
            "branch": line.gitBranch or None,
            "version": line.version or None,
            "entrypoint": line.entrypoint or None,
        }
    )


def _call(block: Block, agent: str, model: str | None, head: Head) -> list[Scalar]:
    tool = block.name or ""
    subject = ""
    if block.input is not None and (key := _SUBJECTS.get(tool)):
        subject = getattr(block.input, key) or ""
    nothing = (None, None, None, None, None, None)
    return [*head, block.id, agent, tool, subject, model or None, *nothing]


def _result(line: Line, block: Block, head: Head, into: Gathered) -> None:
    """A result belongs to its call; what it tells beside its text, to an agent or a task."""
    if not block.tool_use_id:
        return
    text = _text(block)
    failed = block.is_error is True
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    into.finish(block.tool_use_id, not failed, _error(text) if failed else None, size, head[0])
    outcome = line.toolUseResult
    if isinstance(outcome, Outcome):
        if outcome.agentId:
            into.agents.append(_agent(outcome, outcome.agentId, block.tool_use_id, head))
        if outcome.task is not None and outcome.task.id:
            told = {"task": outcome.task.id, "status": "created"}
            into.tasks.append(_TASKS.row({**_common(head), **told}))


def _agent(outcome: Outcome, agent: str, call: str, head: Head) -> Row:
    found = outcome.totalDurationMs
    took = found if found is not None and 0 <= found < _LONGEST_RUN else None
    return _AGENTS.row(
        {
            **_common(head),
            # A row begins where the agent did; the line was written when it was done.
            "time": head[0] - round((took or 0) * 1000),
            "agent": agent,
            "call": call,
            "kind": outcome.agentType or "",
            "success": {"completed": True, "failed": False, "error": False}.get(
                outcome.status or ""
            ),
            "duration_ms": took,
        }
    )


def _task_change(block: Block, head: Head, into: Gathered) -> None:
    given = block.input
    if block.name != "TaskUpdate" or given is None:
        return
    if given.taskId and given.status in ("in_progress", "completed", "deleted"):
        moment = {"in_progress": "started", "completed": "completed"}.get(given.status, "")
        told: dict[str, Scalar] = {moment: head[0]} if moment else {}
        row = {**_common(head), "task": given.taskId, "status": given.status, **told}
        into.tasks.append(_TASKS.row(row))


def _session_of(name: str) -> str:
    """The session of a subagent's file: the folder above `subagents`."""
    parts = name.split("/")
    if "subagents" in parts[1:]:
        return parts[parts.index("subagents") - 1]
    return ""


def _text(block: Block) -> str:
    content = block.content
    if isinstance(content, list):
        return "".join(part.text for part in content if part.text)
    return content or ""


def _error(text: str) -> str:
    """The kind of a failure, by how the client words it."""
    start = text[:200].lstrip()
    return next((kind for words, kind in _REFUSALS if start.startswith(words)), "error")
