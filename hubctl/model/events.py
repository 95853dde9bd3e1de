"""The client's hook events: the closed list of their names, and how people may write them.

Only names live here; what an event carries and answers is the contract of hooks_shared.
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

_BY_FOLDED = {event.lower(): event for event in EVENTS}


def normal_event(text: str) -> str | None:
    """The client's spelling of an event written in any case, with or without `_` and `-`.

    >>> normal_event("pre_tool_use")
    'PreToolUse'
    """
    return _BY_FOLDED.get(text.replace("_", "").replace("-", "").lower())
