"""A hub worth packaging, and its package run as the client runs it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "acme-team"
CANONICAL = """\
hub:
  name: acme_team
profiles:
  python:
    skills: [pytest-test-generator]
defaults:
  commands: [ship]
  hooks:
    PreToolUse: [git-safety-check, config-guard]
    PostToolUse:
      - dora-tracker
      - {type: command, command: "true", timeout: 5, matcher: Bash}
global:
  commands: [tdd/, health]
  skills: [look]
  agents: [drift-investigator]
  output_styles: [brief]
"""
PUSH = {"tool_name": "Bash", "tool_input": {"command": "git push --force origin main"}}


def handlers(plugin: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """(event, lane) → our handler of hooks.json."""
    groups = json.loads((plugin / "hooks/hooks.json").read_text())["hooks"]
    return {
        (event, entry["command"].split()[-1]): entry
        for event, listed in groups.items()
        for group in listed
        for entry in group["hooks"]
        if "CLAUDE_PLUGIN_ROOT" in entry["command"]
    }


def run_hook(
    plugin: Path, data: Path, lane: tuple[str, str], event: Mapping[str, Any], path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a handler as the client does: its variables, `sh -c`, the event on stdin."""
    env = {"PATH": path or os.environ["PATH"], "HOME": str(data.parent / "nobody")}
    variables = {"CLAUDE_PLUGIN_ROOT": str(plugin), "CLAUDE_PLUGIN_DATA": str(data)}
    return subprocess.run(
        ["/bin/sh", "-c", handlers(plugin)[lane]["command"]],
        input=json.dumps({"hook_event_name": lane[0], "session_id": "s", "cwd": "/", **event}),
        env=env | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
