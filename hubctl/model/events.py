"""The client's hook events: the closed list of their names, and how people may write them.

Only names and the age of things live here; what an event says is hooks_shared.contract's business.
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

ON_FAILURE = (2, 1, 295)
"""First client that knows a handler's `onFailure`."""

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
    return is_at_least(client, SINCE.get(event, (0, 0, 0)))


def is_at_least(client: str, version: tuple[int, int, int]) -> bool:
    """Whether a client of this version, such as `2.1.197` ("" for the newest), is that new."""
    digits = tuple(int(part) for part in client.split(".") if part.isdecimal())
    return not digits or digits >= version
