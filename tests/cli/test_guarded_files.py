"""What `apply` lists as ours is what the hooks protect: a real hub, release and answer."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.robust import worlds
from tests.support.cli import LOCAL_SETTINGS, SETTINGS

GUARDED = worlds.RICH.replace(
    "    conventions:",
    "      hooks:\n"
    "        PreToolUse: [protected-paths, tdd-guard-check, config-guard]\n"
    "        PostToolUse: [config-guard, tdd-guard-check]\n"
    "        PostToolUseFailure: [tdd-guard-check]\n"
    "        UserPromptSubmit: [tdd-guard-check]\n"
    "        DirectoryAdded: [protected-paths]\n"
    "        ConfigChange: [config-guard]\n"
    "    conventions:",
)


@pytest.fixture
def guarded(account):
    worlds.new(account)
    account.canonical(GUARDED)
    account.apply()
    return account


def answer(account, path, old, new):
    """What the settings' own handler says to an edit: decision and reason."""
    settings = json.loads(account.read("src/api/" + LOCAL_SETTINGS))
    (group,) = settings["hooks"]["PreToolUse"]
    root = account.home / "src/api"
    given = {"file_path": str(root / path), "old_string": old, "new_string": new}
    event = {"session_id": "s", "cwd": str(root), "hook_event_name": "PreToolUse",
             "tool_name": "Edit", "tool_input": given}  # fmt: skip
    done = subprocess.run(
        ["/bin/sh", "-c", group["hooks"][0]["command"]],
        input=json.dumps(event).encode(),
        env={**account.environment, "CLAUDE_PROJECT_DIR": str(root)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    if not done.stdout:
        return "", ""
    specific = json.loads(done.stdout)["hookSpecificOutput"]
    return specific["permissionDecision"], specific["permissionDecisionReason"]


@pytest.mark.parametrize(
    ("path", "old", "new", "decision"),
    [
        (SETTINGS, '"sonnet"', '"opus"', "deny"),
        (SETTINGS, '"dark"', '"light"', ""),
        (SETTINGS, "a value nobody needs to see", "another", "deny"),
        (LOCAL_SETTINGS, "current/run.py", "x.py", "deny"),
        ("CLAUDE.md", "Small commits.", "Large commits.", "deny"),
        (".claude/rules/house.md", "Tidy up.", "x", "deny"),
        (".claude/hub.lock.json", "{", "{ ", "deny"),
        ("README.md", "a", "b", ""),
    ],
)
def test_what_is_rendered_is_protected_and_nothing_else(guarded, path, old, new, decision):
    if path == "README.md":
        guarded.put("src/api/README.md", "a\n")
    answered, reason = answer(guarded, path, old, new)
    assert answered == decision, reason
    assert ("hub-owned" in reason) == bool(decision)


def test_a_value_that_is_a_secret_is_not_in_the_list(guarded):
    (listed,) = guarded.state.rglob("owned.json")
    assert "nobody needs to see" not in listed.read_text()
    assert listed.stat().st_mode & 0o777 == 0o600


def test_the_list_follows_canonical_and_leaves_with_the_repository(guarded):
    guarded.canonical(worlds.RICH)
    guarded.ok("apply", "--yes", "--prune")
    assert not list(guarded.state.rglob("owned.json"))
    guarded.canonical(GUARDED)
    guarded.apply()
    assert list(guarded.state.rglob("owned.json"))
    guarded.ok("repos", "remove", "api", "--yes")
    assert not list(guarded.state.rglob("owned.json"))


def test_the_handlers_are_sound_settings(guarded):
    report = guarded.report("drift")
    assert (report["exit_code"], report["findings"]) == (0, [])
    handlers = json.loads(guarded.read("src/api/" + LOCAL_SETTINGS))["hooks"]
    assert handlers["PreToolUse"][0]["matcher"] == "Bash|Edit|NotebookEdit|Write"
    assert (
        "matcher" not in handlers["ConfigChange"][0] or not handlers["ConfigChange"][0]["matcher"]
    )
