"""The play: what the stub model says, and the recorders that see which events it raises. Pure.

Every step is harmless in a folder of its own: the one that a guard refuses would push a repository
that has no remote, and ends well either way, so that a refusal can be told from a failure.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hubctl.live.stand_in import PROMPT_MARK, recorder
from hubctl.system.stub_model import Call, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMMAND: Final = "hubctl-live"
PROMPT: Final = f"/{COMMAND}"
NOTES: Final = "notes.md"
ALL: Final = "all-"
REFUSABLE: Final = "git push --force; true"
ALLOWED: Final = ("Bash", "Read", "Write", "Edit", "Agent")

RAISED: Final = (
    *("SessionStart", "Setup", "InstructionsLoaded", "UserPromptSubmit", "UserPromptExpansion"),
    *("PreToolUse", "PermissionRequest", "PostToolUse", "PostToolUseFailure", "PostToolBatch"),
    *("MessageDisplay", "SubagentStart", "SubagentStop", "Stop", "SessionEnd"),
)
"""Events that the play raises in one client or another."""

_SUBAGENT: Final = "hubctl-live-subagent"
_DONE: Final = Turn(text="Finished.")


def turns(folder: str) -> tuple[Turn, ...]:
    """What the model does in a repository at `folder`, where NOTES and CLAUDE.md stand."""
    agent = {
        "description": "look",
        "prompt": _SUBAGENT,
        "subagent_type": "general-purpose",
        "run_in_background": False,
    }
    calls = (
        Call(tool="Bash", input={"command": "echo hubctl"}),
        Call(tool="Bash", input={"command": "false"}),
        Call(tool="Bash", input={"command": REFUSABLE}),
        Call(tool="Read", input={"file_path": f"{folder}/{NOTES}"}),
        Call(
            tool="Edit",
            input={"file_path": f"{folder}/{NOTES}", "old_string": "one", "new_string": "two"},
        ),
        Call(tool="Write", input={"file_path": f"{folder}/more.md", "content": "three\n"}),
        Call(tool="Agent", input=agent),
        # Nobody allowed it: this is what raises a request for permission.
        Call(tool="WebFetch", input={"url": "https://hubctl.invalid/", "prompt": "look"}),
    )
    return (*(Turn(calls=(call,)) for call in calls), _DONE)


def model(script: tuple[Turn, ...]) -> Callable[[Mapping[str, Any]], Turn]:
    """A model that plays the script, lets every hook that asks it pass, and has one subagent."""

    def answer(body: Mapping[str, Any]) -> Turn:
        messages = body.get("messages") or []
        if PROMPT_MARK in json.dumps(messages[-1:]):
            return Turn(text='{"ok": true}')
        if not body.get("tools") or _SUBAGENT in json.dumps(messages[:1]):
            return _DONE
        number = [message.get("role") for message in messages].count("assistant")
        return script[min(number, len(script) - 1)]

    return answer


def command_line_settings(marks: str, variables: Mapping[str, str]) -> str:
    """Settings for the client's command line, which go before those of its files.

    `variables` that no file may change, and a recorder for every event of the play.
    """
    hooks = {
        event: [{"hooks": [{"type": "command", "command": recorder(marks, ALL + event)}]}]
        for event in RAISED
    }
    return json.dumps({"env": dict(variables), "hooks": hooks})
