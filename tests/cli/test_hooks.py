"""`hubctl hooks` over a hub: listed, explained, switched, run, tried, measured."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from hubctl.system.hooks_package import places, registry, store
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


@pytest.fixture
def hub(account):
    account.canonical(HUB)
    account.repository("api")
    account.repository("web")
    return account


@pytest.fixture
def with_own(hub):
    hub.put("hub/hooks/ticket_check.py", OWN)
    hub.put("hub/hooks/words.py", 'WORD = "Which ticket of"\n')
    hub.put("hub/hooks/somebody-elses.py", "import requests\n")
    lines = "".join(json.dumps(case) + "\n" for case in CASES)
    hub.put("hub/hooks/ticket_check.cases.jsonl", lines)
    text = HUB.replace("    Stop:", "      - ticket-check\n    Stop:")
    hub.canonical(text)
    return hub


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


# -- list and explain ------------------------------------------------------------------------------


def test_the_list_tells_every_hook_and_where_it_is(hub):
    found = {row["id"]: row for row in document(hub, "hook-list", "list")["hooks"]}
    assert set(found) == {hook.id for hook in registry.HOOKS}
    assert found["context-monitor"]["enabled"] == ["api", "web"]
    assert found["dora-tracker"]["enabled"] == []
    assert found["smart-safety-check"]["on_error"] == "closed"
    told = hub.ok("hooks", "list").out
    assert "api, web" in told and registry.find("dora-tracker").description in told


def test_the_list_works_without_a_hub(account):
    assert "smart-safety-check" in account.ok("hooks", "list").out


def test_own_hooks_are_listed_with_where_they_are(with_own):
    found = {row["id"]: row for row in document(with_own, "hook-list", "list")["hooks"]}
    assert found["ticket-check"]["source"] == "hooks/ticket_check.py"
    assert found["ticket-check"]["enabled"] == ["api", "web"]
    assert "somebody-elses" not in found


def test_explain_tells_lines_and_options(hub):
    hub.apply()
    told = document(hub, "hook-explain", "explain", "context_monitor.py")
    events = {target["target"]: target["events"] for target in told["targets"]}
    assert set(events) == {"api", "web"}
    [web] = events["web"]
    lines = {option["name"]: (option["layer"], option["line"]) for option in web["options"]}
    assert lines["warning"] == ("defaults", 7)
    assert lines["critical"][0] == "profiles.quiet"
    assert lines["window"] == ("default", 0)
    assert [step["layer"] for step in web["steps"]] == ["defaults", "profiles.quiet"]
    assert web["handler"] == "web:.claude/settings.local.json#hook:PreToolUse/hubctl"
    assert (web["scope"], web["lane"], web["status"]) == ("local", "closed", "in-sync")


def test_explain_in_words(hub):
    told = hub.ok("hooks", "explain", "context-monitor", "web").out
    assert "~/hub/canonical.yaml:7  defaults: add" in told
    assert "option warning = 70  (~/hub/canonical.yaml:7)" in told
    assert "(pending)" in told and "api" not in told
    assert "No line" in hub.ok("hooks", "explain", "dora-tracker").out


@pytest.mark.parametrize("words", [["explain"], ["disable"], ["enable"], ["test"]])
def test_an_unknown_hook_is_a_usage_error_with_the_nearest(hub, words):
    ran = hub.run("hooks", *words, "context-moniter")
    assert ran.code == 2 and "context-monitor" in ran.err


def test_an_unknown_command_has_the_nearest(account):
    ran = account.run("hooks", "verfy")
    assert ran.code == 2 and "'verify'" in ran.err


# -- disable and enable ----------------------------------------------------------------------------


def hooks_of(account, name):
    [target] = account.ok("show", name, "--json").json["targets"]
    return {entry["hook"] for entries in target["spec"]["hooks"].values() for entry in entries}


def test_a_hook_is_switched_off_and_on_everywhere_and_keeps_its_options(hub):
    before = hub.read("hub/canonical.yaml")
    ran = hub.ok("hooks", "disable", "context-monitor")
    assert "+        enabled: false" in ran.out and "hubctl apply" in ran.err
    assert b"# how full the window is" in hub.read("hub/canonical.yaml")
    assert "context-monitor" not in hooks_of(hub, "api") | hooks_of(hub, "web")
    hub.ok("hooks", "enable", "context-monitor")
    assert hub.read("hub/canonical.yaml") == before
    assert "nothing to change" in hub.ok("hooks", "enable", "context-monitor").err


def test_a_hook_is_switched_off_at_one_target(hub):
    hub.apply()
    hub.ok("hooks", "disable", "context-monitor", "web")
    assert "context-monitor" in hooks_of(hub, "api")
    assert "context-monitor" not in hooks_of(hub, "web")
    assert (
        document(hub, "hook-explain", "explain", "context-monitor", "web")["targets"][0]["events"][
            0
        ]["enabled"]
        is False
    )
    assert hub.run("plan", "--check", "web").code == 1
    hub.apply("web")
    assert "context-monitor" not in registry_of(hub, "web")
    hub.ok("hooks", "enable", "context-monitor", "web")
    assert "context-monitor" in hooks_of(hub, "web")
    hub.ok("rollback", "--yes")
    assert "context-monitor" not in hooks_of(hub, "web")


def registry_of(account, name):
    hooks = f"{account.state}/acme/{places.HOOKS}"
    folder = places.repository_folder(hooks, str(account.home / "src" / name))
    return Path(folder, places.REGISTRY).read_text()


def test_a_hook_that_no_line_lists_is_added(hub):
    hub.ok("hooks", "enable", "dora-tracker")
    assert "dora-tracker" in hooks_of(hub, "api") & hooks_of(hub, "web")
    hub.ok("hooks", "enable", "output-monitor", "web")
    assert "output-monitor" in hooks_of(hub, "web") - hooks_of(hub, "api")


def test_a_string_entry_becomes_one_that_is_off(hub):
    hub.ok("hooks", "disable", "session-summary")
    text = hub.read("hub/canonical.yaml").decode()
    assert "{hook: session-summary, enabled: false}" in text


def test_canonical_local_yaml_has_the_last_word_and_is_named(hub):
    on = "overrides: {hooks: {Stop: [{hook: session-summary, enabled: true}]}}"
    hub.put("hub/canonical.local.yaml", f"repositories:\n  api:\n    {on}\n")
    ran = hub.run("hooks", "disable", "session-summary")
    assert ran.code == 2 and "api" in ran.err and "hooks explain" in ran.err
    assert hub.read("hub/canonical.yaml").decode() == HUB


def test_a_list_edit_and_the_other_spelling_of_an_event(hub):
    edits = """\
    overrides:
      hooks:
        stop: {remove: [session-summary]}
        post_tool_use: {add: [{hook: dora-tracker}]}
"""
    text = HUB.replace("    profiles: [quiet]\n", edits)
    hub.canonical(text)
    hub.ok("hooks", "disable", "dora-tracker", "web")
    assert "dora-tracker" not in hooks_of(hub, "web")
    hub.ok("hooks", "enable", "session-summary", "web")
    assert "session-summary" in hooks_of(hub, "web")


def test_hooks_of_the_host_are_switched_where_they_stand(hub):
    at_host = "PostToolUse: [{hook: output-monitor, scope: host}]"
    hub.canonical(f"{HUB}global:\n  hooks:\n    {at_host}\n")
    assert "output-monitor" in hooks_of(hub, "host")
    hub.ok("hooks", "disable", "output-monitor", "host")
    rows = {row["id"]: row["enabled"] for row in document(hub, "hook-list", "list")["hooks"]}
    assert (rows["output-monitor"], rows["session-summary"]) == ([], ["api", "web"])
    hub.ok("hooks", "enable", "output-monitor", "host")
    assert "output-monitor" in hooks_of(hub, "host")
    ran = hub.run("hooks", "enable", "dora-tracker", "host")
    assert ran.code == 2 and "scope: host" in ran.err


# -- run -------------------------------------------------------------------------------------------


def test_run_answers_as_the_dispatcher_does(hub):
    hub.apply()
    code, out, err = answer(hub, "rm -rf /")
    said = json.loads(out)["hookSpecificOutput"]
    assert (code, said["permissionDecision"]) == (2, "deny")
    assert err.strip() == said["permissionDecisionReason"]
    assert answer(hub, "ls") == (0, "", "")
    assert answer(hub, "rm -rf /", "--lane", "async")[0] == 0


def test_run_explains_itself_on_stderr_and_changes_no_answer(hub):
    hub.apply()
    plain, told = answer(hub, "rm -rf /"), answer(hub, "rm -rf /", "--explain")
    assert told[:2] == plain[:2] and plain[2] in told[2]
    assert "verdict   deny, exit code 2" in told[2]
    assert "hook      smart-safety-check: " in told[2] and " ms, deny" in told[2]
    assert "hooks_shared.families.safety.smart_safety_check" in told[2]
    assert "dora_tracker" not in told[2]


def test_run_without_a_release_uses_what_travels_with_hubctl(hub):
    code, out, err = answer(hub, "rm -rf /")
    assert (code, out, err) == (0, "", "")  # nothing is enabled before an apply


def test_run_refuses_an_event_that_the_client_does_not_have(account):
    ran = account.run("hooks", "run", "PreTool")
    assert ran.code == 2 and "PreToolUse" in ran.err


# -- the hub's own hooks ---------------------------------------------------------------------------


def test_an_own_hook_is_rendered_installed_and_answers(with_own):
    with_own.apply()
    with_own.in_sync()
    release = Path(with_own.home, ".local/share/hubctl/hooks/current/hooks_shared/own/acme")
    assert {path.name for path in release.glob("*.py")} == {
        "__init__.py", "ticket_check.py", "words.py",
    }  # fmt: skip
    code, out, _ = answer(with_own, "git commit -m x")
    assert code == 0 and json.loads(out)["hookSpecificOutput"]["permissionDecision"] == "ask"
    assert answer(with_own, "git commit -m 'ABC-7 x'") == (0, "", "")


def test_a_changed_own_hook_is_a_pending_change_until_it_is_applied(with_own):
    with_own.apply()
    with_own.put("hub/hooks/words.py", 'WORD = "Name the ticket of"\n')
    assert with_own.run("plan", "--check", "api").code == 1
    with_own.apply()
    assert "Name the ticket of ABC" in answer(with_own, "git commit -m x")[1]
    with_own.in_sync()


def test_tampering_with_an_installed_own_hook_is_drift_and_is_repaired(with_own):
    with_own.apply()
    path = Path(with_own.home, ".local/share/hubctl/hooks/current/hooks_shared/own/acme/words.py")
    path.resolve().write_text("WORD = 'evil'\n")
    found = with_own.report("drift")
    assert found["exit_code"] == 1
    assert {finding["rule"] for finding in found["findings"]} == {"release/tampered"}
    assert with_own.ok("drift", "--fix").code == 0
    with_own.in_sync()
    assert "Which ticket" in answer(with_own, "git commit -m x")[1]


def test_an_own_hook_takes_the_place_of_hubctls(hub):
    hub.put(
        "hub/hooks/context-monitor.py", OWN.replace("from .words import WORD\n", 'WORD = "x"\n')
    )
    hub.canonical(
        HUB.replace("options: {warning: 70}", "options: {key: Z}").replace(
            "{critical: 90}", "{key: Z}"
        )
    )
    hub.apply()
    assert "ask" in answer(hub, "git commit -m x")[1]


UNUSABLE = {
    "no literal": OWN.replace('"order": 30', '"order": int("30")'),
    "unknown key": OWN.replace('"order"', '"orderr"'),
    "unknown event": OWN.replace('["PreToolUse"]', '["PreTool"]'),
    "no events": OWN.replace('    "events": ["PreToolUse"],\n', ""),
    "no description": OWN.replace('"Asks for a ticket in commit messages.",', '" ",'),
    "no decide": OWN.replace("def decide", "def decided"),
    "decide of one": OWN.replace("decide(event, context)", "decide(event)"),
    "no Python": OWN + "def (\n",
    "a package": "import requests\n" + OWN,
    "a sibling that is not there": OWN.replace(".words", ".wordz"),
    "from above": OWN.replace(".words", "..words"),
    "tools at Stop": OWN.replace('["PreToolUse"]', '["Stop"]'),
    "a long deadline": OWN.replace('"order": 30', '"deadline": 300'),
    "closed and observing": OWN.replace('"order": 30', '"on_error": "closed", "observing": True'),
    "options beside their schema": OWN.replace('{"key": "ABC"}', '{"key": 5}'),
    "a broken schema": OWN.replace('"type": "object"', '"type": "thing"'),
    "an order of words": OWN.replace('"order": 30', '"order": "first"'),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_own_hook_stops_an_apply_with_its_line(with_own, kind):
    with_own.put("hub/hooks/ticket_check.py", UNUSABLE[kind])
    ran = with_own.run("apply", "--yes")
    assert ran.code == 2 and "hooks/ticket_check.py" in ran.err and "hooks/own-row" in ran.err
    assert not (with_own.home / "src/api/.claude").exists()
    rows = {row["id"]: row for row in document(with_own, "hook-list", "list")["hooks"]}
    assert rows["ticket-check"]["problem"]


def test_an_unusable_own_hook_that_nobody_enables_stops_nothing(with_own):
    with_own.put("hub/hooks/ticket_check.py", UNUSABLE["no Python"])
    with_own.canonical(HUB)
    with_own.apply()
    assert "cannot be used" in with_own.ok("hooks", "list").out


def test_a_module_outside_of_the_hub_is_no_hook(with_own):
    path = with_own.hub / "hooks/ticket_check.py"
    path.rename(with_own.home / "outside.py")
    path.symlink_to(with_own.home / "outside.py")
    assert with_own.run("apply", "--yes").code == 2


# -- test ------------------------------------------------------------------------------------------


def test_the_cases_of_every_hook_come_out_as_expected(hub):
    found = document(hub, "hook-trials", "test")
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


def test_a_file_of_ones_own_runs_with_the_hooks_of_a_target(hub):
    hub.put("hub/mine.jsonl", MINE)
    found = document(hub, "hook-trials", "test", "mine.jsonl", "--target", "api")
    assert [case["verdict"] for case in found["cases"]] == ["none", "deny", "none", "deny"]
    hub.canonical(HUB.replace("      - smart-safety-check\n", ""))
    told = hub.run("hooks", "test", "mine.jsonl", "--target", "api")
    assert told.code == 1 and "mine.jsonl:4  the guard" in told.out
    assert "answered none instead of deny" in told.out and "4 cases, 1 failed" in told.out


def test_a_case_without_hook_needs_a_target(hub):
    hub.put("hub/mine.jsonl", MINE)
    assert "--target" in hub.run("hooks", "test", "mine.jsonl").err


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
def test_a_line_that_is_no_case_is_named(hub, line, why):
    hub.put("hub/mine.jsonl", "\n" + line + "\n")
    ran = hub.run("hooks", "test", "mine.jsonl", "--target", "api")
    assert ran.code == 2 and "mine.jsonl:2" in ran.err and why in ran.err


def test_trials_see_and_leave_nothing_of_this_account(hub, monkeypatch):
    hub.put("hub/mine.jsonl", json.dumps({
        "hook": "smart-safety-check", "command": "rm -rf build", "verdict": "none",
        "files": {"build/x": "1", "~/y": "{home} {project}"},
    }))  # fmt: skip
    before = sorted(str(path) for path in hub.home.rglob("*"))
    document(hub, "hook-trials", "test", "mine.jsonl")
    assert sorted(str(path) for path in hub.home.rglob("*")) == before
    assert not list((hub.base / "tmp").glob("hubctl-hooks-*"))


# -- profile ---------------------------------------------------------------------------------------


def spooled(account, *records):
    hooks = f"{account.state}/acme/{places.HOOKS}"
    for record in records:
        assert store.append(hooks, {"v": 1, "t": time.time(), **record})


def run_of(milliseconds, **more):
    row = {"id": "context-monitor", "ms": milliseconds, **more}
    return {"event": "PreToolUse", "ms": milliseconds + 1, "hooks": [row]}


def test_the_profile_tells_percentiles_and_what_is_slow(hub):
    spooled(hub, *(run_of(number) for number in range(1, 100)), run_of(700, problem="x"))
    found = document(hub, "hook-profile", "profile")
    rows = {row["name"]: row for row in found["timings"]}
    one = rows["context-monitor"]
    assert (one["count"], one["p50"], one["p95"], one["longest"], one["problems"]) == (
        100, 50, 95, 700, 1,
    )  # fmt: skip
    assert rows["PreToolUse (dispatcher)"]["p50"] == 51
    assert found["findings"] == [] and one["level"] == ""


@pytest.mark.parametrize(("milliseconds", "level"), [(90, ""), (120, "warning"), (600, "critical")])
def test_slow_hooks_are_held_against_the_hubs_thresholds(hub, milliseconds, level):
    spooled(hub, *[run_of(milliseconds)] * 3)
    found = document(hub, "hook-profile", "profile", code=1 if level else 0)
    rows = {row["name"]: row["level"] for row in found["timings"]}
    assert rows["context-monitor"] == level
    hub.canonical(HUB + "thresholds: {hook_latency_ms: {warning: 1000, critical: 2000}}\n")
    assert document(hub, "hook-profile", "profile")["findings"] == []


def test_old_and_damaged_records_do_not_count(hub):
    spooled(hub, {**run_of(9000), "t": time.time() - 40 * 86_400}, run_of(1))
    [segment] = Path(f"{hub.state}/acme/{places.HOOKS}/spool").glob("*.jsonl")
    with segment.open("a") as stream:
        stream.write("{torn\n")
    found = document(hub, "hook-profile", "profile", "--days", "30")
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


def test_transcripts_time_handlers_of_anybody(hub):
    lines = "".join(json.dumps(line) + "\n" for line in TRANSCRIPT) + '{"durationMs": \n'
    hub.put(".claude/projects/p/s/subagents/agent-1.jsonl", lines)
    old = hub.put(".claude/projects/p/old.jsonl", lines.replace("812", "9999"))
    os.utime(old, (0, 0))
    found = document(hub, "hook-profile", "profile", code=1)
    rows = {row["name"]: row for row in found["timings"]}
    assert set(rows) == {"make after", "hubctl (whole process)"}
    one = rows["make after"]
    assert (one["count"], one["longest"], one["problems"], one["source"]) == (
        2,
        812,
        1,
        "transcript",
    )


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


def test_what_costs_or_cannot_work_in_settings_is_told(hub):
    hub.put("src/api/.claude/settings.json", json.dumps(SETTINGS))
    found = document(hub, "hook-profile", "profile", code=1)
    told = [(f["rule"], f["address"].partition("#")[0]) for f in found["findings"]]
    place = "api:.claude/settings.json"
    assert sorted(told) == [
        ("hooks/every-tool", place),
        ("hooks/every-tool", place),
        ("hooks/missing-script", place),
        ("settings/hook-timeout-milliseconds", place),
    ]


def test_our_own_entries_are_not_told(hub):
    hub.apply()
    assert document(hub, "hook-profile", "profile")["findings"] == []
    assert "no hook ran yet" in hub.ok("hooks", "profile").out
