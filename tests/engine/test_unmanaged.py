"""Foreign members beside ours: told once, as what they are, and never those that we let go."""

from __future__ import annotations

import json

import pytest

from hubctl.model.state import Action, Status
from tests.support.workbench import SETTINGS, Workbench, allow, setting

ALONE = setting("/env/A", "1")


@pytest.fixture
def bench(tmp_path):
    """A repository whose settings hold a value of ours and one of somebody else's."""
    bench = Workbench(root=tmp_path / "api", state=tmp_path / "state")
    bench.put(SETTINGS, '{"theirs": 1}\n')
    return bench


def apply(bench, items):
    """An apply that counts what is foreign now as known."""
    assert bench.carry_out(bench.plan(items), baseline=True).exit_code == 0


def told(bench, items):
    return [
        (change.address.local, change.status, change.action) for change in bench.plan(items).changes
    ]


def add(bench, key, value):
    bench.put(SETTINGS, json.dumps({**json.loads(bench.read(SETTINGS)), key: value}, indent=2))


def test_what_stood_there_first_is_known_and_what_comes_later_is_a_note(bench):
    apply(bench, [ALONE])
    assert told(bench, [ALONE]) == []
    add(bench, "more", True)
    assert told(bench, [ALONE]) == [(f"{SETTINGS}#/more", Status.UNMANAGED, Action.NONE)]
    apply(bench, [ALONE])
    assert told(bench, [ALONE]) == []


def test_an_orphan_is_told_once(bench):
    apply(bench, [ALONE, setting("/model", "opus"), allow("Bash(ls)")])
    assert told(bench, [ALONE]) == [
        (f"{SETTINGS}#/model", Status.ORPHAN, Action.DELETE),
        (f'{SETTINGS}#/permissions/allow="Bash(ls)"', Status.ORPHAN, Action.DELETE),
    ]
    apply(bench, [ALONE])
    assert told(bench, [ALONE]) == []


def test_a_value_that_comes_back_after_its_orphan_went_is_a_note(bench):
    apply(bench, [ALONE, setting("/model", "opus")])
    apply(bench, [ALONE])
    add(bench, "model", "haiku")
    assert told(bench, [ALONE]) == [(f"{SETTINGS}#/model", Status.UNMANAGED, Action.NONE)]


def test_an_adopted_value_that_is_let_go_is_told_once_and_then_known(bench):
    apply(bench, [ALONE, setting("/theirs", 1)])
    assert told(bench, [ALONE]) == [(f"{SETTINGS}#/theirs", Status.ORPHAN, Action.FORGET)]
    apply(bench, [ALONE])
    assert told(bench, [ALONE]) == []
    assert json.loads(bench.read(SETTINGS))["theirs"] == 1
