"""A hub with hooks, an own hook of it, and what the commands about hooks print."""

from __future__ import annotations

import json

from tests.support.cli import validate

HUB = """\
hub:
  name: acme
defaults:
  hooks:
    PreToolUse:
      - smart-safety-check
      - hook: context-monitor   # how full the window is
        options: {warning: 70}
    Stop: [session-summary]
profiles:
  quiet:
    hooks:
      pre_tool_use:
        - {hook: Context_Monitor.py, options: {critical: 90}}
repositories:
  api:
    path: ~/src/api
  web:
    path: ~/src/web
    profiles: [quiet]
"""
OWN = '''\
"""ticket-check: asks for a ticket in commit messages."""

from hooks_shared.contract import ask

from .words import WORD

ROW = {
    "description": "Asks for a ticket in commit messages.",
    "events": ["PreToolUse"],
    "tools": ["Bash"],
    "order": 30,
    "options": {"key": "ABC"},
    "schema": {
        "type": "object",
        "properties": {"key": {"type": "string", "description": "Key of the project."}},
        "additionalProperties": False,
    },
}


def decide(event, context):
    command = str(event.tool_input.get("command", ""))
    if "git commit" in command and f"{context.options['key']}-" not in command:
        return ask(f"{WORD} {context.options['key']}")
    return None
'''
CASES = [
    {"command": "git commit -m 'ABC-1 x'", "verdict": "none"},
    {"command": "git commit -m x", "verdict": "ask", "says": "Which ticket of ABC"},
    {"command": "git commit -m x", "options": {"key": "QQ"}, "verdict": "ask", "says": "of QQ"},
]
EVENT = {"hook_event_name": "PreToolUse", "session_id": "s", "tool_name": "Bash"}


def with_own_hook(account):
    """The hub with a hook of its own, its sibling, its cases, and a module of somebody else."""
    account.put("hub/hooks/ticket_check.py", OWN)
    account.put("hub/hooks/words.py", 'WORD = "Which ticket of"\n')
    account.put("hub/hooks/somebody-elses.py", "import requests\n")
    lines = "".join(json.dumps(case) + "\n" for case in CASES)
    account.put("hub/hooks/ticket_check.cases.jsonl", lines)
    account.canonical(HUB.replace("    Stop:", "      - ticket-check\n    Stop:"))
    return account


def bash(account, command, repository="api"):
    data = {
        **EVENT,
        "cwd": str(account.home / "src" / repository),
        "tool_input": {"command": command},
    }
    return json.dumps(data)


def answer(account, command, *options, repository="api"):
    with account.start("hooks", "run", "PreToolUse", *options, stdin=-1) as process:
        out, err = process.communicate(bash(account, command, repository), timeout=60)
    return process.returncode, out, err


def document(account, name, *arguments, code=0):
    ran = account.run("hooks", *arguments, "--json")
    assert ran.code == code, ran
    validate(ran.json, name)
    return ran.json
