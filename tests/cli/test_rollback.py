"""`hubctl rollback`: what comes back, what is left alone, and what is recorded afterwards."""

from __future__ import annotations

import json

import pytest

from tests.robust import worlds
from tests.support.cli import LOCK, SETTINGS, changes, tree

BLOCK = "api:CLAUDE.md#block:hubctl"
FILE = "src/api/" + SETTINGS


def last_run(account):
    return account.ok("history", "--json").json["runs"][0]["id"]


def test_the_last_run_is_taken_back_and_that_may_be_taken_back(account):
    worlds.new(account)
    before = tree(account.home / "src/api")
    account.apply()
    after = tree(account.home / "src/api")
    account.ok("rollback", "--yes")
    assert tree(account.home / "src/api") == before
    account.ok("rollback", last_run(account), "--yes")
    assert tree(account.home / "src/api") == after
    account.in_sync()


def test_what_is_kept_stays_recorded(account):
    worlds.new(account)
    account.apply()
    text = account.read("src/api/CLAUDE.md") + b"\nMine.\n"
    account.put("src/api/CLAUDE.md", text)
    assert account.run("rollback", "--yes").code == 4
    ran = account.ok("rollback", "--yes", "--keep-changed")
    assert "left alone: ~/src/api/CLAUDE.md" in ran.err
    assert account.read("src/api/CLAUDE.md") == text
    report = account.report("drift")
    assert (report["exit_code"], report["counts"]["in-sync"]) == (1, 1)
    assert set(changes(report).values()) == {"pending"}
    account.apply()
    assert account.read("src/api/CLAUDE.md") == text
    account.in_sync()


def test_an_edit_of_ours_that_is_kept_is_drift_and_no_conflict(account):
    worlds.new(account)
    account.apply()
    text = account.read("src/api/CLAUDE.md").replace(b"Small commits.", b"Large commits.")
    account.put("src/api/CLAUDE.md", text)
    account.ok("rollback", "--yes", "--keep-changed")
    assert changes(account.report("drift"))[BLOCK] == "drifted"
    account.run("drift", "--fix")
    assert b"Small commits." in account.read("src/api/CLAUDE.md")


@pytest.mark.parametrize("later", ["another file", "another field"])
def test_an_older_run_goes_back_without_the_later_one_where_their_files_differ(account, later):
    worlds.new(account)
    account.apply()
    first = last_run(account)
    text = worlds.RICH.replace("Small", "Tiny")
    if later == "another field":
        text = worlds.RICH.replace("sonnet", "haiku")
    account.canonical(text)
    account.apply()
    ran = account.run("rollback", first, "--yes")
    assert ran.code == 4
    kept = "CLAUDE.md" if later == "another file" else SETTINGS
    assert kept in ran.err
    assert LOCK not in ran.err
    account.ok("rollback", first, "--yes", "--keep-changed")
    report = account.report("drift")
    assert not [address for address in changes(report) if kept in address]
    account.apply()
    account.in_sync()


def test_the_run_between_two_others_goes_back_alone(account):
    """Each of three runs wrote one file; the ledger keeps what the first and the last recorded."""
    account.put("hub/rules/house.md", "Tidy up.\n")
    account.repository()
    texts = [
        "    overrides: {settings: {model: sonnet}}\n",
        "    overrides: {settings: {model: sonnet}}\n    conventions: [Small commits.]\n",
        "    overrides: {settings: {model: sonnet}, rules: [house]}\n"
        "    conventions: [Small commits.]\n",
    ]
    runs = []
    for text in texts:
        account.canonical("hub: {name: acme}\nrepositories:\n  api:\n    path: ~/src/api\n" + text)
        account.apply()
        runs.append(last_run(account))
    account.ok("rollback", runs[1], "--yes")
    assert not (account.home / "src/api/CLAUDE.md").exists()
    report = account.report("drift")
    assert changes(report) == {BLOCK: "pending"}
    assert report["counts"]["in-sync"] == 2
    assert json.loads(account.read(FILE)) == {"model": "sonnet"}
