"""One session of the real client in a repository that hubctl prepared, and what it shows.

The client is started once for each version and asked about from all sides.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.check.client.facts import EVENTS
from hubctl.check.settings_lint import parse_version
from hubctl.system.hooks_package import registry
from tests.real_client.hub import STOP_ONCE, every_hook
from tests.support.cli import LOCAL_SETTINGS, Account
from tests.support.real_client import Session, bash, play, spool, tool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_client.conftest import Prepare

# What one session of -p with tool calls raises; what is missing here, `test_compaction` raises.
RAISED = frozenset(
    ("SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure")
) | {"PostToolBatch", "Stop", "SessionEnd", "InstructionsLoaded", "ConfigChange", "MessageDisplay"}
COMPACTING = frozenset(("SessionStart", "PreCompact", "PostCompact", "SessionEnd"))
BY_HAND = frozenset(("DirectoryAdded",))  # `/add-dir`, in the interactive client alone
OWN = {"type": "command", "timeout": 10}
SEEN = '"$CLAUDE_PROJECT_DIR/seen"'


@pytest.fixture(scope="module")
def account(prepare: Prepare) -> Account:
    hooks = every_hook()
    changed = {**OWN, "command": f"touch {SEEN}", "matcher": "project_settings"}
    hooks.setdefault("Stop", []).append({**OWN, "command": STOP_ONCE})
    hooks.setdefault("ConfigChange", []).append(changed)
    hooks.setdefault("SessionStart", []).append({**OWN, "command": "true", "scope": "project"})
    hooks.setdefault("SessionStart", []).append({**OWN, "command": "true #", "scope": "host"})
    account = prepare(
        hooks=hooks,
        permissions={"allow": ["Bash(echo:*)"], "deny": ["Bash(printf forbidden)"]},
        env={"HUB_SAYS": "from-the-hub"},
        instructions={"text": "Say please."},
    )
    account.put("keep/work.txt", "a week of it\n")
    return account


@pytest.fixture(scope="module")
def repo(account: Account) -> Path:
    return account.home / "src/api"


class Played:
    """A session, and what the hooks recorded meanwhile."""

    def __init__(self, version: str, account: Account, repo: Path) -> None:
        before = len(spool(account))
        self.test = repo / "test_adding.py"
        self.test.unlink(missing_ok=True)
        (repo / "seen").unlink(missing_ok=True)
        self.turns = self._turns(repo)
        self.session: Session = play(version, account, repo, self.turns)
        self.records = spool(account)[before:]

    def _turns(self, repo: Path) -> list[Any]:
        settings = repo / ".claude/settings.json"

        def somebody_saves() -> None:
            settings.write_text(settings.read_text() + "\n")

        wait = f"timeout 20 sh -c 'until [ -e {repo}/seen ]; do :; done'"
        return [
            bash("echo harmless $HUB_SAYS"),
            bash("git push --force origin main"),
            bash("rm -rf ~/keep"),
            bash("printf forbidden"),
            bash("seq 1 20000"),
            bash("false"),
            tool("Write", file_path=str(self.test), content="x = 1\n"),
            tool("Read", file_path=str(self.test)),
            (somebody_saves, bash(wait)),
        ]


@pytest.fixture(scope="module")
def played(version: str, account: Account, repo: Path) -> Played:
    return Played(version, account, repo)


@pytest.fixture(scope="module")
def session(played: Played) -> Session:
    return played.session


def test_it_ends_well_and_complains_about_nothing(session: Session) -> None:
    assert session.code == 0
    assert session.complaints == []
    [result] = [message for message in session.stream if message.get("type") == "result"]
    assert (result["subtype"], result["result"]) == ("success", "Finished.")


def test_what_the_client_registers_is_what_the_plan_says(
    session: Session, account: Account, version: str
) -> None:
    shown = account.process("show", "api", "host", "--json").json
    handlers = [
        (_source(item["address"]), _event(item["address"]), item["value"]["matcher"])
        for target in shown["targets"]
        for item in target["items"]
        if "settings" in item["address"] and item["value"]["kind"] == "handler"
    ]
    known = [row for row in handlers if EVENTS[row[1]].since <= parse_version(version)]
    assert len(known) >= 8
    assert session.registered == sorted(known)


def _source(address: str) -> str:
    target, _, path = address.partition(":")
    if path.startswith(LOCAL_SETTINGS):
        return "localSettings"
    return "userSettings" if target == "host" else "projectSettings"


def _event(address: str) -> str:
    return address.partition("#hook:")[2].partition("/")[0]


def _hooks(events: frozenset[str]) -> set[tuple[str, str]]:
    return {(event, hook.id) for hook in registry.HOOKS for event in hook.events if event in events}


def test_every_hook_fires(played: Played) -> None:
    fired = {(record["event"], hook["id"]) for record in played.records for hook in record["hooks"]}
    assert sorted(_hooks(RAISED) - fired) == []
    failed = [hook for record in played.records for hook in record["hooks"] if "problem" in hook]
    assert failed == []


def test_every_event_of_a_hook_is_raised_somewhere_here() -> None:
    events = {event for hook in registry.HOOKS for event in hook.events}
    assert sorted(events - RAISED - COMPACTING - BY_HAND) == []


def test_compaction_fires_its_hooks_too(
    played: Played, version: str, account: Account, repo: Path
) -> None:
    before = len(spool(account))
    again = play(version, account, repo, [], prompt="/compact", arguments=["--continue"])
    assert (again.code, again.complaints) == (0, [])
    fired = {
        (record["event"], hook["id"])
        for record in spool(account)[before:]
        for hook in record["hooks"]
        if "problem" not in hook
    }
    assert sorted(_hooks(COMPACTING) - fired) == []


def test_the_client_takes_every_answer(session: Session) -> None:
    outcomes = {(one["hook_name"], one["outcome"]) for one in session.stream if "outcome" in one}
    blocked = {("PreToolUse:Bash", "error")}  # so it calls exit code 2
    assert {outcome for outcome in outcomes if outcome[1] != "success"} <= blocked


def test_a_harmless_command_runs(session: Session) -> None:
    first = session.results[0]
    assert (first.text, first.refused) == ("harmless from-the-hub", False)


def test_a_dangerous_command_is_refused_and_the_model_reads_why(
    session: Session, account: Account
) -> None:
    push, remove = session.results[1:3]
    assert push.refused
    assert "git-push-force" in push.text
    assert "--force-with-lease" in push.text
    assert remove.refused
    assert "keep" in remove.text
    assert account.read("keep/work.txt") == b"a week of it\n"


def test_a_refusal_is_recorded(played: Played) -> None:
    decisions = [record["decision"] for record in played.records if record["event"] == "PreToolUse"]
    assert decisions.count("deny") + decisions.count("ask") >= 2


def test_permission_rules_are_in_force(session: Session) -> None:
    denied = session.results[3]
    assert denied.input == {"command": "printf forbidden"}
    assert denied.refused


def test_context_arrives_with_the_next_request_and_once(session: Session) -> None:
    assert session.told.count("Context debt: this Bash output is about") == 1
    asked = ["Context debt" in json.dumps(body["messages"]) for body in session.main_requests]
    large = [turn.input.get("command") for turn in session.results].index("seq 1 20000")
    assert asked.index(True) == large + 1


def test_instructions_reach_the_model(session: Session) -> None:
    assert "Say please." in json.dumps(session.conversation)


def test_stop_continues_once_and_no_more(session: Session, played: Played) -> None:
    asked = [json.dumps(body["messages"]) for body in session.main_requests]
    assert [("One word is missing" in text) for text in asked[-2:]] == [False, True]
    assert len(asked) == len(played.turns) + 2
    stops = [record["lane"] for record in played.records if record["event"] == "Stop"]
    assert sorted(stops) == sorted(2 * list(set(stops)))


def test_a_change_of_settings_is_noticed_while_it_runs(session: Session, repo: Path) -> None:
    assert (repo / "seen").exists()
    assert not session.results[-1].refused
