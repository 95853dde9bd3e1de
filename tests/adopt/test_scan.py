"""`hubctl init --scan`: a first hub from what repositories share, measured, and nothing touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from hubctl.config.load import load
from tests.adopt.trees import RUN, M, S, hooks, settings
from tests.support.cli import tree

if TYPE_CHECKING:
    from tests.support.cli import Account

ALLOW = [f"Bash(tool-{n})" for n in range(12)]


@pytest.fixture
def fleet(account: Account) -> Account:
    """Four alike, two of them more so, one of its own, one without anything, and distractions."""
    for name in ("a", "b"):
        keys = {"permissions": {"allow": ALLOW}, "env": {f"V{n}": "1" for n in range(8)}}
        account.repository(f"work/{name}", settings(model="opus", **keys))
    for name in ("c", "d"):
        account.repository(f"work/{name}", settings(model="haiku", permissions={"allow": ALLOW}))
    account.repository("own", settings(language="de"))
    account.repository("bare")
    account.repository("play/a", hooks([{"hooks": [RUN]}]))
    account.put("src/work/a/vendored/.git/HEAD", "x\n")
    account.put("src/node_modules/x/.git/HEAD", "x\n")
    account.put("src/.hidden/x/.git/HEAD", "x\n")
    account.put("src/linked/.git", "gitdir: ../work/a/.git/worktrees/x\n")
    (account.home / "src/loop").symlink_to(".")
    return account


def document(account: Account) -> dict[str, Any]:
    data = account.read("new/canonical.yaml")
    return dict(load(data, file="canonical.yaml").document)


def test_what_they_share_becomes_profiles(fleet: Account) -> None:
    before = tree(fleet.home / "src", without=())
    ran = fleet.ok("init", "../new", "--scan", "../src", "--yes")
    assert tree(fleet.home / "src", without=()) == before
    found = document(fleet)
    assert set(found["repositories"]) == {"a", "work-a", "b", "c", "d", "own", "bare"}
    profiles = found["profiles"]
    assert profiles["shared"] == {"permissions": {"allow": ALLOW}}
    assert set(profiles["shared-2"]["env"]) == {f"V{n}" for n in range(8)}
    assert found["repositories"]["b"]["profiles"] == ["shared", "shared-2"]
    assert "overrides" not in found["repositories"]["b"]
    assert found["repositories"]["own"]["overrides"] == {"settings": {"language": "de"}}
    assert set(found["repositories"]["bare"]) == {"path"}
    report = fleet.report("--hub", "../new", "plan")
    assert [c for t in report["targets"] for c in t["changes"]] == []
    numbers = re.search(r"(\d+) repositories: (\d+) lines .* (\d+) lines in (\d+) files", ran.err)
    assert numbers is not None
    assert int(numbers[1]) == 7
    assert int(numbers[2]) == len(fleet.read("new/canonical.yaml").splitlines())
    assert int(numbers[2]) < int(numbers[3])
    assert int(numbers[4]) == 6


def test_a_dry_run_prints_the_proposal(fleet: Account) -> None:
    ran = fleet.ok("init", "../new", "--scan", "../src", "--dry-run")
    assert load(ran.out.encode(), file="x").document["profiles"]["shared"]
    assert not (fleet.home / "new").exists()


def test_nobody_is_asked_where_nobody_is(fleet: Account) -> None:
    assert fleet.run("init", "../new", "--scan", "../src").code == 2
    assert not (fleet.home / "new").exists()


def test_a_folder_with_a_hub_is_left_alone(fleet: Account) -> None:
    before = fleet.read("hub/canonical.yaml")
    assert fleet.run("init", ".", "--scan", "../src", "--yes").code == 2
    assert fleet.read("hub/canonical.yaml") == before


def test_nothing_below(account: Account) -> None:
    (account.home / "empty").mkdir()
    assert "no git repository" in account.run("init", "../new", "--scan", "../empty", "--yes").err
    assert account.run("init", "../new", "--scan", "../nowhere", "--yes").code == 2
    assert account.run("init", "../new", "--yes").code == 2


def test_files_that_cannot_be_read_are_told_and_the_others_go_on(account: Account) -> None:
    account.repository("x", '{"a": 1,}')
    account.put(f"src/x/{M}", settings(mcpServers={"db": {"command": "db"}}))
    ran = account.ok("init", "../new", "--scan", "../src", "--yes")
    assert "trailing comma" in ran.err
    assert document(account)["repositories"]["x"]["overrides"] == {"mcp": {"db": {"command": "db"}}}
    assert S in ran.err


def test_what_another_hub_manages_is_left_out_and_told(account: Account) -> None:
    account.canonical(
        "hub: {name: acme}\nrepositories: {x: {path: ~/src/x}}\ndefaults: {env: {A: b}}"
    )
    for name in ("x", "y"):
        account.repository(name, settings(model="opus"))
    account.apply()
    ran = account.ok("init", "../new", "--scan", "../src", "--yes")
    assert "left out: ~/src/x: the hub 'acme' manages it\n" in ran.err
    assert set(document(account)["repositories"]) == {"y"}
    refused = account.run("init", "../third", "--scan", "../src/x", "--yes")
    assert (refused.code, "that no hub manages" in refused.err) == (2, True)
