"""The system refuses at every single effect: told in words, undone, and mended by the next run."""

from __future__ import annotations

import errno
import os

import pytest

from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.cli import LOCK, MODEL, SETTINGS, tree

TWO = (
    MODEL
    + """\
      rules: [house]
    conventions: [Small commits.]
  web:
    path: ~/src/web
    overrides:
      settings:
        model: opus
"""
)
MINE = b'{\r\n\t"theme": "dark"\r\n}\r\n'


@pytest.fixture
def two(account):
    account.canonical(TWO)
    account.put("hub/rules/house.md", "Tidy up.\n")
    account.repository("api", MINE)
    account.repository("web")
    account.put("src/web/CLAUDE.md", "# Web\n")
    return account


class Refusing:
    """A door that counts its effects and refuses those that `refuses` says."""

    def __init__(self, refuses, code=errno.ENOSPC):
        self._refuses, self._code = refuses, code
        self.steps = 0

    def __call__(self):
        return CountingFiles(RealFiles(), self._step)

    def _step(self, _step, name, path):
        self.steps += 1
        if self._refuses(self.steps, name, path):
            raise OSError(self._code, os.strerror(self._code), path)


def run_behind(account, monkeypatch, door, *arguments):
    with monkeypatch.context() as patch:
        patch.setattr("hubctl.fleet.world.RealFiles", door)
        return account.run(*arguments)


def effects(account, monkeypatch, *arguments):
    door = Refusing(lambda *_: False)
    assert run_behind(account, monkeypatch, door, *arguments).code == 0
    return door.steps


def sweep(account, monkeypatch, arguments, code):
    """Run with a refusal from effect N on, for every N, from the same world each time."""
    before = tree(account.home / "src")
    total = effects(account, monkeypatch, *arguments)
    done = tree(account.home / "src")
    account.ok("rollback", "--yes")
    assert tree(account.home / "src") == before
    assert total > 15
    for step in range(1, total + 1):
        door = Refusing(lambda now, *_, at=step: now == at, code)
        ran = run_behind(account, monkeypatch, door, *arguments)
        assert ran.code in (0, 3), (step, ran)
        old_or_new(account, before, done)
        account.run(*arguments)
        assert tree(account.home / "src") == done, step
        account.in_sync()
        while tree(account.home / "src") != before:
            account.ok("rollback", "--yes")


def old_or_new(account, before, done):
    now = tree(account.home / "src")
    assert not [path for path in now if ".hubctl-" in path]
    for path in set(now) | set(before):
        assert now.get(path) in (before.get(path), done.get(path)), path


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES], ids=["full", "denied"])
def test_a_refusal_at_any_effect_loses_nothing_and_the_next_apply_mends_it(two, monkeypatch, code):
    sweep(two, monkeypatch, ("apply", "--yes"), code)


def test_a_disk_that_stays_full_is_told_at_every_effect(two, monkeypatch):
    before = tree(two.home / "src")
    total = effects(two, monkeypatch, "apply", "--yes")
    done = tree(two.home / "src")
    two.ok("rollback", "--yes")
    for step in range(1, total):
        door = Refusing(lambda now, name, _path, at=step: now >= at and name in FILLING)
        ran = run_behind(two, monkeypatch, door, "apply", "--yes")
        assert ran.code in (0, 3)
        assert ran.code == 0 or "full" in ran.out + ran.err
        old_or_new(two, before, done)
        two.apply()
        while tree(two.home / "src") != before:
            two.ok("rollback", "--yes")


FILLING = ("write", "mkdir", "link")


def test_one_target_that_refuses_does_not_stop_the_others(two, monkeypatch):
    door = Refusing(lambda _step, name, path: "/src/web/" in path and name == "rename")
    two.put("src/web/" + SETTINGS, "{}")
    before = tree(two.home / "src/web")
    ran = run_behind(two, monkeypatch, door, "apply", "--yes", "--json")
    outcomes = {outcome["target"]: outcome for outcome in ran.json["outcomes"]}
    assert (ran.code, ran.json["exit_code"], ran.json["verdict"]) == (3, 3, "failed")
    assert outcomes["api"]["written"] > 0
    assert (outcomes["web"]["written"], outcomes["web"]["failed"]) == (0, 1)
    assert "the disk is full" in outcomes["web"]["message"]
    assert len([f for f in ran.json["findings"] if f["rule"] == "apply/failed"]) == 1
    assert tree(two.home / "src/web") == before
    assert (two.home / "src/api" / LOCK).exists()


def test_a_journal_that_cannot_be_begun_stops_everything_before_any_write(two, monkeypatch):
    before = tree(two.home / "src")
    door = Refusing(lambda _step, _name, path: "/journal" in path)
    ran = run_behind(two, monkeypatch, door, "apply", "--yes")
    assert ran.code == 3
    assert "the disk is full" in ran.err + ran.out
    assert tree(two.home / "src") == before
    two.apply()


def test_a_journal_that_cannot_be_closed_is_settled_by_the_next_run(two, monkeypatch):
    door = Refusing(lambda _step, _name, path: path.endswith(("done", "done.new")))
    ran = run_behind(two, monkeypatch, door, "apply", "--yes")
    assert ran.code == 3
    assert two.report("drift")["exit_code"] == 3
    two.apply()
    two.in_sync()


def test_a_repair_and_a_rollback_are_held_to_the_same(two, monkeypatch):
    two.apply()
    two.put("src/api/" + SETTINGS, two.read("src/api/" + SETTINGS).replace(b"sonnet", b"opus"))
    drifted = tree(two.home / "src")
    for command in (("drift", "--fix"), ("rollback", "--yes")):
        door = Refusing(lambda _step, name, path: "/src/" in path and name == "rename")
        ran = run_behind(two, monkeypatch, door, *command)
        assert ran.code in (3, 4), command
        assert tree(two.home / "src") == drifted
    two.ok("drift", "--fix")
    two.in_sync()


def test_a_repository_that_leaves_half_way_comes_back_whole(two, monkeypatch):
    two.apply()
    before = tree(two.home)
    total = effects(two, monkeypatch, "repos", "remove", "api", "--restore", "--yes")
    two.ok("rollback", "--yes")
    kept = {"hub/canonical.yaml", "src"}
    assert {path: before[path] for path in kept} == {p: tree(two.home)[p] for p in kept}
    for step in range(1, total + 1):
        door = Refusing(lambda now, *_, at=step: now == at)
        ran = run_behind(two, monkeypatch, door, "repos", "remove", "api", "--restore", "--yes")
        gone = not (two.home / "src/api" / LOCK).exists()
        written = b"~/src/api" not in two.read("hub/canonical.yaml")
        assert ran.code in (0, 3)
        if two.report("drift")["exit_code"] == 3:
            two.run("rollback", "--yes")
        elif gone or written:
            assert gone and written, step
            two.ok("rollback", "--yes")
        assert two.read("hub/canonical.yaml") == TWO.encode(), step
        two.in_sync()
