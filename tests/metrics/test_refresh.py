"""A refresh among others: one reads, the rest go on; what cannot be written is told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from itertools import groupby

import pytest

from hubctl.metrics import refresh as refreshing
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.clock import nanoseconds
from hubctl.system.database import DamagedError, FullError
from hubctl.system.lock import writer_lock
from hubctl.system.places import find_places
from tests.metrics.sessions import MODEL, answer_line, write_session
from tests.metrics.test_spool import record
from tests.metrics.test_spool import write as write_spool


@pytest.fixture
def places(tmp_path):
    write_session(tmp_path, "s1", [answer_line("s1", "m1", "r1", output=5)])
    return find_places({"HOME": str(tmp_path)})


def answers(places):
    with open_store(metrics_path(places)) as store:
        return store.rows("SELECT count(*) FROM claude_context")[0][0]


def test_another_reader_is_not_waited_for(places):
    with writer_lock(f"{metrics_path(places)}.lock"):
        assert "another hubctl" in refresh(places).problem
    assert refresh(places).problem == ""
    assert answers(places) == 1


def test_many_at_once_read_once(places):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(refresh(places)), daemon=True)
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6
    assert sum(one.lines for one in found) == 1
    assert answers(places) == 1


def test_a_full_disk_is_told_and_what_is_there_stands(places, monkeypatch):
    refresh(places)

    def fail(*_):
        raise FullError("no room left on the disk")

    monkeypatch.setattr(refreshing, "read_transcripts", fail)
    assert "no room left" in refresh(places).problem
    assert answers(places) == 1


def test_damage_that_shows_later_is_mended(places, monkeypatch):
    refresh(places)
    path = metrics_path(places)
    real, seen = refreshing.read_transcripts, []

    def damaged(*given):
        if not seen:
            seen.append(1)
            with open(path, "r+b") as file:
                file.write(os.urandom(4096))
            raise DamagedError("malformed")
        return real(*given)

    monkeypatch.setattr(refreshing, "read_transcripts", damaged)
    assert refresh(places).problem == ""
    assert answers(places) == 1
    with open_store(path) as store:
        assert "damaged" in store.notes()[0].text


def test_what_a_hub_says():
    section = {
        "retention_days": {"claude_hooks": 5, "claude_tasks": None},
        "prices": {"x": {"input": 1, "output": 2}, "y": None},
        "port": None,
    }
    found = Wanted.of(section)
    assert (found.retention_days, found.prices) == (
        {"claude_hooks": 5},
        {"x": section["prices"]["x"]},
    )
    assert Wanted.of(None) == Wanted()


def test_retention_of_a_hub_is_kept(places, tmp_path):
    old = answer_line("s2", "m2", "r2", seconds=-40 * 86_400)
    write_session(tmp_path, "s2", [old])
    refresh(places, Wanted(retention_days={"claude_context": 30}))
    assert answers(places) == 1
    with open_store(metrics_path(places)) as store:
        assert store.rows("SELECT sum(count) FROM daily_context") == [(2,)]


def test_who_watches_sees_each_kind_of_work_come_to_its_end(places, tmp_path):
    write_spool(tmp_path, *(record(number) for number in range(5)))
    seen = []
    refresh(places, watch=lambda *told: seen.append(told))
    assert [what for what, _ in groupby(seen, lambda told: told[0])] == [
        *("transcripts", "spool", "sessions", "days")
    ]
    for what, told in groupby(seen, lambda one: one[0]):
        done = [(done, whole) for _, done, whole in told]
        assert done == sorted(done)
        assert what in ("sessions", "days") or done[-1][0] == done[-1][1]


def test_new_prices_come_before_what_is_new(places, tmp_path):
    refresh(places)
    write_session(tmp_path, "s2", [answer_line("s2", "m2", "r2", output=1_000_000)])
    dear = Wanted(prices={MODEL: {"input": 0, "output": 7}})
    seen = []
    refresh(places, dear, lambda *told: seen.append(told[0]))
    assert seen.index("prices") < seen.index("transcripts")
    with open_store(metrics_path(places)) as store:
        costs = store.rows("SELECT cost_usd FROM claude_context ORDER BY 1")
        sums = store.rows("SELECT cost_usd FROM claude_sessions ORDER BY 1")
        assert costs == sums == [(5 * 7 / 1_000_000,), (7.0,)]
        assert store.rows("SELECT sum(cost_usd) FROM daily_context") == [
            (sum(c for (c,) in costs),)
        ]


def test_unchanged_costs_get_no_new_numbers(places):
    refresh(places)
    with open_store(metrics_path(places)) as store:
        before = store.rows("SELECT * FROM claude_context")
    refresh(places, Wanted(prices={"another-model": {"input": 1, "output": 1}}))
    with open_store(metrics_path(places)) as store:
        assert store.rows("SELECT * FROM claude_context") == before


LOADED = """
import sys
from hubctl.metrics.refresh import refresh
from hubctl.system.places import find_places
print(refresh(find_places({"HOME": sys.argv[1]})).lines, "msgspec" in sys.modules)
"""


def test_where_nothing_is_new_no_decoder_is_loaded(places, tmp_path):
    run = [sys.executable, "-c", LOADED, str(tmp_path)]
    told = [subprocess.check_output(run, text=True, timeout=60).split() for _ in range(2)]
    assert told == [["1", "True"], ["0", "False"]]


def test_a_clock_that_was_ahead_takes_nothing(places, tmp_path, monkeypatch):
    """Rows of years would be too old, and those that come afterwards before what is kept."""

    os.remove(tmp_path / ".claude/projects/-home-dev-project/s1.jsonl")

    def refreshed(days, count):
        lines = [answer_line("s", f"m{number}", "r", 5, seconds=number) for number in range(count)]
        write_session(tmp_path, "s1", lines)
        real = nanoseconds() + days * 86_400 * 10**9
        with monkeypatch.context() as patched:
            patched.setattr(refreshing, "nanoseconds", lambda: real)
            assert refresh(places).problem == ""
        return answers(places)

    assert refreshed(0, 3) == 3
    assert refreshed(5000, 4) == 4
    assert refreshed(0, 5) == 5
    # One that is ahead for days is believed, but takes no more once it is right again.
    assert refreshed(5000, 6) == 6
    assert refreshed(5002, 6) == 0
    assert refreshed(0, 7) == 1
