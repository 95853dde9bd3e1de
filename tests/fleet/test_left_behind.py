"""A repository that left canonical.yaml by hand is told, and let go like any other."""

from __future__ import annotations

import shutil

import pytest

from tests.support.cli import LOCAL_SETTINGS, LOCK, SETTINGS, rules, tree

RULE = "fleet/left-behind"
EMPTY = "hub: {name: acme}\nrepositories: {}\n"
FULL = """\
hub: {name: acme}
repositories:
  api:
    path: ~/src/api
    conventions: [Small commits.]
    overrides:
      settings: {model: sonnet}
      local: {settings: {spinnerTipsEnabled: false}}
  web: {path: ~/src/web}
"""


@pytest.fixture
def left(account):
    """Two repositories, of which the first is no longer in canonical.yaml."""
    account.canonical(FULL)
    account.repository("api", '{"theme": "dark"}\n')
    account.repository("web")
    account.apply()
    account.canonical(EMPTY)
    return account


def told(account, *command):
    return [f for f in account.report(*command)["findings"] if f["rule"] == RULE]


def test_it_is_told_by_whoever_looks_at_the_fleet_until_it_is_let_go(left):
    for command in (("drift",), ("drift",), ("plan",)):
        (finding,) = told(left, *command)
        assert finding["address"] == "api:."
        assert "hubctl repos remove api" in finding["hint"]
    assert left.report("drift")["exit_code"] == 1
    left.ok("repos", "remove", "api", "--yes")
    left.in_sync()
    root = left.home / "src/api"
    assert not (root / LOCK).exists()
    assert b"hubctl" not in (root / "CLAUDE.md").read_bytes()
    assert b"sonnet" in (root / SETTINGS).read_bytes()


def test_letting_it_go_can_be_rolled_back(left):
    before = tree(left.home / "src/api")
    left.ok("repos", "remove", "api", "--yes")
    left.ok("rollback", "--yes")
    assert tree(left.home / "src/api") == before
    assert told(left, "drift")


def test_with_restore_everything_is_as_before(left):
    left.ok("repos", "remove", "api", "--restore", "--yes")
    left.in_sync()
    root = left.home / "src/api"
    assert set(tree(root)) == {".claude", SETTINGS}
    assert (root / SETTINGS).read_bytes() == b'{"theme": "dark"}\n'


def test_what_comes_back_into_canonical_is_no_longer_told(left):
    left.canonical(FULL)
    left.in_sync()


def test_another_name_for_the_same_place_is_no_departure(left):
    left.canonical(FULL.replace("api:", "core:"))
    assert told(left, "plan") == []


@pytest.mark.parametrize("entry", ["  api: {}\n", "  api: {path: ~/src/gone}\n"])
def test_what_is_elsewhere_is_no_departure(left, entry):
    left.canonical("hub: {name: acme}\nrepositories:\n" + entry)
    assert told(left, "drift") == []


def test_a_repository_that_is_gone_leaves_nothing_to_tell(left):
    shutil.rmtree(left.home / "src/api")
    assert told(left, "drift")
    left.ok("repos", "remove", "api", "--yes")
    left.in_sync()


def test_one_target_alone_says_nothing_of_others(left):
    left.canonical(FULL.replace("  api:\n", "  api2:\n").replace("~/src/api", "~/src/new"))
    left.repository("new")
    assert told(left, "drift", "web") == []
    assert len(told(left, "drift")) == 1


def test_a_name_that_nobody_knows_is_refused_as_ever(left):
    ran = left.run("repos", "remove", "apx", "--yes")
    assert (ran.code, "no repository `apx`" in ran.err) == (2, True)


@pytest.mark.parametrize("data", [b"{", b"[]", b""])
def test_a_ledger_that_cannot_be_read_says_nothing(left, data):
    for place in left.state.glob("acme/ledger/*.json"):
        place.write_bytes(data)
    left.in_sync()


def test_a_disabled_repository_stays_until_it_is_removed(left):
    left.canonical(
        FULL.replace("    path: ~/src/api\n", "    path: ~/src/api\n    enabled: false\n")
    )
    assert rules(left.report("drift")) == []
    left.ok("repos", "remove", "api", "--yes")
    assert not (left.home / "src/api" / LOCK).exists()
    assert (left.home / "src/api" / LOCAL_SETTINGS).exists()
    left.in_sync()
