"""What stops a run that would do more harm than it was asked for."""

from __future__ import annotations

import json

import pytest

from tests.robust.worlds import UNTIL
from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS, changes, rules, tree

FILE = "src/api/" + SETTINGS
EMPTY = "hub:\n  name: acme\nrepositories:\n  api:\n    path: ~/src/api\n"


def rows(count):
    listed = "".join(f"          - Bash(tool{n} *)\n" for n in range(count))
    return MODEL + "      permissions:\n        allow:\n" + listed


# -- grants of this machine in a file for everybody ------------------------------------------------


@pytest.mark.parametrize("rule", ["Read(//home/ann/notes/**)", "Edit(//Users/ann/x)"])
def test_a_grant_with_a_home_path_in_a_committed_file_is_a_finding(api, rule):
    api.canonical(MODEL + f'      permissions:\n        allow: ["{rule}"]\n')
    report = api.report("plan")
    found = [f for f in report["findings"] if rule in f["message"] + f["address"]]
    assert found, rules(report)
    assert [f for f in found if "home" in f["message"] and f["hint"]]


def test_the_same_grant_in_the_local_file_is_none(api):
    rule = "Read(//home/ann/notes/**)"
    api.canonical(MODEL + f'      local:\n        permissions:\n          allow: ["{rule}"]\n')
    report = api.report("plan")
    assert [address for address in changes(report) if rule in address]
    assert [f for f in report["findings"] if "home folder" in f["message"]] == []


# -- prune ------------------------------------------------------------------------------------


def test_deleting_most_of_what_was_written_needs_prune(api):
    api.canonical(rows(12))
    api.apply()
    before = tree(api.home / "src")
    api.canonical(rows(3))
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    (outcome,) = report["outcomes"]
    assert "delete 9 of the 13" in outcome["message"]
    assert "--prune" in outcome["hint"]
    assert tree(api.home / "src") == before
    api.apply("--prune")
    assert len(json.loads(api.read(FILE))["permissions"]["allow"]) == 3
    api.in_sync()


def test_a_few_deletions_need_no_flag(api):
    api.canonical(rows(12))
    api.apply()
    api.canonical(rows(8))
    api.apply()
    api.in_sync()


def test_the_share_is_set_in_canonical(api):
    text = rows(12).replace("  name: acme\n", "  name: acme\n  prune_limit: 0.9\n")
    api.canonical(text)
    api.apply()
    api.canonical(text.replace("".join(rows(12).partition("tool3")[1:]), "tool3 *)\n"))
    api.apply()
    assert len(json.loads(api.read(FILE))["permissions"]["allow"]) == 4


def test_one_target_over_the_limit_does_not_stop_the_others(api):
    api.repository("web")
    web = "  web:\n    path: ~/src/web\n    overrides:\n      settings: {model: opus}\n"
    api.canonical(rows(12) + web)
    api.apply()
    api.canonical(EMPTY + web.replace("opus", "haiku"))
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert json.loads(api.read("src/web/" + SETTINGS)) == {"model": "haiku"}
    assert len(json.loads(api.read(FILE))["permissions"]["allow"]) == 12


def test_emptying_a_file_of_the_users_needs_prune(api):
    """The record of how it was before is lost, so hubctl cannot know that the file was its own."""
    api.apply()
    lock = json.loads(api.read("src/api/" + LOCK))
    lock["containers"] = {}
    api.put("src/api/" + LOCK, json.dumps(lock))
    api.canonical(EMPTY)
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert json.loads(api.read(FILE)) == {"model": "sonnet"}
    assert "--prune" in report["outcomes"][0]["hint"]
    api.apply("--prune")
    assert not (api.home / FILE).exists() or json.loads(api.read(FILE)) == {}


# -- somebody keeps changing it back --------------------------------------------------------------


def fight(account, rounds):
    for _ in range(rounds):
        account.put(FILE, account.read(FILE).replace(b"sonnet", b"opus"))
        last = account.report("drift", "--fix")
    return last


def test_the_third_repair_within_a_day_stops_and_says_who(api):
    api.apply()
    assert fight(api, 1)["exit_code"] == 0
    assert fight(api, 1)["exit_code"] == 0
    third = fight(api, 1)
    assert third["exit_code"] == 4
    assert json.loads(api.read(FILE)) == {"model": "opus"}
    (finding,) = [f for f in third["findings"] if f["rule"] == "repair/contested"]
    assert "somebody keeps changing this back" in finding["message"]
    assert "git does not record it; the file was last written" in finding["message"]
    assert finding["address"] == f"api:{SETTINGS}#/model"
    assert finding["decided_by"]["line"] == 8
    assert "--take" in finding["hint"]


def test_who_is_named_from_the_commit_that_did_it(api):
    root = api.home / "src/api"
    api.apply()
    api.git(root, "add", "-A")
    api.git(root, "commit", "-qm", "Set up")
    for _ in range(2):
        assert fight(api, 1)["exit_code"] == 0
    api.put(FILE, api.read(FILE).replace(b"sonnet", b"opus"))
    api.git(root, "commit", "-qam", "Use the large model")
    finding = next(
        f for f in api.report("drift", "--fix")["findings"] if f["rule"] == "repair/contested"
    )
    assert "Ada in commit" in finding["message"]
    assert "Use the large model" in finding["message"]


def test_apply_is_held_back_as_well(api):
    api.apply()
    fight(api, 2)
    api.put(FILE, api.read(FILE).replace(b"sonnet", b"opus"))
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 4
    assert json.loads(api.read(FILE)) == {"model": "opus"}


@pytest.mark.parametrize("command", [("drift",), ("plan",), ("drift", "--blame")])
def test_whoever_only_looks_is_told_as_well_and_advised_to_settle_it(api, command):
    api.apply()
    fight(api, 3)
    found = {f["rule"]: f for f in api.report(*command)["findings"]}
    assert set(found) == {"drift/drifted", "repair/contested"}
    assert found["drift/drifted"]["hint"] == found["repair/contested"]["hint"]
    out = api.run(*command).out
    assert "hubctl apply --take" in out
    assert "drift --fix" not in out
    assert "Run:" not in out


def test_what_is_allowed_is_nobodys_contest(api):
    api.apply()
    fight(api, 3)
    api.canonical(MODEL + UNTIL.format(f"{SETTINGS}#/model", "2999-01-01"))
    for command in ("drift", "plan", "apply"):
        report = api.report(command, *["--yes"][: command == "apply"])
        assert (report["exit_code"], rules(report)) == (0, ["drift/drifted"])


def test_a_saved_plan_is_held_back_as_well(api):
    api.apply()
    api.put(FILE, api.read(FILE).replace(b"sonnet", b"opus"))
    api.ok("plan", "-o", "saved.plan")
    fight(api, 2)
    api.put(FILE, api.read(FILE).replace(b"sonnet", b"opus"))
    report = api.report("apply", "--plan", "saved.plan")
    assert report["exit_code"] == 4
    assert json.loads(api.read(FILE)) == {"model": "opus"}


def test_what_the_hint_says_settles_it(api):
    api.apply()
    found = fight(api, 3)["findings"]
    hint = next(f["hint"] for f in found if f["rule"] == "repair/contested")
    command = hint.partition("hubctl ")[2].replace("'", "").split()
    api.ok(*command, "--yes")
    assert json.loads(api.read(FILE)) == {"model": "sonnet"}
    api.in_sync()


def test_repairs_of_other_fields_and_rolled_back_ones_do_not_count(api):
    api.canonical(MODEL + "        outputStyle: Brief\n")
    api.apply()
    for _ in range(2):
        api.put(FILE, api.read(FILE).replace(b"Brief", b"Long"))
        assert api.report("drift", "--fix")["exit_code"] == 0
    assert fight(api, 1)["exit_code"] == 0
    assert json.loads(api.read(FILE))["model"] == "sonnet"


def test_a_damaged_journal_entry_does_not_stop_repairs(api):
    api.apply()
    entry = next(api.state.glob("*/journal/*/entry.json"))
    entry.write_text("not json")
    assert fight(api, 1)["exit_code"] == 0
    assert "damaged" in api.ok("history").out


# -- git ---------------------------------------------------------------------------------------


def test_a_local_file_that_git_tracks_is_refused(api):
    root = api.home / "src/api"
    api.put("src/api/" + LOCAL_SETTINGS, '{"theme": "dark"}\n')
    api.git(root, "add", "-A")
    api.canonical(MODEL + "      local:\n        settings: {spinnerTipsEnabled: false}\n")
    report = api.report("apply", "--yes")
    assert report["exit_code"] == 4
    assert json.loads(api.read("src/api/" + LOCAL_SETTINGS)) == {"theme": "dark"}
    (finding,) = [f for f in report["findings"] if f["exit_code"] == 4]
    assert finding["hint"].endswith(f"rm --cached {LOCAL_SETTINGS}")
    assert json.loads(api.read(FILE)) == {"model": "sonnet"}


def test_a_committed_file_that_git_ignores_is_a_finding(api):
    api.put("src/api/.gitignore", ".claude/\n")
    report = api.report("plan")
    assert "git/ignored" in rules(report)
    assert changes(report) == {f"api:{SETTINGS}#/model": "pending"}


def test_a_local_file_is_ignored_before_it_is_written(api):
    api.canonical(MODEL + "      local:\n        settings: {spinnerTipsEnabled: false}\n")
    api.apply()
    status = api.git(api.home / "src/api", "status", "--porcelain", "-uall")
    assert LOCAL_SETTINGS not in status
    assert SETTINGS in status
