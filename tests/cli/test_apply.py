"""`hubctl apply`: what it does, asks, leaves alone and says."""

from __future__ import annotations

import json

import pytest

from tests.robust import worlds
from tests.support.cli import LOCK, MODEL, SETTINGS, changes, rules, tree

FILE = "src/api/" + SETTINGS
ADDRESS = f"api:{SETTINGS}#/model"


def test_it_makes_it_so_and_says_what_to_do_next(account):
    worlds.new(account)
    ran = account.ok("apply", "--yes")
    assert ran.out.splitlines()[0] == "api  wrote 6"
    assert "Applied: 6 changes in 1 target" in ran.out
    assert "Undo: hubctl rollback" in ran.out
    account.in_sync()


def test_twice_changes_nothing(account):
    worlds.clean(account)
    before = tree(account.home, without=(".git", ".cache", "apply.lock"))
    ran = account.ok("apply", "--yes")
    assert "Applied: nothing" in ran.out
    assert tree(account.home, without=(".git", ".cache", "apply.lock")) == before
    assert account.ok("apply").out == ran.out  # with nothing to do nobody is asked


@pytest.mark.parametrize("world", worlds.ALL, ids=lambda world: world.__name__)
def test_rollback_after_apply_is_the_identity(account, world):
    world(account)
    before = tree(account.home / "src", without=())
    runs = len(account.ok("history", "--json").json["runs"])
    account.run("apply", "--yes")
    if len(account.ok("history", "--json").json["runs"]) > runs and world is not worlds.interrupted:
        account.ok("rollback", "--yes")
        assert tree(account.home / "src", without=()) == before


UNTOUCHED = (worlds.new, worlds.clean, worlds.missing, worlds.pending, worlds.orphan)


@pytest.mark.parametrize("world", UNTOUCHED, ids=lambda world: world.__name__)
def test_adding_everything_and_wanting_nothing_gives_every_byte_back(account, world):
    """Whatever stood there before hubctl came stands there after it went."""
    worlds.new(account)
    before = tree(account.home / "src/api")
    world(account)
    account.run("apply", "--yes")
    account.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    account.run("apply", "--yes", "--prune")
    assert tree(account.home / "src/api") == before


def test_take_overwrites_what_stands_there(account):
    worlds.foreign_value(account)
    before = account.read(FILE)
    report = account.report("apply", "--yes")
    assert report["exit_code"] == 4
    assert json.loads(account.read(FILE))["model"] == "opus"
    hint = next(f["hint"] for f in report["findings"] if f["address"] == ADDRESS)
    assert f"hubctl apply --take '{ADDRESS}'" in hint
    account.run("apply", "--yes", "--take", ADDRESS)
    assert json.loads(account.read(FILE))["model"] == "sonnet"
    assert ADDRESS not in changes(account.report("drift"))
    account.ok("rollback", "--yes")
    account.ok("rollback", "--yes")
    assert account.read(FILE) == before


def test_take_of_what_is_no_conflict_changes_nothing(account):
    worlds.clean(account)
    account.ok("apply", "--yes", "--take", ADDRESS)
    account.in_sync()
    assert account.run("apply", "--yes", "--take", "api").code == 2


def test_an_edited_orphan_is_kept_until_it_is_taken(account):
    worlds.edited_orphan(account)
    assert account.run("apply", "--yes").code == 4
    assert account.read("src/api/.claude/rules/house.md") == b"mine\n"
    account.apply("--take", "api:.claude/rules/house.md")
    assert not (account.home / "src/api/.claude/rules").exists()
    account.in_sync()


def test_one_target_alone(account):
    worlds.new(account)
    account.repository("web")
    account.canonical(worlds.RICH + "  web:\n    path: ~/src/web\n    conventions: [Be kind.]\n")
    account.apply("web")
    assert not (account.home / "src/api" / LOCK).exists()
    assert (account.home / "src/web/CLAUDE.md").exists()
    account.apply()
    account.in_sync()


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "markdown", "github"])
def test_every_format_ends_alike(account, name):
    worlds.both_moved(account)
    assert account.run("apply", "--yes", "--format", name).code == 4


def test_what_stays_open_is_told_with_the_outcome(account):
    worlds.unreadable_and_drifted(account)
    report = account.report("apply", "--yes")
    assert report["exit_code"] == 3
    assert [o["written"] for o in report["outcomes"]] == [2]
    assert rules(report) == ["read/syntax"]
    assert (account.home / "src/api/CLAUDE.md").exists()


def test_a_folder_without_git_is_applied_to_as_well(account):
    account.canonical(MODEL)
    (account.home / "src/api").mkdir(parents=True)
    account.apply()
    account.in_sync()


def test_names_of_files_may_be_odd(account):
    name = "a b'c$d(é)☃"
    account.canonical(MODEL.replace("~/src/api", f'"~/src/{name.replace("$", "$$")}"'))
    account.repository(name)
    account.apply()
    account.in_sync()
    assert (account.home / "src" / name / SETTINGS).exists()
    account.ok("rollback", "--yes")
    assert tree(account.home / "src" / name) == {}


def test_hooks_are_installed_with_the_first_apply_that_needs_them(account):
    account.canonical(MODEL + "      hooks: {stop: [session-summary]}\n")
    account.repository()
    account.apply()
    link = account.home / "src/api/.claude/hooks/hubctl"
    assert link.is_symlink()
    assert (link / "run.py").exists()
    found = json.loads(account.read("src/api/.claude/settings.local.json"))
    assert list(found["hooks"]) == ["Stop"]
    assert account.report("drift")["exit_code"] == 0
    account.ok("rollback", "--yes")
    assert not link.is_symlink()
    assert not (account.home / "src/api/.claude").exists()
