"""What targets wait for stays, up to the configured size; what goes unsent is counted and told."""

from __future__ import annotations

import os

import pytest

from hubctl.metrics import days
from hubctl.metrics.export.targets import forget, remember, source_of, targets, waiting
from hubctl.metrics.refresh import SPOOL_MB, Wanted, refresh
from hubctl.metrics.schema import schema
from hubctl.metrics.store import _opened, metrics_path, open_store
from hubctl.metrics.tables.salvage import rebuild
from hubctl.system.clock import nanoseconds
from hubctl.system.places import find_places

HOOKS = schema().table("claude_hooks")
DAY = 86_400_000_000
TEXT = "x" * 10_000  # of each row: a hundred of them are a megabyte
NAME = "questdb http://db:9000"


@pytest.fixture
def places(tmp_path):
    return find_places({"HOME": str(tmp_path)})


def now():
    return nanoseconds() // 1000


def noon(ago):
    """The middle of a local day that many days ago."""
    first, following = days.bounds(days.day_of(now() - ago * DAY))
    return (first + following) // 2


def row(run, ago):
    base = {"time": noon(ago), "source": "spool", "run": f"{run}-{ago}", "hook": TEXT}
    return HOOKS.row({**base, "event": "Stop", "duration_ms": 1.0})


def fill(path, *given):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(HOOKS, given)


def known(path, name=NAME, position=0):
    with open_store(path, write=True) as store, store.batch() as batch:
        remember(batch, name, now(), "down")
        if position is not None:
            batch.set_cursor(source_of(name), HOOKS.name, position, store.identity)


def pruned(path, places, **wanted):
    """What is left after a refresh on another day: the runs."""
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("pruned", "0")
    given = Wanted.of({"retention_days": {"claude_hooks": 10}, **wanted})
    assert refresh(places, given).problem == ""
    with open_store(path) as store:
        return [str(run) for (run,) in store.rows("SELECT run FROM claude_hooks ORDER BY time")]


@pytest.fixture
def path(places):
    return metrics_path(places)


def test_without_a_target_retention_takes_what_is_old(path, places):
    fill(path, row("a", 20), row("a", 1))
    assert pruned(path, places) == ["a-1"]


def test_the_file_gives_back_what_was_removed(path, places):
    fill(path, *(row(str(number), 20) for number in range(300)), row("a", 1))
    with open_store(path, write=True) as store:
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    before = os.path.getsize(path)
    assert pruned(path, places) == ["a-1"]
    assert before > 3_000_000
    assert os.path.getsize(path) < 1_000_000


def test_what_a_target_waits_for_stays_until_it_has_it(path, places):
    fill(path, row("a", 30), row("a", 20), row("a", 1))
    known(path)
    assert pruned(path, places) == ["a-30", "a-20", "a-1"]
    known(path, position=1)
    assert pruned(path, places) == ["a-20", "a-1"]
    known(path, position=3)
    assert pruned(path, places) == ["a-1"]
    with open_store(path) as store:
        [one] = targets(store)
        assert (one.waiting, one.lost, store.notes()) == (0, 0, ())


def test_for_an_address_that_never_answered_nothing_is_kept(path, places):
    fill(path, row("a", 20), row("a", 1))
    known(path, position=None)
    assert pruned(path, places) == ["a-1"]


def test_the_slowest_target_counts(path, places):
    fill(path, row("a", 20), row("a", 1))
    known(path, position=2)
    known(path, "file nightly")
    assert pruned(path, places) == ["a-20", "a-1"]


def test_beyond_the_size_the_oldest_days_go_and_are_told(path, places):
    for ago in (30, 25, 20, 15):
        fill(path, *(row(number, ago) for number in range(60)))  # 0.6 MB
    known(path)
    known(path, "file nightly", position=100)
    assert len(pruned(path, places, spool_mb=3)) == 240
    left = pruned(path, places, spool_mb=1)
    assert left == [f"{number}-15" for number in range(60)]
    with open_store(path) as store:
        lost = {one.target: one.lost for one in targets(store)}
        assert lost == {NAME: 180, "file nightly": 80}
        assert waiting(store, NAME) == {"claude_hooks": 60}
        [note] = store.notes()
    assert "180 rows were removed that a target still waited for" in note.text
    assert "1 MB" in note.text


def test_no_size_at_all_is_retention_alone(path, places):
    fill(path, row("a", 20), row("a", 1))
    known(path)
    assert pruned(path, places, spool_mb=0) == ["a-1"]


def test_totals_of_held_days_stay_right(path, places):
    fill(path, row("a", 20), row("b", 20))
    known(path)
    pruned(path, places)
    fill(path, row("c", 20))  # told late, into a day that was held
    assert pruned(path, places) == ["a-20", "b-20", "c-20"]
    known(path, position=9)
    pruned(path, places)
    day = days.day_of(noon(20))
    with open_store(path) as store:
        [total] = store.daily("claude_hooks", day, day)
    assert total["count"] == 3


def test_a_store_made_anew_holds_for_the_same_targets(path, places):
    """Their positions are of another database: everything waits again."""
    fill(path, row("a", 20))
    known(path, position=1)
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    assert pruned(path, places) == ["a-20"]


def test_a_forgotten_target_holds_nothing(path, places):
    fill(path, row("a", 20), row("a", 1))
    known(path)
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_cursor(source_of(NAME, "refused"), "claude_hooks:1", 1, "bad")
        forget(batch, NAME)
    with open_store(path) as store:
        assert targets(store) == ()
        assert store.rows("SELECT * FROM cursors WHERE source LIKE 'to%'") == []
    assert pruned(path, places) == ["a-1"]


@pytest.mark.parametrize(
    ("given", "wanted"), [({}, SPOOL_MB), ({"spool_mb": None}, SPOOL_MB), ({"spool_mb": 0}, 0)]
)
def test_canonical_says_how_much_is_held(given, wanted):
    assert Wanted.of(given).spool_mb == wanted


def test_a_damaged_store_still_knows_who_waits(path, places):
    fill(path, row("a", 20), row("a", 1))
    known(path, position=2)
    rebuild(path, "torn", _opened)
    assert pruned(path, places) == ["a-20", "a-1"]
    with open_store(path) as store:
        [one] = targets(store)
    assert (one.target, one.problem, one.waiting) == (NAME, "down", 2)
