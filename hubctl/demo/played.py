"""One session played through: prompts, answers, calls, subagents, compactions and pauses.

Whoever pauses for more than five minutes finds the cache gone: the next answer writes all of the
context again. That is what makes a long session dear, here as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hubctl.demo.dice import Dice, name_of
from hubctl.demo.noted import called, noted

if TYPE_CHECKING:
    from hubctl.demo.noted import Line

_CACHED = 300  # seconds
_SYSTEM = 17_000  # tokens that every conversation begins with
_COMPACTED_AT, _COMPACTED_TO = 170_000, 24_000
_LONG_COMPACTED_AT = 760_000
_HELPER_MODELS = {"Explore": "claude-haiku-4-5", "general-purpose": "claude-sonnet-5-5"}
_READING, _CHANGING = ("Read", "Read", "Grep", "Glob", "Read"), ("Edit", "Edit", "Write")
# Tool → milliseconds it takes, most bytes of its result, percent of calls that fail, and how.
_TOOLS = {
    "Read": (20, 140, 1800, 1.0, "File does not exist."),
    "Grep": (40, 900, 900, 0.4, "The pattern is not valid."),
    "Glob": (20, 200, 400, 0.2, "No such folder."),
    "Edit": (30, 240, 300, 3.5, "String to replace not found in file."),
    "Write": (30, 160, 120, 0.7, "File has not been read yet."),
    "Bash": (300, 48_000, 1400, 11.0, "Exit code 1"),
    "WebFetch": (900, 6_000, 1500, 5.0, "The address does not answer."),
    "mcp__github__search_issues": (400, 2_600, 1200, 4.0, "The server does not answer."),
}
_DENIED = "PreToolUse:Bash hook refused the call"
_REJECTED = "The user doesn't want to proceed with this tool use."


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One session.

    Attributes:
        session: its id. noted: the folder that its hooks name in the spool.
        is_long: it goes on all day, with a context that is never made smaller.
    """

    session: str
    folder: str
    noted: str
    model: str
    begin: datetime
    is_long: bool = False


@dataclass(slots=True, kw_only=True)
class _Todo:
    """Ids of the tasks of one prompt that are not done yet."""

    left: list[str]
    is_written: bool = False


@dataclass(slots=True, kw_only=True)
class _Stage:
    """Where a session stands while it is played.

    Attributes:
        said: the last answer of the conversation, as its line has it. tasks: how many there were.
    """

    work: Work
    dice: Dice
    moment: datetime
    end: datetime
    context: int = _SYSTEM
    answered: datetime | None = None
    number: int = 0
    said: Line = field(default_factory=dict)
    tasks: int = 0
    lines: dict[str, list[Line]] = field(default_factory=dict)
    records: list[Line] = field(default_factory=list)

    def line(self, agent: str, **more: Any) -> None:
        """Add a line to the conversation, or to a subagent's own file."""
        self.number += 1
        work = self.work
        name = f"{work.session}/subagents/agent-{agent}" if agent else work.session
        stamp = self.moment.isoformat(timespec="milliseconds")
        made = {
            "uuid": name_of(f"{work.session} {self.number}"),
            "sessionId": work.session,
            "timestamp": stamp,
            "cwd": work.folder,
            "gitBranch": "main",
            "version": "2.1.328",
            "entrypoint": "cli",
            "isSidechain": bool(agent),
            "userType": "external",
            **({"agentId": agent} if agent else {}),
            **more,
        }
        self.lines.setdefault(name, []).append(made)

    def passes(self, seconds: float) -> bool:
        """Let time pass; whether there is any left."""
        self.moment += timedelta(seconds=seconds)
        return self.moment < self.end


def played(work: Work, now: datetime) -> tuple[dict[str, list[Line]], list[Line]]:
    """Transcripts by name below the project's folder, and what the hooks noted."""
    dice = Dice(work.session)
    stage = _Stage(work=work, dice=dice, moment=work.begin, end=now)
    stage.records.append(noted(work, stage.moment, "SessionStart", dice, of={"source": "startup"}))
    for _ in range(24 if work.is_long else dice.within(2, 8)):
        if not _prompt(stage):
            break
        pause = dice.within(330, 1300) if work.is_long else dice.skewed(20, 900)
        if not stage.passes(pause):
            break
    if stage.moment < now:
        stage.records.append(
            noted(work, stage.moment, "SessionEnd", dice, of={"reason": "prompt_input_exit"})
        )
    return stage.lines, stage.records


def _prompt(stage: _Stage) -> bool:
    """What one prompt sets going; whether there is time left."""
    dice, work = stage.dice, stage.work
    prompt = name_of(f"{work.session} prompt {stage.number}")
    said = {"role": "user", "content": "Please go on."}
    stage.line("", type="user", promptId=prompt, message=said)
    stage.records.append(
        noted(work, stage.moment, "UserPromptSubmit", dice, of={"prompt_id": prompt})
    )
    if dice.happens(70 if work.is_long else 14):
        _delegate(stage)
    todo = _plan(stage, prompt)
    for tool in _tools(dice, is_long=work.is_long):
        if not stage.passes(dice.within(4, 25)):
            return False
        if dice.happens(0.5):
            _error(stage)
        _call(stage, tool)
        _go_on(stage, todo)
        if stage.context > (_LONG_COMPACTED_AT if work.is_long else _COMPACTED_AT):
            _compact(stage)
    if not stage.passes(dice.within(5, 30)):
        return False
    _answer(stage, "", [], stage.work.model)
    stage.records.append(noted(work, stage.moment, "Stop", dice))
    return True


def _tools(dice: Dice, *, is_long: bool) -> list[str]:
    """First it reads, then it changes something and tries it, until that works."""
    found = [dice.one_of(_READING) for _ in range(dice.within(1, 5))]
    if dice.happens(6):
        found.append(dice.one_of(("WebFetch", "mcp__github__search_issues")))
    for _ in range(dice.within(2, 4) if is_long else dice.within(0, 2)):
        found += [dice.one_of(_CHANGING) for _ in range(dice.within(1, 2))]
        found.append("Bash")
    return found


def _answer(stage: _Stage, agent: str, content: list[Line], model: str, context: int = 0) -> None:
    """One answer of a model, with what it read and wrote."""
    dice = stage.dice
    grown = dice.within(2_500, 14_000) if stage.work.is_long else dice.within(500, 5_500)
    held = context or stage.context
    waited = (stage.moment - stage.answered).total_seconds() if stage.answered else _CACHED + 1
    is_cold = waited > _CACHED and not agent
    output = int(dice.skewed(90, 3_800))
    usage = {
        "input_tokens": dice.within(3, 24),
        "output_tokens": output,
        "cache_read_input_tokens": 0 if is_cold else held,
        "cache_creation_input_tokens": grown + (held if is_cold else 0),
        "service_tier": "standard",
    }
    key = f"{stage.work.session[:8]}{stage.number:05}"
    message = {
        "id": f"msg_{key}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content or [{"type": "text", "text": "Done."}],
        "usage": usage,
    }
    stage.line(agent, type="assistant", requestId=f"req_{key}", message=message)
    if not agent:
        stage.said = {"requestId": f"req_{key}", "message": message}
        stage.answered = stage.moment
        stage.context += grown + output


def _call(stage: _Stage, tool: str, agent: str = "", model: str = "", context: int = 0) -> None:
    """An answer that calls a tool, and what the tool gave back."""
    dice, work = stage.dice, stage.work
    fastest, slowest, most, fails, words = _TOOLS[tool]
    call = f"toolu_{work.session[:8]}{stage.number:05}"
    block = {"type": "tool_use", "id": call, "name": tool, "input": {"description": "made up"}}
    _answer(stage, agent, [block], model or work.model, context)
    denied = tool == "Bash" and dice.happens(2)
    rejected = not denied and not agent and dice.happens(0.7)
    failed = denied or rejected or dice.happens(fails)
    stopped = "deny" if denied else "reject" if rejected else ""
    took = 0.0 if stopped else dice.skewed(fastest, slowest)
    percent = stage.context / 10_000
    stage.records += called(
        work, stage.moment, (tool, call, agent), dice, (took, failed, stopped, percent)
    )
    stage.moment += timedelta(milliseconds=took)
    text = _DENIED if denied else _REJECTED if rejected else words if failed else "x"
    if not failed:
        text *= dice.within(20, most)
    _result(stage, agent, call, text, failed=failed)


def _result(stage: _Stage, agent: str, call: str, text: str, *, failed: bool, **more: Any) -> None:
    block = {"type": "tool_result", "tool_use_id": call, "content": text, "is_error": failed}
    stage.line(agent, type="user", message={"role": "user", "content": [block]}, **more)


def _plan(stage: _Stage, prompt: str) -> _Todo:
    """The tasks that a larger prompt is taken apart into; most prompts need none."""
    dice = Dice(f"{prompt} tasks")  # its own: what else happens does not depend on it
    first = stage.tasks + 1
    stage.tasks += dice.within(2, 4) if dice.happens(22) else 0
    return _Todo(left=[str(number) for number in range(first, stage.tasks + 1)])


def _go_on(stage: _Stage, todo: _Todo) -> None:
    """Write the list down with the first call of a prompt, and tick one off with each later one."""
    if not todo.left:
        return
    if todo.is_written:
        _beside(stage, "TaskUpdate", {"taskId": todo.left.pop(0), "status": "completed"})
    else:
        for name in todo.left:
            task = {"id": name, "subject": "made up"}
            _beside(stage, "TaskCreate", {"subject": "made up"}, toolUseResult={"task": task})
        todo.is_written = True
    if todo.left:
        _beside(stage, "TaskUpdate", {"taskId": todo.left[0], "status": "in_progress"})


def _beside(stage: _Stage, tool: str, given: Line, **more: Any) -> None:
    """One more call of the answer just given: a line of its own with the same message."""
    call = f"toolu_{stage.work.session[:8]}{stage.number:05}"
    block = {"type": "tool_use", "id": call, "name": tool, "input": given}
    message = {**stage.said["message"], "content": [block]}
    stage.line("", type="assistant", requestId=stage.said["requestId"], message=message)
    stage.moment += timedelta(milliseconds=3)
    _result(stage, "", call, "Noted.", failed=False, **more)


def _delegate(stage: _Stage) -> None:
    """A subagent that reads a lot, and comes back with a short report."""
    dice, work = stage.dice, stage.work
    kind = "general-purpose" if work.is_long and dice.happens(60) else "Explore"
    agent = name_of(f"{work.session} agent {stage.number}")[:8]
    call = f"toolu_{work.session[:8]}{stage.number:05}"
    given = {"description": "Look for it", "subagent_type": kind}
    block = {"type": "tool_use", "id": call, "name": "Agent", "input": given}
    _answer(stage, "", [block], work.model)
    begin, context = stage.moment, 9_000
    for _ in range(dice.within(5, 22)):
        stage.moment += timedelta(seconds=dice.within(2, 9))
        tool = "Bash" if dice.happens(12) else dice.one_of(_READING)
        _call(stage, tool, agent, _HELPER_MODELS[kind], context)
        context += dice.within(800, 5_000)
    failed = dice.happens(7)
    took = round((stage.moment - begin).total_seconds() * 1000)
    told = {
        "status": "failed" if failed else "completed",
        "agentId": agent,
        "agentType": kind,
        "totalDurationMs": took,
    }
    _result(stage, "", call, "x" * 600, failed=failed, toolUseResult=told)
    stage.answered = stage.moment


def _error(stage: _Stage) -> None:
    word = stage.dice.one_of(("overloaded", "overloaded", "rate_limit", "server_error"))
    message = {"role": "assistant", "model": "<synthetic>", "content": []}
    stage.line("", type="assistant", isApiErrorMessage=True, error=word, message=message)
    stage.moment += timedelta(seconds=stage.dice.within(3, 40))


def _compact(stage: _Stage) -> None:
    data = {"trigger": "auto", "preTokens": stage.context}
    stage.line("", type="system", subtype="compact_boundary", compactMetadata=data)
    stage.context, stage.answered = _COMPACTED_TO, None
