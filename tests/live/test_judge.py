"""What is made of what was seen: one row for each way it can be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hubctl.check.settings_lint import lint_hits
from hubctl.live.entries import entries_of, read_settings
from hubctl.live.judge import judge_entries, judge_files, matches
from hubctl.live.result import FileState
from hubctl.live.seen import Answered, Seen
from hubctl.live.telling import telling
from hubctl.render.hook_commands import machine_command
from tests.live.test_stand_in import MACHINE

COMMAND = {"type": "command", "command": "true"}


def judged(document: Any, seen: Seen, client: str = "2.1.328") -> Any:
    text = document if isinstance(document, str) else json.dumps(document)
    file = read_settings("api:.claude/settings.json", "/api/s.json", "committed", text.encode())
    lint = {
        file.path: lint_hits(file.document, scope="committed", client=client, schema=None)
        if file.document is not None
        else ()
    }
    files = judge_files([file], seen, lint)
    entries = judge_entries(entries_of([file], MACHINE), files, seen, lint)
    told = telling("api", files, entries, seen, below=None, complaints="")
    return files[0], entries, [finding.rule for finding in told]


def seen(**more: Any) -> Seen:
    """A run in which the client took the file and called Bash."""
    raised = {"PreToolUse": frozenset({"Bash"}), "SessionStart": frozenset({"startup"})}
    taken = {"canaries": frozenset({"committed"}), "raised": raised}
    return Seen(**(taken | more))


def hook(event: str, matcher: str = "", **entry: Any) -> dict[str, Any]:
    return {"hooks": {event: [{"matcher": matcher, "hooks": [COMMAND | entry]}]}}


REGISTERED = frozenset({("projectSettings", "SessionEnd", "")})


@pytest.mark.parametrize(
    ("document", "run", "state", "why", "rules"),
    [
        (hook("PreToolUse"), seen(fired={0: 2}), "fired", "", []),
        (hook("PreToolUse", "Bash"), seen(), "silent", "came for Bash", ["live/silent"]),
        (
            hook("PreToolUse", "bash"),
            seen(),
            "never-matches",
            "meant is Bash",
            ["live/never-matches"],
        ),
        (hook("PreToolUse", "Nobody"), seen(), "never-matches", "Nobody", ["live/never-matches"]),
        (hook("PreToolUse", "Write"), seen(), "registered", "of Write", []),
        (hook("PreToolUse", "New"), seen(tools=frozenset({"New"})), "registered", "of New", []),
        (hook("PreToolUse", "mcp__a__.*"), seen(), "registered", "MCP", []),
        (hook("PreToolUse", "Bash", **{"if": "Bash(npm *)"}), seen(), "registered", "`if`", []),
        (hook("SessionStart", "resume"), seen(), "registered", "of resume", []),
        (hook("SessionStart", "no"), seen(), "never-matches", "possible", ["live/never-matches"]),
        (hook("PreCompact"), seen(), "registered", "no PreCompact", []),
        (hook("PreToolUse"), seen(registered=REGISTERED), "ignored", "", ["live/entry-ignored"]),
        (
            hook("Foo"),
            seen(registered=REGISTERED),
            "ignored",
            "no such event",
            ["live/entry-ignored"],
        ),
        (
            hook("Stop", timeout="5"),
            seen(
                notes={"/api/s.json": ("hooks.Stop.0.hooks.0: Invalid (timeout); entry ignored.",)}
            ),
            "ignored",
            "Invalid (timeout)",
            ["live/entry-ignored"],
        ),
    ],
)
def test_an_entry(document: Any, run: Seen, state: str, why: str, rules: list[str]) -> None:
    file, [entry], told = judged(document, run)
    assert file.state is FileState.ACCEPTED
    assert entry.state.value == state
    assert why in entry.why
    assert told == rules


def test_a_note_about_another_entry_is_not_about_this_one() -> None:
    notes = {"/api/s.json": ("hooks.Stop.0.hooks.1: Invalid",)}
    _, [entry], _ = judged(hook("Stop"), seen(notes=notes, fired={}))
    assert entry.state.value == "registered"


@pytest.mark.parametrize(
    ("document", "run", "client", "state", "why"),
    [
        ("{", seen(canaries=frozenset()), "2.1.328", "dropped", "JSON"),
        ("[]", seen(canaries=frozenset()), "2.1.328", "dropped", "no object"),
        ({"model": 5}, seen(canaries=frozenset()), "2.1.197", "dropped", "model is no string"),
        (
            {"model": 5},
            seen(canaries=frozenset(), notes={"/api/s.json": ("model: Expected string",)}),
            "2.1.328",
            "dropped",
            "model: Expected string",
        ),
        ({"x": 1}, seen(canaries=frozenset()), "2.1.328", "dropped", "does not say why"),
        ({"disableAllHooks": True}, Seen(), "2.1.328", "switched-off", "disableAllHooks"),
        ({}, seen(), "2.1.328", "accepted", ""),
    ],
)
def test_a_file(document: Any, run: Seen, client: str, state: str, why: str) -> None:
    file, _, told = judged(document, run, client)
    assert file.state.value == state
    assert why in file.why
    wanted = {"dropped": ["live/file-dropped"], "switched-off": ["live/switched-off"]}
    assert told == wanted.get(state, [])


def test_entries_of_a_dropped_file_are_not_told_again() -> None:
    _, [entry], told = judged(hook("Stop") | {"model": 5}, seen(canaries=frozenset()))
    assert entry.state.value == "ignored"
    assert told == ["live/file-dropped"]


def record(decision: str, tool: str = "Bash") -> dict[str, Any]:
    hooks = [{"id": "git-safety-check"}]
    return {
        "event": "PreToolUse",
        "lane": "closed",
        "tool": tool,
        "decision": decision,
        "hooks": hooks,
    }


def test_our_own_entry_ran_where_its_lane_recorded_something() -> None:
    command = machine_command(MACHINE, "PreToolUse", "closed")
    document = hook("PreToolUse", command=command)
    _, [entry], told = judged(document, seen(records=(record(""), record("deny"))))
    assert (entry.state.value, entry.times, entry.hooks) == ("fired", 2, ("git-safety-check",))
    assert told == []
    _, [entry], told = judged(document, seen(records=({**record(""), "lane": "open"},)))
    assert (entry.state.value, told) == ("silent", ["live/silent"])


@pytest.mark.parametrize(
    ("decision", "tool", "failed", "rules"),
    [
        ("deny", "Bash", False, ["live/not-honoured"]),
        ("deny", "Bash", True, []),
        ("deny", "Write", False, []),
        ("", "Bash", False, []),
    ],
)
def test_a_refusal_that_the_client_ignores_is_told(
    decision: str, tool: str, failed: bool, rules: list[str]
) -> None:
    call = Answered(command="git push --force; true", failed=failed, text="")
    _, _, told = judged({}, seen(records=(record(decision, tool),), calls=(call,)))
    assert told == rules


@pytest.mark.parametrize(
    ("event", "matcher", "value", "met"),
    [
        ("PreToolUse", "", "Bash", True),
        ("PreToolUse", "*", "Bash", True),
        ("PreToolUse", "Edit|Bash", "Bash", True),
        ("PreToolUse", "Bash, Write", "Write", True),
        ("PreToolUse", "Ba", "Bash", False),
        ("PreToolUse", "Ba.*", "Bash", True),
        ("PreToolUse", "Edit.*", "NotebookEdit", True),
        ("PreToolUse", "([", "Bash", False),
        ("Stop", "Bash", "", True),
        ("FileChanged", "a.txt", "b.txt", False),
    ],
)
def test_matchers(event: str, matcher: str, value: str, met: bool) -> None:
    assert matches(event, matcher, value) == met
