"""`hubctl drift --blame` names the session that changed a value, from what its own hooks saw."""

from __future__ import annotations

import json
import os
import subprocess
import time

import pytest

from hooks_shared.writes import witness
from tests.robust import worlds
from tests.support.cli import LOCAL_SETTINGS, SETTINGS

FILE = "src/api/" + SETTINGS
GUARDED = worlds.RICH.replace(
    "    conventions:",
    "      hooks:\n"
    "        ConfigChange: [{hook: config-guard, options: {policy: refuse, guarded: [/model]}}]\n"
    "        PostToolUse: [config-guard]\n"
    "    conventions:",
)
SESSION = "3f0c2b7e-8a41-4d5c-9b16-2e7d90a4c158"


def blame(account):
    report = account.report("drift", "--blame")
    return {c["address"]: c["blame"] for t in report["targets"] for c in t["changes"]}


def note(account, *, event="PostToolUse", tool="Edit", fields=("/model",), moment=None, file=FILE):
    path = str(account.home / file)
    line = witness.record(moment or time.time(), SESSION, event, tool, path, list(fields), "")
    assert witness.note(str(account.state / "acme/hooks"), line)


def send(account, event):
    """Hand an event to the handler that `apply` put into the settings; (exit code, stdout)."""
    settings = json.loads(account.read("src/api/" + LOCAL_SETTINGS))
    (group,) = settings["hooks"][event["hook_event_name"]]
    root = account.home / "src/api"
    done = subprocess.run(
        ["/bin/sh", "-c", group["hooks"][0]["command"]],
        input=json.dumps({"session_id": SESSION, "cwd": str(root), **event}).encode(),
        env={**account.environment, "CLAUDE_PROJECT_DIR": str(root)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def test_a_change_that_a_session_sees_and_refuses_is_told_with_the_session(account):
    worlds.new(account)
    account.canonical(GUARDED)
    account.apply()
    worlds.replaced(account, "sonnet", "opus")
    path = str(account.home / FILE)
    event = {"hook_event_name": "ConfigChange", "source": "project_settings", "file_path": path}
    code, answer = send(account, event)
    assert code == 2
    assert "/model" in json.loads(answer)["reason"]
    told = blame(account)[f"api:{SETTINGS}#/model"]
    assert told.startswith("session 3f0c2b7e saw it change at ")
    assert told.endswith("UTC (ConfigChange)")


def test_the_tool_that_did_it_is_named(account):
    worlds.new(account)
    account.canonical(GUARDED)
    account.apply()
    before = account.read(FILE).decode()
    worlds.replaced(account, "sonnet", "opus")
    tool = {"tool_name": "Edit", "tool_input": {"file_path": str(account.home / FILE),
            "old_string": "sonnet", "new_string": "opus"}}  # fmt: skip
    event = {"hook_event_name": "PostToolUse", "tool_response": {"originalFile": before}, **tool}
    assert send(account, event) == (0, "")
    told = blame(account)[f"api:{SETTINGS}#/model"]
    assert told.startswith("session 3f0c2b7e changed it with Edit at ")
    assert told.endswith("UTC")


def test_the_tool_says_more_than_who_else_was_told(account):
    worlds.drifted(account)
    note(account)
    note(account, event="ConfigChange", tool="project_settings")
    assert "changed it with Edit" in blame(account)[f"api:{SETTINGS}#/model"]


def test_a_file_that_was_written_again_is_told(account):
    worlds.drifted(account)
    note(account)
    later = time.time() + 120
    os.utime(account.home / FILE, (later, later))
    assert "; the file was written again " in blame(account)[f"api:{SETTINGS}#/model"]


@pytest.mark.parametrize(
    "wrong",
    [{"fields": ["/theme"]}, {"fields": []}, {"file": "src/api/other.json"}, {"moment": 1e300}],
    ids=str,
)
def test_a_note_about_something_else_blames_nobody(account, wrong):
    worlds.drifted(account)
    note(account, **wrong)
    assert "session" not in blame(account)[f"api:{SETTINGS}#/model"]


def test_a_commit_says_more_than_a_session(account):
    worlds.clean(account)
    root = account.home / "src/api"
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "Set up")
    worlds.replaced(account, "sonnet", "opus")
    note(account)
    assert "session 3f0c2b7e" in blame(account)[f"api:{SETTINGS}#/model"]
    account.git(root, "commit", "-qam", "Use the large model")
    assert blame(account)[f"api:{SETTINGS}#/model"].endswith(": Use the large model")


def test_a_removed_file_has_its_session(account):
    worlds.missing(account)
    gone = list(blame(account))
    assert gone
    for address in gone:
        path, _, fragment = address.removeprefix("api:").partition("#")
        note(account, fields=[fragment], file="src/api/" + path, tool="Bash")
    assert all("changed it with Bash" in told for told in blame(account).values())


def test_damaged_notes_are_left_out(account):
    worlds.drifted(account)
    path = account.state / "acme/hooks" / witness.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b'\xff\n{}\n{"crc":"00000000","record":{}}\n')
    assert "git does not record it" in blame(account)[f"api:{SETTINGS}#/model"]
