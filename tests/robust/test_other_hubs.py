"""Two hubs on one account: each leaves to the other what the other looks after."""

from __future__ import annotations

import json

import pytest

from tests.support.cli import LOCAL_SETTINGS, MODEL, rules

HUB = """\
hub: {{name: {name}}}
global:
  settings: {{model: {model}}}
  hooks: {{stop: [{{hook: session-summary, scope: host}}]}}
repositories:
  api: {{path: ~/src/api, overrides: {{local: {{settings: {{spinnerTipsEnabled: {tips}}}}}}}}}
"""
OURS = HUB.format(name="acme", model="opus", tips="false")
THEIRS = HUB.format(name="other", model="haiku", tips="true")
OTHER = "../other/canonical.yaml"
PATHS = (".claude/settings.json", f"src/api/{LOCAL_SETTINGS}", "src/api/.git/info/exclude")


@pytest.fixture
def two(account):
    """The first hub has applied; the second one wants other values at the same addresses."""
    account.canonical(OURS)
    account.put("other/canonical.yaml", THEIRS)
    account.repository()
    account.apply()
    return account


def files(account):
    registries = sorted(account.state.rglob("registry.json"))
    return [account.read(path) for path in PATHS] + [path.read_bytes() for path in registries]


def test_what_another_hub_looks_after_is_left_alone_and_told(two):
    before = files(two)
    for command in (("plan",), ("apply", "--yes"), ("drift",), ("drift", "--fix")):
        report = two.report("--hub", OTHER, *command)
        told = [f for f in report["findings"] if f["rule"] == "ledger/other-hub"]
        assert [f["address"].partition(":")[0] for f in told] == ["host", "api"]
        assert all("'acme' looks after" in f["message"] and f["hint"] for f in told)
        assert report["exit_code"] == (0 if command == ("plan",) else 4)
        assert files(two) == before
        two.in_sync("api")


def test_things_of_which_no_other_hub_knows_are_applied(two):
    two.put("other/canonical.yaml", "hub: {name: other}\nglobal: {settings: {theme: dark}}\n")
    two.ok("--hub", OTHER, "apply", "--yes")
    found = json.loads(two.read(PATHS[0]))
    assert (found["model"], found["theme"]) == ("opus", "dark")
    two.in_sync("api")
    assert two.report("--hub", OTHER, "drift")["exit_code"] == 0


def test_what_one_hub_lets_go_the_other_may_have(two):
    two.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    two.apply("--prune")
    two.ok("--hub", OTHER, "apply", "--yes")
    assert json.loads(two.read(PATHS[0]))["model"] == "haiku"
    assert json.loads(two.read(PATHS[1])) == {"spinnerTipsEnabled": True}


def test_the_hint_about_a_hub_that_is_gone_settles_it(two):
    found = two.report("--hub", OTHER, "drift")["findings"]
    for finding in found:
        if finding["rule"] == "ledger/other-hub":
            place = finding["hint"].rpartition("remove ")[2]
            assert place == finding["location"]["file"]
            two.put(place, "")
            (two.home / place).unlink()
    report = two.report("--hub", OTHER, "apply", "--yes")
    assert "ledger/other-hub" not in rules(report)


def test_what_both_record_is_forgotten_by_the_one_that_drops_it_and_stays(two):
    kept = {path: path.read_bytes() for path in two.state.glob("acme/ledger/*")}
    for path in kept:
        path.unlink()
    without_hooks = "".join(line for line in OURS.splitlines(True) if "hooks" not in line)
    two.put("other/canonical.yaml", without_hooks.replace("acme", "other"))
    two.ok("--hub", OTHER, "apply", "--yes")  # the same values: recorded by the other hub as well
    for path, data in kept.items():
        path.write_bytes(data)
    two.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    two.apply("--prune")
    assert json.loads(two.read(PATHS[0])) == {"model": "opus"}
    assert json.loads(two.read(PATHS[1])) == {"spinnerTipsEnabled": False}
    assert two.report("--hub", OTHER, "drift")["exit_code"] == 0


def test_a_ledger_of_another_hub_that_is_damaged_stops_nothing(two):
    for path in two.state.glob("acme/ledger/*"):
        path.write_bytes(b"{")
    assert "ledger/other-hub" not in rules(two.report("--hub", OTHER, "plan"))


# -- this account without a section of its own ---------------------------------------------------


def test_an_account_of_which_nothing_is_wanted_any_more_is_tidied_up(account):
    account.put(".claude/settings.json", '{"theme": "dark"}\n')
    account.canonical("hub: {name: acme}\nglobal: {settings: {model: opus}}\n")
    account.apply()
    account.canonical("hub: {name: acme}\n")
    report = account.report("drift")
    assert report["exit_code"] == 1
    assert [t["name"] for t in report["targets"]] == ["host"]
    account.apply()
    assert account.read(".claude/settings.json") == b'{"theme": "dark"}\n'
    assert account.report("drift")["targets"] == []


def test_a_hub_that_never_wanted_anything_of_the_account_does_not_name_it(account):
    account.canonical(MODEL)
    account.repository()
    account.apply()
    assert [t["name"] for t in account.report("drift")["targets"]] == ["api"]
