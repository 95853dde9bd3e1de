"""What the hooks of the demo note in their spool, record by record, as the dispatcher does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hubctl.demo.dice import Dice
    from hubctl.demo.played import Work

Line = dict[str, Any]

# Event → the hooks of the demo's canonical.yaml that run at it; the guards look at commands alone.
_HOOKS = {
    "PreToolUse": ("context-monitor",),
    "PostToolUse": ("output-monitor",),
    "Stop": ("session-summary",),
}
_GUARDS = ("smart-safety-check", "git-safety-check")
_SLOW = {"session-summary": 22.0, "dora-tracker": 3.0, "smart-safety-check": 2.4}
_PROCESS_MS = 11.0


def called(
    work: Work,
    moment: datetime,
    call: tuple[str, str, str],
    dice: Dice,
    outcome: tuple[float, bool, str, float],
) -> list[Line]:
    """What is noted before and after a call.

    Args:
        work: the session.
        moment: when the call began.
        call: tool, id, and the subagent that called or "".
        dice: for times.
        outcome: milliseconds, whether it failed, what stopped it before it ran (`deny` of a hook,
            `reject` of a person, or ""), percent of the context.
    """
    tool, name, agent = call
    took, failed, stopped, percent = outcome
    hooks = (*_GUARDS, *_HOOKS["PreToolUse"]) if tool == "Bash" else _HOOKS["PreToolUse"]
    level = "warning" if percent > 80 else ""
    before = noted(
        work, moment, "PreToolUse", dice, tool=tool, hooks=hooks, denied=stopped == "deny"
    )
    before["samples"] = [{"name": "context.used", "percent": round(percent, 1), "level": level}]
    if stopped:
        return [before]
    event = "PostToolUseFailure" if failed else "PostToolUse"
    after = (*_HOOKS["PostToolUse"], "dora-tracker") if tool == "Bash" else _HOOKS["PostToolUse"]
    facts = {"tool_use_id": name, "duration_ms": round(took, 1)}
    facts |= {"agent_id": agent} if agent else {}
    later = moment.timestamp() + took / 1000
    record = noted(work, moment, event, dice, tool=tool, hooks=() if failed else after, of=facts)
    return [before, record | {"t": round(later, 3)}]


def noted(  # noqa: PLR0913 - the parts of one record
    work: Work,
    moment: datetime,
    event: str,
    dice: Dice,
    *,
    tool: str = "",
    hooks: tuple[str, ...] | None = None,
    denied: bool = False,
    of: Mapping[str, object] | None = None,
) -> Line:
    """One record: an event, the hooks that ran, what they said and how long all of it took."""
    ran: list[Line] = []
    for name in _HOOKS.get(event, ()) if hooks is None else hooks:
        took = dice.skewed(0.3, 2.0) + _SLOW.get(name, 0.6)
        took += dice.skewed(60, 420) if dice.happens(0.4) else 0
        ran.append({"id": name, "ms": round(took, 2)})
    if denied and ran:
        ran[0]["decision"] = "deny"
    elif ran and dice.happens(0.05):
        ran[-1]["problem"] = "timeout"
    milliseconds = _PROCESS_MS + dice.skewed(0, 14) + sum(one["ms"] for one in ran)
    return {
        "v": 1,
        "t": round(moment.timestamp(), 3),
        "event": event,
        "lane": "closed" if event == "PreToolUse" else "open",
        "tool": tool,
        "session": work.session,
        "folder": work.noted,
        "ms": round(milliseconds, 2),
        "decision": "deny" if denied else "",
        "code": 42 if denied else 40,
        "hooks": ran,
        "samples": [],
        "of": dict(of or {}),
        "incidents": [],
    }
