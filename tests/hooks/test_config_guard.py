"""Cases of hooks_shared/families/safety/config_guard.py."""

from __future__ import annotations

import fcntl
import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from hooks_shared.writes import witness
from hubctl.system.hooks_package import registry, witnessed
from tests.hooks.file_case import LOCAL, SETTINGS, Account, label, put, rows

if TYPE_CHECKING:
    from pathlib import Path

    from hooks_shared.contract import Verdict
    from tests.hooks.hook_case import Case
    from tests.hooks.world import World

NAME = "config-guard"
SHARED = ".claude/settings.json"
RULE = '/permissions/deny="Read(.env)"'


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    made = Account(tmp_path.resolve())
    made.enter(monkeypatch)
    return made


def hook(account: Account, **options: Any) -> Case:
    case = account.hook(NAME, **options)
    case.time = time.time()
    return case


def says(verdict: Verdict | None) -> tuple[str, str]:
    """How it answers (`advise` where it decides nothing) and with which words."""
    if verdict is None:
        return "", ""
    return verdict.decision or "advise", verdict.reason or verdict.context or verdict.message


@pytest.mark.parametrize("row", rows(NAME), ids=label)
def test_what_a_tool_is_about_to_change(account: Account, row: dict[str, Any]) -> None:
    options = {key: row[key] for key in ("policy", "guarded") if key in row}
    event = account.event(row) | {"unknown_field": [1]}
    answered, text = says(hook(account, **options).decide(event))
    assert answered == row["verdict"], text
    assert row["says"] in text
    assert ("hubctl apply" in text) == bool(answered)
    assert witnessed(str(account.state)) == []


# -- what changed on disk --------------------------------------------------------------------------


def changed(account: Account, path: str, source: str = "project_settings") -> dict[str, Any]:
    return {
        "hook_event_name": "ConfigChange",
        "session_id": "3f0c2b7e-8a41",
        "source": source,
        "file_path": str(account.repo / path),
    }


def without(account: Account, path: str, old: str, new: str) -> None:
    place = account.repo / path
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new))


def noted(account: Account) -> list[tuple[object, ...]]:
    return [
        (n["session"], n["event"], n["tool"], n["fields"]) for n in witnessed(str(account.state))
    ]


@pytest.mark.parametrize("policy", ["note", "warn", "refuse"])
def test_a_guarded_field_that_changed(account: Account, policy: str) -> None:
    without(account, SHARED, "Read(.env)", "Read(x)")
    answered, text = says(hook(account, policy=policy).decide(changed(account, SHARED)))
    assert answered == {"note": "", "warn": "advise", "refuse": "deny"}[policy]
    assert (RULE in text) == (policy != "note")
    assert noted(account) == [("3f0c2b7e-8a41", "ConfigChange", "project_settings", [RULE])]
    (line,) = witnessed(str(account.state))
    assert line["file"] == str(account.repo / SHARED)
    assert line["written"] == (account.repo / SHARED).stat().st_mtime_ns
    assert line["decision"] == ("deny" if policy == "refuse" else "")


def test_a_field_that_is_not_guarded_is_noted_only(account: Account) -> None:
    without(account, SHARED, "sonnet", "opus")
    assert hook(account, policy="refuse").decide(changed(account, SHARED)) is None
    assert [fields for *_, fields in noted(account)] == [["/model"]]


def test_the_clients_own_saving_is_no_change(account: Account) -> None:
    """It sorts keys anew and adds what is its own."""
    settings = {"zoom": 1, **dict(reversed(SETTINGS.items()))}
    put(account.repo / SHARED, json.dumps(settings))
    assert hook(account, policy="refuse").decide(changed(account, SHARED)) is None
    assert [fields for *_, fields in noted(account)] == [[]]


def test_approvals_that_the_client_saves_are_a_persons(account: Account) -> None:
    path = ".claude/settings.local.json"
    settings = json.loads((account.repo / path).read_text())
    settings["permissions"] |= {"defaultMode": "bypassPermissions", "allow": ["Bash(x)"]}
    put(account.repo / path, json.dumps(settings))
    assert hook(account, policy="refuse").decide(changed(account, path)) is None


GONE: dict[str, Any] = {
    "broken": "{",
    "disableAllHooks": json.dumps({**LOCAL, "disableAllHooks": True}),
    "hook:PreToolUse/hubctl": json.dumps({**LOCAL, "hooks": {}}),
    "env.HUBCTL_HOOKS": json.dumps({**LOCAL, "env": {"HUBCTL_HOOKS": "off"}}),
}


@pytest.mark.parametrize("name", GONE)
def test_what_disarms_hooks_is_always_guarded(account: Account, name: str) -> None:
    path = ".claude/settings.local.json"
    put(account.repo / path, GONE[name])
    case = hook(account, policy="refuse", guarded=["hook:*"])
    answered, text = says(case.decide(changed(account, path, "local_settings")))
    assert answered == "deny" and name in text


def test_a_file_that_is_gone(account: Account) -> None:
    (account.repo / SHARED).unlink()
    answered, text = says(hook(account, policy="refuse").decide(changed(account, SHARED)))
    assert answered == "deny" and RULE in text


def test_policy_settings_cannot_be_refused(account: Account) -> None:
    without(account, SHARED, "Read(.env)", "Read(x)")
    event = changed(account, SHARED, "policy_settings")
    assert says(hook(account, policy="refuse").decide(event))[0] == "advise"


def test_what_hubctl_writes_is_nobodys_change(account: Account) -> None:
    without(account, SHARED, "Read(.env)", "Read(x)")
    case = hook(account, policy="refuse")
    lock = account.state.parent.parent / "apply.lock"
    put(lock, "")
    assert says(case.decide(changed(account, SHARED)))[0] == "deny"
    with lock.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert case.decide(changed(account, SHARED)) is None
    assert len(noted(account)) == 1


@pytest.mark.parametrize("path", [None, "", 5, "settings.json", "/nowhere/settings.json", "/\0"])
def test_a_file_that_is_not_ours(account: Account, path: object) -> None:
    event = {"hook_event_name": "ConfigChange", "session_id": "s", "file_path": path}
    assert hook(account, policy="refuse").decide(event) is None
    assert noted(account) == []


# -- what a tool has changed -----------------------------------------------------------------------


def after(account: Account, row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return account.event({**row, "event": "PostToolUse"}) | more


def test_the_tool_that_changed_a_field_is_noted(account: Account) -> None:
    before = (account.repo / SHARED).read_text()
    without(account, SHARED, "sonnet", "opus")
    edit = {
        "tool": "Edit",
        "path": "{repo}/" + SHARED,
        "old_string": "sonnet",
        "new_string": "opus",
    }
    case = hook(account, policy="refuse")
    assert case.decide(after(account, edit, tool_response={"originalFile": before})) is None
    assert noted(account) == [("s", "PostToolUse", "Edit", ["/model"])]


def test_a_command_that_changed_a_file_is_noted(account: Account) -> None:
    without(account, SHARED, "sonnet", "opus")
    command = {"command": "sed -i s/sonnet/opus/ .claude/settings.json"}
    assert hook(account).decide(after(account, command)) is None
    assert noted(account) == [("s", "PostToolUse", "Bash", ["/model"])]


def test_a_command_that_changed_nothing_is_not_noted(account: Account) -> None:
    old = time.time() - 60
    os.utime(account.repo / SHARED, (old, old))
    command = {"command": "sed -i s/a/b/ .claude/settings.json; echo > out.txt; rm -f CLAUDE.md"}
    assert hook(account).decide(after(account, command)) is None
    assert noted(account) == []


def test_a_removed_file_is_noted(account: Account) -> None:
    (account.repo / ".claude/commands/tidy.md").unlink()
    assert hook(account).decide(after(account, {"command": "rm .claude/commands/*.md"})) is None
    assert noted(account) == []  # a glob of what is gone says no name any more
    assert hook(account).decide(after(account, {"command": "rm .claude/commands/tidy.md"})) is None
    assert noted(account) == [("s", "PostToolUse", "Bash", [""])]


def test_without_a_state_folder_it_answers_all_the_same(account: Account) -> None:
    case = hook(account, policy="refuse")
    without(account, SHARED, "Read(.env)", "Read(x)")
    case.state = str(account.home / "shared" / "x")
    put(account.home / "shared" / "x", "")
    assert says(case.decide(changed(account, SHARED)))[0] == "deny"
    assert [one["name"] for one in case.samples] == ["config.not-noted"]


# -- the notes -------------------------------------------------------------------------------------


def test_notes_are_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    folder = str(tmp_path)
    for number in range(4000):
        line = witness.record(float(number), "s", "ConfigChange", "x", "/f", ["/a" * 100], "")
        assert witness.note(folder, line)
    found = witness.read(folder)
    assert found[-1]["t"] == 3999.0
    assert 500 < len(found) < 4000
    sizes = [path.stat().st_size for path in tmp_path.glob(f"{witness.FILE}*")]
    assert sum(sizes) <= 2 * (witness.BYTES + 4096)


def test_a_damaged_note_is_left_out(tmp_path: Path) -> None:
    for number in range(3):
        witness.note(str(tmp_path), witness.record(float(number), "s", "e", "t", "/f", [], ""))
    path = tmp_path / witness.FILE
    path.write_bytes(path.read_bytes().replace(b'"t":1.0', b'"t":7.0') + b"\n{torn")
    assert [one["t"] for one in witness.read(str(tmp_path))] == [0.0, 2.0]


def test_it_answers_as_a_process(world: World) -> None:
    row = registry.find(NAME)
    assert row is not None
    options = {**row.options, "policy": "refuse"}
    world.enable(NAME, "ConfigChange", module=row.module, options=options)
    put(
        world.own / "owned.json",
        json.dumps({"format": 1, "files": {SHARED: {"/disableAllHooks": {"value": False}}}}),
    )
    put(world.repo / SHARED, '{"disableAllHooks": true}')
    event = {"session_id": "s", "source": "project_settings", "file_path": f"{world.repo}/{SHARED}"}
    answer = world.run("ConfigChange", json.dumps({**event, "cwd": str(world.repo)}))
    assert (answer.code, answer.json["decision"]) == (2, "block")
    assert [one["fields"] for one in witness.read(str(world.state))] == [["/disableAllHooks"]]
