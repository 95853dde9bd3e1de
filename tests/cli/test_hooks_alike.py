"""`hubctl hooks run EVENT` and the dispatcher that settings start answer byte for byte the same."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.real_client.hub import canonical, every_hook
from tests.support.cli import LOCAL_SETTINGS, Account, make_account

BASH = {"tool_name": "Bash", "tool_use_id": "t"}
INPUTS = {
    "refused": ("PreToolUse", {**BASH, "tool_input": {"command": "git push --force; rm -rf /"}}),
    "asked": ("PreToolUse", {**BASH, "tool_input": {"command": "rm -rf src"}}),
    "harmless": ("PreToolUse", {**BASH, "tool_input": {"command": "ls"}}),
    "protected": (
        "PreToolUse",
        {"tool_name": "Write", "tool_input": {"file_path": "{repo}/.env", "content": "A=é\n"}},
    ),
    "advised": ("PostToolUse", {**BASH, "tool_input": {}, "tool_response": {"stdout": "x" * 9**6}}),
    "a start": ("SessionStart", {"source": "startup"}),
    "a stop": ("Stop", {"stop_hook_active": False, "last_assistant_message": "Done."}),
    "no object": ("PreToolUse", "[]"),
    "nothing": ("PreToolUse", ""),
    "not text": ("PreToolUse", b"\xff\xfe{"),
    "fields of other types": ("PreToolUse", {"tool_name": 7, "tool_input": [], "cwd": None}),
}


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        made = make_account(tmp_path_factory.mktemp("alike"), patch)
        made.canonical(json.dumps(canonical(hooks=every_hook())))
        made.repository()
        made.apply()
        yield made


def _given(account: Account, fields, session: str) -> bytes:
    if not isinstance(fields, dict):
        return fields if isinstance(fields, bytes) else fields.encode()
    repo = str(account.home / "src/api")
    text = json.dumps({"session_id": session, "cwd": repo, **fields})
    return text.replace("{repo}", repo).encode()


def _start(account: Account, command: list[str], given: bytes):
    repo = account.home / "src/api"
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=repo,
        env={**account.environment, "CLAUDE_PROJECT_DIR": str(repo)},
    )
    return done.returncode, done.stdout, done.stderr


def _dispatched(account: Account, event: str, given: bytes):
    settings = json.loads(account.read(f"src/api/{LOCAL_SETTINGS}"))
    [line] = [
        handler["command"]
        for group in settings["hooks"][event]
        for handler in group["hooks"]
        if not handler.get("async")
    ]
    return _start(account, ["/bin/sh", "-c", line], given)


def _run(account: Account, event: str, given: bytes, *options: str):
    lane = "closed" if event == "PreToolUse" else "open"
    hubctl = [sys.executable, "-m", "hubctl", "--hub", str(account.hub)]
    command = [*hubctl, "hooks", "run", event, "--lane", lane, *options]
    return _start(account, command, given)


@pytest.mark.parametrize("name", INPUTS)
def test_both_say_the_same(account, name):
    event, fields = INPUTS[name]
    # Each in a session of its own: what is told once a session is told to each.
    real = _dispatched(account, event, _given(account, fields, f"{name} 1"))
    assert _run(account, event, _given(account, fields, f"{name} 2")) == real
    told = _run(account, event, _given(account, fields, f"{name} 3"), "--explain")
    assert told[:2] == real[:2]
    assert told[2].startswith(real[2]) and b"verdict " in told[2]


def test_they_differ_where_the_inputs_do(account):
    answers = {
        name: _dispatched(account, e, _given(account, f, name)) for name, (e, f) in INPUTS.items()
    }
    assert [answers[name][0] for name in ("refused", "asked", "harmless")] == [2, 0, 0]
    assert answers["protected"][1] and answers["advised"][1] and not answers["harmless"][1]
