"""`hubctl verify --live` with the real client: what it finds, and what it leaves alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.check.client.facts import ENTRY_ALONE, LOCAL_AT_ROOT
from hubctl.check.settings_lint import parse_version
from tests.real_client.hub import every_hook
from tests.support.cli import LOCAL_SETTINGS, SETTINGS, Account, tree, validate
from tests.support.real_client import installed

if TYPE_CHECKING:
    from tests.real_client.conftest import Prepare

CASES: dict[str, tuple[str, str, str]] = {
    "plain": ("PreToolUse", "", "fired"),
    "listed": ("PostToolUse", "Write|Bash", "fired"),
    "expression": ("PreToolUse", "^B.*h$", "fired"),
    "failing": ("PostToolUseFailure", "Bash", "fired"),
    "subagent": ("SubagentStop", "", "fired"),
    "typed": ("UserPromptExpansion", "", "fired"),
    "ending": ("SessionEnd", "", "fired"),
    "wrong case": ("PreToolUse", "bash", "never-matches"),
    "a rule": ("PreToolUse", "Bash(git:*)", "never-matches"),
    "a server alone": ("PostToolUse", "mcp__github", "never-matches"),
    "a server": ("PostToolUse", "mcp__github__.*", "registered"),
    "another tool": ("PreToolUse", "NotebookEdit", "registered"),
    "no expression": ("PreToolUse", "([", "never-matches"),
    "another start": ("SessionStart", "resume", "registered"),
    "no such start": ("SessionStart", "restart", "never-matches"),
    "not raised": ("PreCompact", "", "registered"),
}


@pytest.fixture
def account(prepare: Prepare) -> Account:
    return prepare(hooks=every_hook())


def handler(**more: Any) -> dict[str, Any]:
    return {"type": "command", "command": "touch ~/ran; exit 2", **more}


ONE_BROKEN = {"hooks": [handler(timeout="5")]}
ONE_WHOLE = {"hooks": [handler()]}
REACHING = {
    "env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "ANTHROPIC_AUTH_TOKEN": "x"},
    "apiKeyHelper": "touch ~/ran",
    "awsAuthRefresh": "touch ~/ran",
    "statusLine": {"type": "command", "command": "touch ~/ran"},
    "hooks": {"SessionStart": [{"hooks": [handler()]}]},
    "permissions": {"defaultMode": "plan"},
}


def settings(account: Account, path: str, document: object) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    account.put(path, text)


def verify(account: Account, version: str) -> dict[str, Any]:
    """One target's proof, of a run that changes nothing at all."""
    before = tree(account.home)
    ran = account.process("verify", "--live", "api", "--client", str(installed(version)), "--json")
    after = tree(account.home)
    assert {path for path in before | after if before.get(path) != after.get(path)} <= {
        path for path in after if path.startswith(".cache")
    }
    assert not list((account.base / "tmp").iterdir())
    found: dict[str, Any] = ran.json
    validate(found, "verify")
    assert found["exit_code"] == ran.code
    return found


def live_rules(found: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in found["findings"] if one["rule"].startswith("live/")}


def states(found: dict[str, Any]) -> dict[str, str]:
    [target] = found["targets"]
    return {file["address"]: file["state"] for file in target["files"]}


def test_what_hubctl_renders_is_taken_and_runs(version: str, account: Account) -> None:
    found = verify(account, version)
    [target] = found["targets"]
    assert target["client"] == version
    assert set(states(found).values()) == {"accepted"}
    assert target["refused"]
    assert target["below"] == (parse_version(version) >= LOCAL_AT_ROOT)
    expected = set() if target["below"] else {"live/below-root"}
    ignored = {hook["event"] for hook in target["hooks"] if hook["state"] == "ignored"}
    if ignored:
        assert ignored == {"DirectoryAdded"}
        expected.add("live/entry-ignored")
    assert live_rules(found) == expected
    ran = {name for hook in target["hooks"] for name in hook["ran"]}
    assert {"git-safety-check", "output-monitor", "session-summary"} <= ran
    assert all(hook["own"] for hook in target["hooks"])


def test_every_entry_is_told_apart(version: str, account: Account) -> None:
    hooks: dict[str, list[Any]] = {}
    for name, (event, matcher, _) in CASES.items():
        group = {"matcher": matcher, "hooks": [handler(statusMessage=name)]}
        hooks.setdefault(event, []).append(group)
    hooks["PreToolUse"] += [
        {"matcher": "Bash", "hooks": [{"type": "http", "url": "http://127.0.0.1:9/"}]},
        {"matcher": "Bash", "hooks": [{"type": "prompt", "prompt": "is it fine?"}]},
        {"matcher": "Bash", "hooks": [handler(**{"if": "Bash(npm *)"}, command="touch ~/ran #")]},
    ]
    settings(account, f"src/api/{LOCAL_SETTINGS}", {"hooks": hooks})
    settings(account, f"src/api/{SETTINGS}", {"hooks": {"Stop": [ONE_BROKEN, ONE_WHOLE]}})
    settings(account, ".claude/settings.json", REACHING)
    found = verify(account, version)
    [target] = found["targets"]
    assert set(CASES.values()) <= _rows(target, LOCAL_SETTINGS)
    shown = {hook["shown"]: hook["state"] for hook in target["hooks"]}
    assert shown["Bash: http://127.0.0.1:9/"] == "fired"
    assert shown["Bash: is it fine?"] == "fired"
    assert shown["Bash: touch ~/ran #"] == "registered"
    assert found["exit_code"] == 1
    # One broken entry costs itself in one client, and its file in the other.
    alone = parse_version(version) >= ENTRY_ALONE
    assert states(found)[f"api:{SETTINGS}"] == ("accepted" if alone else "dropped")
    stops = {state for _, _, state in _rows(target, f"api:{SETTINGS}")}
    assert stops == ({"ignored", "fired"} if alone else {"ignored"})
    # And nothing that any file names was reached.
    assert states(found)["host:.claude/settings.json"] == "accepted"
    assert not (account.home / "ran").exists()


def _rows(target: dict[str, Any], file: str) -> set[tuple[str, str, str]]:
    return {
        (hook["event"], hook["matcher"], hook["state"])
        for hook in target["hooks"]
        if f"{file}#" in hook["address"]
    }


def test_a_dropped_file_is_named_with_the_reason(version: str, account: Account) -> None:
    guard = {"hooks": {"PreToolUse": [ONE_BROKEN]}}
    settings(account, ".claude/settings.json", '{"model": "opus"} // mine')
    settings(account, f"src/api/{SETTINGS}", {"model": 5})
    settings(account, f"src/api/{LOCAL_SETTINGS}", guard)
    found = verify(account, version)
    assert set(states(found).values()) == {"dropped"}
    said = {
        one["address"]: one["message"]
        for one in found["findings"]
        if one["rule"] == "live/file-dropped"
    }
    assert "not JSON" in said["host:.claude/settings.json"]
    assert said[f"api:{SETTINGS}"].startswith("valid JSON, but ignored: model")
    assert "timeout" in said[f"api:{LOCAL_SETTINGS}"]


def test_switched_off_hooks_are_told(version: str, account: Account) -> None:
    settings(account, f"src/api/{SETTINGS}", {"disableAllHooks": True})
    found = verify(account, version)
    assert set(states(found).values()) == {"switched-off"}
    assert "live/switched-off" in live_rules(found)
