"""`hubctl hooks` over a hub: listed, explained, switched, run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubctl.system.hooks_package import places, registry
from tests.cli.hook_hub import HUB, answer, document

# -- list and explain ------------------------------------------------------------------------------


def test_the_list_tells_every_hook_and_where_it_is(hooked):
    found = {row["id"]: row for row in document(hooked, "hook-list", "list")["hooks"]}
    assert set(found) == {hook.id for hook in registry.HOOKS}
    assert found["context-monitor"]["enabled"] == ["api", "web"]
    assert found["dora-tracker"]["enabled"] == []
    assert found["smart-safety-check"]["on_error"] == "closed"
    told = hooked.ok("hooks", "list").out
    assert "api, web" in told and registry.find("dora-tracker").description in told


def test_the_list_works_without_a_hub(account):
    assert "smart-safety-check" in account.ok("hooks", "list").out


def test_own_hooks_are_listed_with_where_they_are(with_own):
    found = {row["id"]: row for row in document(with_own, "hook-list", "list")["hooks"]}
    assert found["ticket-check"]["source"] == "hooks/ticket_check.py"
    assert found["ticket-check"]["enabled"] == ["api", "web"]
    assert "somebody-elses" not in found


def test_explain_tells_lines_and_options(hooked):
    hooked.apply()
    told = document(hooked, "hook-explain", "explain", "context_monitor.py")
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


def test_explain_in_words(hooked):
    told = hooked.ok("hooks", "explain", "context-monitor", "web").out
    assert "~/hub/canonical.yaml:7  defaults: add" in told
    assert "option warning = 70  (~/hub/canonical.yaml:7)" in told
    assert "(pending)" in told and "api" not in told
    assert "No line" in hooked.ok("hooks", "explain", "dora-tracker").out


@pytest.mark.parametrize("words", [["explain"], ["disable"], ["enable"], ["test"]])
def test_an_unknown_hook_is_a_usage_error_with_the_nearest(hooked, words):
    ran = hooked.run("hooks", *words, "context-moniter")
    assert ran.code == 2 and "context-monitor" in ran.err


def test_an_unknown_command_has_the_nearest(account):
    ran = account.run("hooks", "verfy")
    assert ran.code == 2 and "'verify'" in ran.err


# -- disable and enable ----------------------------------------------------------------------------


def hooks_of(account, name):
    [target] = account.ok("show", name, "--json").json["targets"]
    return {entry["hook"] for entries in target["spec"]["hooks"].values() for entry in entries}


def test_a_hook_is_switched_off_and_on_everywhere_and_keeps_its_options(hooked):
    before = hooked.read("hub/canonical.yaml")
    ran = hooked.ok("hooks", "disable", "context-monitor")
    assert "+        enabled: false" in ran.out and "hubctl apply" in ran.err
    assert b"# how full the window is" in hooked.read("hub/canonical.yaml")
    assert "context-monitor" not in hooks_of(hooked, "api") | hooks_of(hooked, "web")
    hooked.ok("hooks", "enable", "context-monitor")
    assert hooked.read("hub/canonical.yaml") == before
    assert "nothing to change" in hooked.ok("hooks", "enable", "context-monitor").err


def test_a_hook_is_switched_off_at_one_target(hooked):
    hooked.apply()
    hooked.ok("hooks", "disable", "context-monitor", "web")
    assert "context-monitor" in hooks_of(hooked, "api")
    assert "context-monitor" not in hooks_of(hooked, "web")
    assert (
        document(hooked, "hook-explain", "explain", "context-monitor", "web")["targets"][0][
            "events"
        ][0]["enabled"]
        is False
    )
    assert hooked.run("plan", "--check", "web").code == 1
    hooked.apply("web")
    assert "context-monitor" not in registry_of(hooked, "web")
    hooked.ok("hooks", "enable", "context-monitor", "web")
    assert "context-monitor" in hooks_of(hooked, "web")
    hooked.ok("rollback", "--yes")
    assert "context-monitor" not in hooks_of(hooked, "web")


def registry_of(account, name):
    hooks = f"{account.state}/acme/{places.HOOKS}"
    folder = places.repository_folder(hooks, str(account.home / "src" / name))
    return Path(folder, places.REGISTRY).read_text()


def test_a_hook_that_no_line_lists_is_added(hooked):
    hooked.ok("hooks", "enable", "dora-tracker")
    assert "dora-tracker" in hooks_of(hooked, "api") & hooks_of(hooked, "web")
    hooked.ok("hooks", "enable", "output-monitor", "web")
    assert "output-monitor" in hooks_of(hooked, "web") - hooks_of(hooked, "api")


def test_a_string_entry_becomes_one_that_is_off(hooked):
    hooked.ok("hooks", "disable", "session-summary")
    text = hooked.read("hub/canonical.yaml").decode()
    assert "{hook: session-summary, enabled: false}" in text


def test_canonical_local_yaml_has_the_last_word_and_is_named(hooked):
    on = "overrides: {hooks: {Stop: [{hook: session-summary, enabled: true}]}}"
    hooked.put("hub/canonical.local.yaml", f"repositories:\n  api:\n    {on}\n")
    ran = hooked.run("hooks", "disable", "session-summary")
    assert ran.code == 2 and "api" in ran.err and "hooks explain" in ran.err
    assert hooked.read("hub/canonical.yaml").decode() == HUB


def test_a_list_edit_and_the_other_spelling_of_an_event(hooked):
    edits = """\
    overrides:
      hooks:
        stop: {remove: [session-summary]}
        post_tool_use: {add: [{hook: dora-tracker}]}
"""
    text = HUB.replace("    profiles: [quiet]\n", edits)
    hooked.canonical(text)
    hooked.ok("hooks", "disable", "dora-tracker", "web")
    assert "dora-tracker" not in hooks_of(hooked, "web")
    hooked.ok("hooks", "enable", "session-summary", "web")
    assert "session-summary" in hooks_of(hooked, "web")


def test_hooks_of_the_host_are_switched_where_they_stand(hooked):
    at_host = "PostToolUse: [{hook: output-monitor, scope: host}]"
    hooked.canonical(f"{HUB}global:\n  hooks:\n    {at_host}\n")
    assert "output-monitor" in hooks_of(hooked, "host")
    hooked.ok("hooks", "disable", "output-monitor", "host")
    rows = {row["id"]: row["enabled"] for row in document(hooked, "hook-list", "list")["hooks"]}
    assert (rows["output-monitor"], rows["session-summary"]) == ([], ["api", "web"])
    hooked.ok("hooks", "enable", "output-monitor", "host")
    assert "output-monitor" in hooks_of(hooked, "host")
    ran = hooked.run("hooks", "enable", "dora-tracker", "host")
    assert ran.code == 2 and "scope: host" in ran.err


# -- run -------------------------------------------------------------------------------------------


def test_run_answers_as_the_dispatcher_does(hooked):
    hooked.apply()
    code, out, err = answer(hooked, "rm -rf /")
    said = json.loads(out)["hookSpecificOutput"]
    assert (code, said["permissionDecision"]) == (2, "deny")
    assert err.strip() == said["permissionDecisionReason"]
    assert answer(hooked, "ls") == (0, "", "")
    assert answer(hooked, "rm -rf /", "--lane", "async")[0] == 0


def test_run_explains_itself_on_stderr_and_changes_no_answer(hooked):
    hooked.apply()
    plain, told = answer(hooked, "rm -rf /"), answer(hooked, "rm -rf /", "--explain")
    assert told[:2] == plain[:2] and plain[2] in told[2]
    assert "verdict   deny, exit code 2" in told[2]
    assert "hook      smart-safety-check: " in told[2] and " ms, deny" in told[2]
    assert "hooks_shared.families.safety.smart_safety_check" in told[2]
    assert "dora_tracker" not in told[2]


def test_run_without_a_release_uses_what_travels_with_hubctl(hooked):
    code, out, err = answer(hooked, "rm -rf /")
    assert (code, out, err) == (0, "", "")  # nothing is enabled before an apply


def test_run_refuses_an_event_that_the_client_does_not_have(account):
    ran = account.run("hooks", "run", "PreTool")
    assert ran.code == 2 and "PreToolUse" in ran.err
