"""A refresh among others: one reads, the rest go on; what cannot be written is told."""

from __future__ import annotations

import os
import threading

import pytest

from hubctl.metrics import refresh as refreshing
from hubctl.metrics.refresh import Wanted, refresh
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.database import DamagedError, FullError
from hubctl.system.lock import writer_lock
from hubctl.system.places import find_places
from tests.metrics.sessions import answer_line, write_session


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
