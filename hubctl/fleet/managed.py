"""The organisation's settings of this machine, which override every file of ours. Read only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.system.files import Files

_FILES = {
    "linux": "/etc/claude-code/managed-settings.json",
    "darwin": "/Library/Application Support/ClaudeCode/managed-settings.json",
}


def managed_settings(platform: str, door: Files) -> object:
    """The parsed managed settings, None where there are none that the client could read."""
    try:
        return json.loads(door.read(_FILES[platform]))
    except (OSError, ValueError, RecursionError):
        return None
