"""Shell commands before both guards, in a project of a made-up home; cases as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hooks_shared import rules
from hooks_shared.context import Context
from hooks_shared.contract import Event
from hooks_shared.families.safety import git_safety_check, smart_safety_check
from hooks_shared.safety.judge import Hit, Judge, judge_line

HOME = "/home/u"
PROJECT = f"{HOME}/src/app"
GUARDS = {"smart-safety-check": smart_safety_check, "git-safety-check": git_safety_check}
_FOLDER = Path(__file__).parent / "cases" / "safety"


def rows(name: str) -> list[dict[str, Any]]:
    """Rows of every data file whose name begins so."""
    found: list[dict[str, Any]] = []
    for path in sorted(_FOLDER.glob(f"{name}-*.jsonl")):
        found += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return found


def hits(command: str) -> list[Hit]:
    """Everything that both guards find in a command."""
    return judge_line(command, PROJECT, Judge(HOME, PROJECT, {"TMPDIR": "/tmp"}, ())).hits


def verdict_of(command: str) -> str:
    """`deny`, `ask` or `none`, by the rules' own severities."""
    severities = {rules.RULES[hit.rule].severity for hit in hits(command)}
    return next((one for one in ("deny", "ask") if one in severities), "none")


def event(command: object, cwd: str = PROJECT) -> Event:
    data = {"cwd": cwd, "tool_name": "Bash", "tool_input": {"command": command}}
    return Event({"hook_event_name": "PreToolUse", "session_id": "s", **data})


def says(hook: str, command: object, **options: Any) -> tuple[str, str]:
    """(decision, reason) of one guard."""
    context = Context(hook, options, "/dev/null/state", "/dev/null/state", "s")
    verdict = GUARDS[hook].decide(event(command), context)
    return (verdict.decision, verdict.reason) if verdict else ("", "")
