"""`hubctl hooks test` and `hubctl hooks profile`: cases that are run, runs that are measured."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from hubctl.model.hook_case import read_cases
from hubctl.system.hooks_package import package_folder, places, registry, store
from tests.cli.hook_hub import HUB, document

# -- test ------------------------------------------------------------------------------------------


def test_the_cases_of_every_hook_come_out_as_expected(hooked):
    found = document(hooked, "hook-trials", "test")
    assert found["failed"] == 0
    assert {case["hook"] for case in found["cases"]} >= {"smart-safety-check", "git-safety-check"}


def test_the_cases_of_an_own_hook_stand_beside_it(with_own):
    found = document(with_own, "hook-trials", "test", "ticket-check")
    assert (len(found["cases"]), found["failed"]) == (3, 0)
    with_own.put("hub/hooks/words.py", 'WORD = "Something else"\n')
    found = document(with_own, "hook-trials", "test", "ticket-check", code=1)
    assert found["failed"] == 2
    assert "Something else" in next(case["problem"] for case in found["cases"] if case["problem"])


MINE = """\
# what this team wants
{"command": "git push", "verdict": "none"}

{"name": "the guard", "command": "rm -rf /", "verdict": "deny", "says": "rm-root"}
{"name": "a summary", "event": {"hook_event_name": "stop"}, "verdict": "none", "silent": true}
{"hook": "git-safety-check", "command": "git reset --hard", "verdict": "deny"}
"""


def test_a_file_of_ones_own_runs_with_the_hooks_of_a_target(hooked):
    hooked.put("hub/mine.jsonl", MINE)
    found = document(hooked, "hook-trials", "test", "mine.jsonl", "--target", "api")
    assert [case["verdict"] for case in found["cases"]] == ["none", "deny", "none", "deny"]
    hooked.canonical(HUB.replace("      - smart-safety-check\n", ""))
    told = hooked.run("hooks", "test", "mine.jsonl", "--target", "api")
    assert told.code == 1 and "mine.jsonl:4  the guard" in told.out
    assert "answered none instead of deny" in told.out and "4 cases, 1 failed" in told.out


def test_a_case_without_hook_needs_a_target(hooked):
    hooked.put("hub/mine.jsonl", MINE)
    assert "--target" in hooked.run("hooks", "test", "mine.jsonl").err


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "no JSON"),
        ("[]", "is an object"),
        ('{"comand": "ls"}', "no key 'comand'"),
        ('{"command": "ls", "verdict": "block"}', "no verdict"),
        ('{"event": {"hook_event_name": "Nope"}}', "no event"),
        ('{"event": 5}', "event is an object"),
    ],
)
def test_a_line_that_is_no_case_is_named(hooked, line, why):
    hooked.put("hub/mine.jsonl", "\n" + line + "\n")
    ran = hooked.run("hooks", "test", "mine.jsonl", "--target", "api")
    assert ran.code == 2 and "mine.jsonl:2" in ran.err and why in ran.err


def test_trials_see_and_leave_nothing_of_this_account(hooked, monkeypatch):
    hooked.put("hub/mine.jsonl", json.dumps({
        "hook": "smart-safety-check", "command": "rm -rf build", "verdict": "none",
        "files": {"build/x": "1", "~/y": "{home} {project}"},
    }))  # fmt: skip
    before = sorted(str(path) for path in hooked.home.rglob("*"))
    document(hooked, "hook-trials", "test", "mine.jsonl")
    assert sorted(str(path) for path in hooked.home.rglob("*")) == before
    assert not list((hooked.base / "tmp").glob("hubctl-hooks-*"))


# -- profile ---------------------------------------------------------------------------------------


def spooled(account, *records):
    hooks = f"{account.state}/acme/{places.HOOKS}"
    for record in records:
        assert store.append(hooks, {"v": 1, "t": time.time(), **record})


def run_of(milliseconds, **more):
    row = {"id": "context-monitor", "ms": milliseconds, **more}
    return {"event": "PreToolUse", "ms": milliseconds + 1, "hooks": [row]}


def test_the_profile_tells_percentiles_and_what_is_slow(hooked):
    spooled(hooked, *(run_of(number) for number in range(1, 100)), run_of(700, problem="x"))
    found = document(hooked, "hook-profile", "profile")
    rows = {row["name"]: row for row in found["timings"]}
    one = rows["context-monitor"]
    assert (one["count"], one["p50"], one["p95"], one["longest"], one["problems"]) == (
        100, 50, 95, 700, 1,
    )  # fmt: skip
    assert rows["PreToolUse (dispatcher)"]["p50"] == 51
    assert found["findings"] == [] and one["level"] == ""


@pytest.mark.parametrize(("milliseconds", "level"), [(90, ""), (120, "warning"), (600, "critical")])
def test_slow_hooks_are_held_against_the_hubs_thresholds(hooked, milliseconds, level):
    spooled(hooked, *[run_of(milliseconds)] * 9)
    assert document(hooked, "hook-profile", "profile")["findings"] == []  # too few to tell
    spooled(hooked, run_of(milliseconds))
    found = document(hooked, "hook-profile", "profile", code=1 if level else 0)
    rows = {row["name"]: row["level"] for row in found["timings"]}
    assert rows["context-monitor"] == level
    hooked.canonical(HUB + "thresholds: {hook_latency_ms: {warning: 1000, critical: 2000}}\n")
    assert document(hooked, "hook-profile", "profile")["findings"] == []


def test_old_and_damaged_records_do_not_count(hooked):
    spooled(hooked, {**run_of(9000), "t": time.time() - 40 * 86_400}, run_of(1))
    [segment] = Path(f"{hooked.state}/acme/{places.HOOKS}/spool").glob("*.jsonl")
    with segment.open("a") as stream:
        stream.write("{torn\n")
    found = document(hooked, "hook-profile", "profile", "--days", "30")
    assert found["damaged"] == 1 and found["timings"][0]["longest"] < 10


TRANSCRIPT = [
    {"type": "attachment", "attachment": {"type": "hook_success", "hookEvent": "Stop",
     "command": "make after", "durationMs": 812, "exitCode": 0}},
    {"type": "attachment", "attachment": {"type": "hook_error", "hookEvent": "Stop",
     "command": "make after", "durationMs": 20, "exitCode": 1}},
    {"type": "system", "subtype": "stop_hook_summary", "hookInfos": [
        {"command": "p=/usr/bin/python3;r=/x/hubctl/hooks/current/run.py; …", "durationMs": 31}]},
    {"type": "system", "subtype": "compact_boundary", "compactMetadata": {"durationMs": 99_000}},
    {"type": "user", "message": {"content": [{"text": "\"durationMs\": 5"}]}},
]  # fmt: skip


def test_transcripts_time_handlers_of_anybody(hooked):
    lines = "".join(json.dumps(line) + "\n" for line in TRANSCRIPT * 6) + '{"durationMs": \n'
    hooked.put(".claude/projects/p/s/subagents/agent-1.jsonl", lines)
    old = hooked.put(".claude/projects/p/old.jsonl", lines.replace("812", "9999"))
    os.utime(old, (0, 0))
    found = document(hooked, "hook-profile", "profile", code=1)
    rows = {row["name"]: row for row in found["timings"]}
    assert set(rows) == {"make after", "hubctl (whole process)"}
    one = rows["make after"]
    assert (one["count"], one["longest"], one["problems"]) == (12, 812, 6)
    assert (one["source"], one["level"]) == ("transcript", "critical")
    assert rows["hubctl (whole process)"]["level"] == ""


SETTINGS = {
    "hooks": {
        "PreToolUse": [
            {"matcher": "Bash", "hooks": [{"type": "command", "command": "true", "timeout": 5000}]},
            {"matcher": "*", "hooks": [{"type": "command", "command": "date"}]},
            {"matcher": "", "hooks": [{"type": "command", "command": "/nowhere/check.sh"}]},
        ],
        "Stop": [{"hooks": [{"type": "command", "command": "date"}]}],
    }
}


def test_what_costs_or_cannot_work_in_settings_is_told(hooked):
    hooked.put("src/api/.claude/settings.json", json.dumps(SETTINGS))
    found = document(hooked, "hook-profile", "profile", code=1)
    told = [(f["rule"], f["address"].partition("#")[0]) for f in found["findings"]]
    place = "api:.claude/settings.json"
    assert sorted(told) == [
        ("hooks/every-tool", place),
        ("hooks/every-tool", place),
        ("hooks/missing-script", place),
        ("settings/hook-timeout-milliseconds", place),
    ]


def test_our_own_entries_are_not_told(hooked):
    hooked.apply()
    assert document(hooked, "hook-profile", "profile")["findings"] == []
    assert "no hook ran yet" in hooked.ok("hooks", "profile").out


@pytest.mark.parametrize("hook", registry.HOOKS, ids=lambda hook: hook.id)
def test_every_hook_comes_with_cases_of_what_goes_wrong(hook):
    path = Path(package_folder(), "cases", f"{hook.id}.jsonl")
    cases = list(read_cases(path.read_text("utf-8"), path.name, hook.id, hook.events[0]))
    assert len(cases) >= 4
    assert any(case.stdin is not None for case in cases), "input that is no event"
    assert any(case.state_gone for case in cases), "a state folder that cannot be used"
    assert {case.event for case in cases} <= set(hook.events)
