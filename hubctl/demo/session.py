"""A moment of a Claude Code session as the hooks see it: what is asked, what they have to answer.

The command that runs is the one that apply wrote into the repository's settings, fed with the
input that the client sends. No client is needed, and nothing of what is asked is ever done.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.errors import OperationError
from hubctl.system.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.demo.world import DemoWorld

_SESSION = "0b7c6e52-1d0e-4a52-9f0a-2f0d6f3a9c11"
_LOCAL = ".claude/settings.local.json"
_BLOCKED = 2
_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of a tool.

    Attributes:
        words: what Claude does, for people. event, tool, tool_input: as the client tells hooks.
        answer: `deny`, `ask`, `advise`, or "" where the hooks have to keep out of it.
        response: bytes that the tool gave back, where it ran already.
    """

    words: str
    answer: str
    event: str = "PreToolUse"
    tool: str = "Bash"
    tool_input: Mapping[str, str] = field(default_factory=dict)
    response: int = 0


def _runs(command: str, answer: str) -> Call:
    return Call(words=command, answer=answer, tool_input={"command": command})


CALLS = (
    _runs("rm -rf dist && npm run build", ""),
    _runs('grep -rn "git push --force" docs/', ""),
    _runs("git push --force origin main", "deny"),
    _runs("cd /tmp/x; rm -rf $BUILD_DIR/*", "deny"),
    _runs("git branch -D feature/orders", "ask"),
    Call(
        words="Grep for TODO, which finds 60 KB",
        answer="advise",
        event="PostToolUse",
        tool="Grep",
        tool_input={"pattern": "TODO", "output_mode": "content"},
        response=60 * _KIB,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the hooks said: `verdict` as in `Call.answer`, the reason, and the whole time in ms."""

    verdict: str
    reason: str
    milliseconds: float


def ask_hooks(world: DemoWorld, repository: str, call: Call) -> Answer:
    """Run the handler that the repository's settings name for this call.

    Raises:
        OperationError: they answer something else than they have to.
    """
    root = world.repository(repository)
    command = _command(world, root, call)
    begin = stopwatch()
    done = world.shell(command, root, json.dumps(_input(root, call)))
    spent = (stopwatch() - begin) * 1000
    verdict, reason = _read(done.stdout, done.returncode)
    if verdict != call.answer:
        raise OperationError(
            f"the demo went astray: the hooks answered {verdict or 'nothing'!r} to {call.words!r}, "
            f"not {call.answer or 'nothing'!r}: {reason or done.stderr}",
            hint="the folder is still there to look into; please report this with the text above",
        )
    return Answer(verdict=verdict, reason=reason, milliseconds=spent)


def _command(world: DemoWorld, root: str, call: Call) -> str:
    """The blocking handler of the event, as the client finds it in the settings."""
    settings = json.loads(world.door.read(f"{root}/{_LOCAL}"))
    for group in settings["hooks"][call.event]:
        for handler in group["hooks"]:
            if not handler.get("async"):
                return str(handler["command"])
    raise OperationError(f"the demo went astray: no hook for {call.event} in {root}/{_LOCAL}")


def _input(root: str, call: Call) -> dict[str, Any]:
    found: dict[str, Any] = {
        "session_id": _SESSION,
        "transcript_path": f"{root}/none.jsonl",
        "cwd": root,
        "permission_mode": "default",
        "hook_event_name": call.event,
        "tool_name": call.tool,
        "tool_input": dict(call.tool_input),
        "tool_use_id": "toolu_demo",
    }
    if call.response:
        found["tool_response"] = {"mode": "content", "content": "x" * call.response}
    return found


def _read(text: str, code: int) -> tuple[str, str]:
    """Verdict and reason as the client reads them; the first sentence is enough here."""
    said = json.loads(text) if text.strip() else {}
    output = said.get("hookSpecificOutput", {})
    decision = output.get("permissionDecision", "")
    reason = output.get("permissionDecisionReason") or output.get("additionalContext") or ""
    if decision in ("deny", "ask"):
        return decision, reason
    if code == _BLOCKED:
        return "deny", reason
    return ("advise" if reason else ""), reason
