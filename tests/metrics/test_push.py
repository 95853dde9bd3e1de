"""Pushing: what is confirmed is never lost nor doubled, and no target costs more than its time."""

from __future__ import annotations

import pytest

from hubctl.errors import OperationError
from hubctl.metrics.export import push as pushing
from hubctl.metrics.export.push import Refused, push
from hubctl.metrics.store import open_store
from hubctl.system.lock import writer_lock
from tests.metrics.pushing import EVENTS, HOOKS, event, hook, put, runs, to
from tests.support.questdb_stand_in import StandIn


def test_only_what_is_new_is_sent(path, target):
    put(path, HOOKS, *map(hook, range(4500)))
    put(path, EVENTS, event(1))
    done = push(path, to(target.port), "m")
    assert (done.problem, done.waiting, done.refused) == ("", {}, ())
    assert done.sent == {"claude_hooks": 4500, "claude_events": 1}
    assert sorted(runs(target)) == sorted(["", *(f"r{number}" for number in range(4500))])
    target.lines.clear()
    put(path, HOOKS, hook(3, duration_ms=9.0), hook(9000))
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 2}
    assert runs(target) == ["r3", "r9000"]
    assert push(path, to(target.port), "m").sent == {}


def test_targets_have_cursors_of_their_own(path, target):
    put(path, HOOKS, hook(1))
    push(path, to(target.port), "m")
    with StandIn() as other:
        assert push(path, to(other.port), "m").sent == {"claude_hooks": 1}


def test_a_store_made_anew_is_sent_from_its_beginning(path, target):
    put(path, HOOKS, hook(1))
    push(path, to(target.port), "m")
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 1}


def test_a_store_that_is_not_there_has_nothing_to_send(path, target):
    assert push(path, to(target.port), "m").sent == {}


def test_a_refused_row_stays_and_the_others_go(path, target):
    put(path, HOOKS, *(hook(number) for number in range(5)), hook(5, hook="bad"), hook(6))
    target.bad = "hook=bad"
    done = push(path, to(target.port), "m")
    assert done.sent == {"claude_hooks": 6}
    assert done.refused == (Refused(table="claude_hooks", number=6, reason="it is bad"),)
    assert "r5" not in runs(target)
    assert push(path, to(target.port), "m").refused == done.refused
    target.bad = ""
    done = push(path, to(target.port), "m", again=True)
    assert (done.sent, done.refused) == ({"claude_hooks": 1}, ())
    assert runs(target)[-1] == "r5"


def test_a_refused_row_that_changed_goes_by_its_new_number(path, target):
    put(path, HOOKS, hook(5, hook="bad"))
    target.bad = "hook=bad"
    push(path, to(target.port), "m")
    put(path, HOOKS, hook(5, hook="good"))
    assert push(path, to(target.port), "m", again=True).refused == ()
    assert runs(target) == ["r5"]


def test_where_every_row_is_refused_the_target_is_wrong_and_nothing_is_passed_over(path, target):
    put(path, HOOKS, *map(hook, range(100)))
    target.bad = "hook=x"
    done = push(path, to(target.port), "m")
    assert "refuses rows of claude_hooks: it is bad" in done.problem
    assert (done.waiting, done.refused) == ({"claude_hooks": 100}, ())
    target.bad = ""
    assert push(path, to(target.port), "m").sent == {"claude_hooks": 100}


def test_tables_that_keep_doubles_are_not_written(path, target):
    put(path, HOOKS, hook(1))
    target.doubles = [["claude_hooks"]]
    done = push(path, to(target.port), "m")
    assert "keeps doubles" in done.problem
    assert "DEDUP ENABLE UPSERT KEYS(time, machine, run)" in done.problem
    assert target.lines == []


def test_what_was_confirmed_but_not_remembered_is_sent_again(path, target, monkeypatch):
    """As after a kill between the two: the same row comes again, which its keys make one."""
    put(path, HOOKS, hook(1))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pushing._Run, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            push(path, to(target.port), "m")
    push(path, to(target.port), "m")
    assert target.lines == [target.lines[0]] * 2


def test_rows_that_come_while_pushing_go_with_it_or_with_the_next(path, target):
    put(path, HOOKS, hook(1))
    more = iter(range(2, 7))

    def write():
        number = next(more, None)
        if number:
            put(path, HOOKS, hook(number))

    target.after_write = write
    push(path, to(target.port), "m")
    push(path, to(target.port), "m")
    assert sorted(runs(target)) == [f"r{number}" for number in range(1, 7)]


def test_two_pushes_at_a_time_are_one_too_many(path, target):
    put(path, HOOKS, hook(1))
    with writer_lock(f"{path}.push.lock"), pytest.raises(OperationError, match="another hubctl"):
        push(path, to(target.port), "m")
