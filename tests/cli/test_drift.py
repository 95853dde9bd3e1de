"""`hubctl drift`: what it tells, what --fix repairs, whom --blame names."""

from __future__ import annotations

import json

import pytest

from tests.robust import worlds
from tests.support.cli import LOCK, SETTINGS, changes, rules, tree

FILE = "src/api/" + SETTINGS


def test_it_reads_well(account):
    worlds.drifted(account)
    out = account.run("drift").out
    for piece in (
        "~ drifted",
        f"{SETTINGS}#/model",
        'found   "opus"',
        'wanted  "sonnet"',
        "~/hub/canonical.yaml:8",
        "hubctl drift --fix api",
        "Drift: 1 drifted; 5 in sync",
    ):
        assert piece in out, piece


def test_clean_is_said_in_a_line_and_quiet_says_nothing(account):
    worlds.clean(account)
    assert account.ok("drift").out.splitlines()[-1] == "Drift: none; 6 in sync"
    assert account.ok("drift", "-q").out.strip() in ("", "Drift: none; 6 in sync")


REPAIRED = (worlds.drifted, worlds.drifted_secret, worlds.missing)
LEFT = {
    worlds.new: 1,
    worlds.pending: 1,
    worlds.orphan: 1,
    worlds.edited_orphan: 4,
    worlds.both_moved: 4,
    worlds.foreign_value: 4,
    worlds.unreadable: 3,
    worlds.unreadable_and_drifted: 3,
}


@pytest.mark.parametrize("world", REPAIRED, ids=lambda world: world.__name__)
def test_fix_repairs_what_drifted_or_went_missing(account, world):
    worlds.clean(account)
    good = tree(account.home / "src/api")
    world(account)
    report = account.report("drift", "--fix")
    assert (report["exit_code"], report["findings"]) == (0, [])
    assert sum(outcome["written"] for outcome in report["outcomes"]) > 0
    assert tree(account.home / "src/api") == good
    account.in_sync()


@pytest.mark.parametrize("world", LEFT, ids=lambda world: world.__name__)
def test_fix_leaves_what_is_no_drift_and_returns_what_is_left(account, world):
    world(account)
    place = account.home / FILE
    before = place.read_bytes() if place.exists() else None
    report = account.report("drift", "--fix")
    assert report["exit_code"] == LEFT[world]
    assert (place.read_bytes() if place.exists() else None) == before
    assert account.report("drift")["exit_code"] == LEFT[world]


def test_fix_is_rolled_back_like_any_run(account):
    worlds.drifted(account)
    before = tree(account.home / "src/api")
    account.ok("drift", "--fix")
    account.ok("rollback", "--yes")
    assert tree(account.home / "src/api") == before


def test_one_target_alone(account):
    worlds.drifted(account)
    account.repository("web")
    account.canonical(worlds.RICH + "  web:\n    path: ~/src/web\n    conventions: [Be kind.]\n")
    assert set(changes(account.report("drift", "api"))) == {f"api:{SETTINGS}#/model"}
    account.run("drift", "--fix", "web")
    assert b"opus" in account.read(FILE)


# -- blame ---------------------------------------------------------------------------------------


def blame(account):
    report = account.report("drift", "--blame")
    return {c["address"]: c["blame"] for t in report["targets"] for c in t["changes"]}


def committed(account):
    worlds.clean(account)
    root = account.home / "src/api"
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "Set up")
    return root


def test_blame_names_the_commit_that_changed_the_line(account):
    root = committed(account)
    worlds.replaced(account, "sonnet", "opus")
    account.git(root, "commit", "-qam", "Use the large model")
    account.put("src/api/README.md", "x")
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "Something else")
    (told,) = blame(account).values()
    assert told.startswith("Ada in commit ")
    assert told.endswith(": Use the large model")
    assert "Use the large model" in account.run("drift", "--blame").out


def test_blame_says_what_nobody_committed(account):
    committed(account)
    worlds.replaced(account, "sonnet", "opus")
    assert "not committed yet" in blame(account)[f"api:{SETTINGS}#/model"]


def test_blame_says_when_git_records_nothing(account):
    worlds.drifted(account)
    told = blame(account)[f"api:{SETTINGS}#/model"]
    assert "git does not record it" in told
    assert "UTC by" in told


def test_blame_names_the_client_where_it_writes_the_key_itself(account):
    account.canonical("hub: {name: acme}\nglobal: {settings: {model: sonnet}}\n")
    account.apply()
    account.put(".claude/settings.json", '{"model": "opus"}\n')
    assert "Claude Code itself" in blame(account)["host:.claude/settings.json#/model"]


def test_a_removed_file_has_nobody_to_blame(account):
    worlds.missing(account)
    assert set(blame(account).values()) == {"the file is gone, so nothing records who removed it"}


# -- what it rests on ----------------------------------------------------------------------------


def test_what_changed_is_seen_however_fast_drift_was_asked_before(account):
    """Snapshots of what did not move must never hide what did."""
    worlds.clean(account)
    for _ in range(3):
        account.in_sync()
    for model in ("opus", "haiku", "sonneT"):
        data = account.read(FILE)
        worlds.replaced(account, "sonnet", model)
        assert changes(account.report("drift")) == {f"api:{SETTINGS}#/model": "drifted"}
        account.put(FILE, data)
        account.in_sync()


MOVES = {
    "a link is put in its place": lambda root: relink(root / SETTINGS),
    "the lock is removed": lambda root: (root / LOCK).unlink(),
    "a file of ours goes": lambda root: (root / "CLAUDE.md").unlink(),
    "the folder goes": lambda root: (root / ".claude").rename(root / "gone"),
    "AGENTS.md comes": lambda root: (root / "AGENTS.md").write_text("# x\n"),
    "a local file overrides": lambda root: (root / ".claude/settings.local.json").write_text(
        '{"model": "opus"}'
    ),
}


def relink(place):
    place.rename(place.with_name("real.json"))
    (place.with_name("other.json")).write_text("{}")
    place.symlink_to("other.json")


@pytest.mark.parametrize("move", MOVES)
def test_a_warm_answer_is_the_cold_one(account, move):
    worlds.clean(account)
    for _ in range(2):
        account.in_sync()
    MOVES[move](account.home / "src/api")
    warm = account.run("drift", "--json")
    for place in sorted(account.cache.rglob("*"), reverse=True):
        place.unlink() if place.is_file() else place.rmdir()
    cold = account.run("drift", "--json")
    assert (warm.code, json.loads(warm.out)) == (cold.code, json.loads(cold.out))
    assert rules(json.loads(cold.out))
