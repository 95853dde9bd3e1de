"""The client's hook events: the closed list of their names, and how people may write them.

Only names and their age live here; what an event carries and answers is hooks_shared.contract.
"""

from __future__ import annotations

EVENTS: tuple[str, ...] = (
    "SessionStart",
    "Setup",
    "InstructionsLoaded",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "PreToolUse",
    "PermissionRequest",
    "PermissionDenied",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "Notification",
    "MessageDisplay",
    "SubagentStart",
    "SubagentStop",
    "TaskCreated",
    "TaskCompleted",
    "TeammateIdle",
    "Stop",
    "StopFailure",
    "PreCompact",
    "PostCompact",
    "PreModelSwitch",
    "PostModelSwitch",
    "ConfigChange",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "WorktreeCreate",
    "WorktreeRemove",
    "Elicitation",
    "ElicitationResult",
    "SessionEnd",
)

SINCE: dict[str, tuple[int, int, int]] = {
    "DirectoryAdded": (2, 1, 219),
    "PreModelSwitch": (2, 1, 251),
    "PostModelSwitch": (2, 1, 251),
}
"""Event → first client that has it; an older one asks about it at every interactive start."""

_BY_FOLDED = {event.lower(): event for event in EVENTS}


def normal_event(text: str) -> str | None:
    """The client's spelling of an event written in any case, with or without `_` and `-`.

    >>> normal_event("pre_tool_use")
    'PreToolUse'
    """
    return _BY_FOLDED.get(text.replace("_", "").replace("-", "").lower())


def is_known_to(event: str, client: str) -> bool:
    """Whether a client of this version ("" for the newest) has the event.

    >>> is_known_to("DirectoryAdded", "2.1.197")
    False
    """
    digits = [int(part) for part in client.split(".") if part.isdecimal()]
    return not digits or tuple(digits) >= SINCE.get(event, ())
