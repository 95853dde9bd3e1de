"""A store that is broken in any way: set aside, made anew from what can be read, and told."""

from __future__ import annotations

import errno
import multiprocessing
import os
import sqlite3
from pathlib import Path

import pytest

from hubctl.errors import OperationError
from hubctl.metrics import store as stores
from hubctl.metrics.refresh import refresh
from hubctl.metrics.schema import schema
from hubctl.metrics.store import metrics_path, open_store
from hubctl.metrics.tables import salvage
from hubctl.system import database
from hubctl.system.places import find_places
from tests.metrics.sessions import NOON, answer_line, write_session

EVENTS = schema().table("claude_events")
MOMENT = int(NOON.timestamp()) * 1_000_000


@pytest.fixture
def places(tmp_path):
    write_session(tmp_path, "s", [answer_line("s", f"m{n}", "r", 5, seconds=n) for n in range(20)])
    found = find_places({"HOME": str(tmp_path)})
    assert refresh(found).problem == ""
    path = metrics_path(found)
    with open_store(path, write=True) as store:
        with store.batch() as batch:
            batch.put(EVENTS, [answer(number) for number in range(4)])
            batch.put(EVENTS, [filling(number) for number in range(200)])
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def answer(number):
    """What somebody told `hubctl survey`: it stands nowhere else."""
    told = {"kind": "survey", "value": float(number), "event": f"survey:{number}"}
    return EVENTS.row({"time": MOMENT + number, "source": "survey", **told})


def filling(number):
    """More of them than stand on the last page."""
    told = {"kind": "prompt", "session": "s", "event": f"prompt:{number}"}
    return EVENTS.row({"time": MOMENT + number, "source": "spool", **told})


def overwritten(start, data):
    def change(path):
        with open(path, "r+b") as file:
            file.seek(start)
            file.write(data)

    return change


def said(*statements):
    def change(path):
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def somebody_else_s(path):
    os.remove(path)
    said("CREATE TABLE meta (a)", "CREATE TABLE notes (b)")(path)


# What happens to it → answers of the survey that are left.
DAMAGE = {
    "header": (overwritten(0, b"\0" * 100), 4),
    "first page": (overwritten(0, b"\xff" * 4096), 4),
    "last page cut off": (lambda path: os.truncate(path, os.path.getsize(path) - 4096), 4),
    "nothing but the header": (lambda path: os.truncate(path, 100), 0),
    "somebody else's": (somebody_else_s, 0),
    "somebody else's, of other names": (said("DROP TABLE meta"), 0),
    "a table is gone": (said("DROP TABLE claude_hooks"), 4),
    "our own table is gone": (said("DROP TABLE dirty"), 4),
    "a column is gone": (said("ALTER TABLE claude_sessions RENAME COLUMN model TO other"), 4),
    "numbers that are none": (said("UPDATE meta SET value = 'x' WHERE key IN ('version')"), 4),
    "a count that is none": (said("UPDATE meta SET value = 'x' WHERE key IN ('seq')"), 4),
    "places that are none": (said("UPDATE cursors SET position = 'x', extra = 'y'"), 4),
}


def total(path):
    with open_store(path) as store:
        return store.rows("SELECT count(*), sum(output_tokens) FROM claude_context")


@pytest.mark.parametrize("name", DAMAGE)
def test_a_refresh_sets_it_aside_and_makes_it_anew(places, name):
    change, left = DAMAGE[name]
    path = metrics_path(places)
    change(path)
    done = refresh(places)
    assert done.problem == "" and "was damaged" in done.notes[0].text
    assert refresh(places).notes == ()
    assert total(path) == [(20, 100)]
    with open_store(path) as store:
        assert "damaged" in store.notes()[0].text
        rows = store.rows("SELECT count(*) FROM claude_events WHERE kind = 'survey'")
        assert rows == [(left,)]
        assert store.rows("PRAGMA integrity_check") == [("ok",)]
    names = os.listdir(places.state)
    assert sum(".damaged-" in name and not name.endswith(("-wal", "-shm")) for name in names) == 1
    assert not [name for name in names if ".anew" in name and not name.endswith(".lock")]
    assert not [name for name in names if ".read" in name]
    assert {os.stat(f"{places.state}/{name}").st_mode & 0o777 for name in names} == {0o600}


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_told(places, make):
    path = metrics_path(places)
    os.remove(path)
    make(path)
    assert refresh(places).problem in (
        f"{path} is no file",
        f"{path} cannot be written: Is a directory",
    )
    with pytest.raises(OperationError), open_store(path):
        pass


def test_where_the_new_one_finds_no_room_the_old_one_stays_as_it_is(places, monkeypatch):
    path = metrics_path(places)
    overwritten(0, b"\0" * 100)(path)
    before = Path(path).read_bytes()

    def full(*_):
        raise database.FullError("no room left on the disk")

    with monkeypatch.context() as patched:
        patched.setattr(salvage, "_take_targets", full)
        assert "no room left" in refresh(places).problem
    assert Path(path).read_bytes() == before
    assert refresh(places).problem == ""
    with open_store(path) as store:
        assert store.rows("SELECT count(*) FROM claude_events WHERE kind = 'survey'") == [(4,)]


def test_a_folder_that_lets_nothing_be_set_aside_is_told(places, monkeypatch):
    path = metrics_path(places)
    overwritten(0, b"\0" * 100)(path)

    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(OperationError, match="Read-only"), open_store(path, write=True):
        pass


def test_only_so_many_damaged_ones_stay(places):
    path = metrics_path(places)
    for _ in range(7):
        overwritten(0, b"\0" * 100)(path)
        assert refresh(places).problem == ""
    aside = [name for name in os.listdir(places.state) if name.rpartition("-")[2].isdecimal()]
    assert len(aside) == 5
    with open_store(path) as store:
        assert store.rows("SELECT count(*) FROM claude_events WHERE kind = 'survey'") == [(4,)]


def test_who_comes_second_does_not_set_the_new_one_aside(places):
    path = metrics_path(places)
    seen = database.identity(path)
    assert stores.make_anew(path, "torn", seen)
    assert not stores.make_anew(path, "torn", seen)


def _opened_and_closed(path):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(EVENTS, [answer(77)])


def test_who_reads_keeps_the_log_while_the_same_process_writes(places):
    """Another process that closes the store last would remove it."""
    path = metrics_path(places)
    with multiprocessing.get_context("spawn").Pool(1) as pool, open_store(path) as reading:
        with open_store(path, write=True) as store, store.batch() as batch:
            batch.put(EVENTS, [filling(number) for number in range(500, 900)])
        pool.apply_async(_opened_and_closed, (path,)).get(timeout=60)
        assert os.path.exists(f"{path}-wal")
        assert reading.rows("SELECT count(*) FROM claude_events") == [(605,)]


def _refreshed(home):
    return refresh(find_places({"HOME": home})).problem


def test_several_that_find_it_at_once(places, tmp_path):
    path = metrics_path(places)
    overwritten(0, b"\0" * 100)(path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        problems = pool.map_async(_refreshed, [str(tmp_path)] * 8).get(timeout=60)
    assert not [one for one in problems if one and "another hubctl" not in one]
    assert refresh(places).problem == ""
    assert total(path) == [(20, 100)]
    with open_store(path) as store:
        assert store.rows("SELECT count(*) FROM claude_events WHERE kind = 'survey'") == [(4,)]


def test_a_store_that_others_may_write_is_never_read_without_its_log(places, monkeypatch):
    """Such a reader would see halves of what is being written, and tell of damage."""
    opened = []

    def fail(uri):
        opened.append(uri)
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(database, "_reading", fail)
    with pytest.raises(sqlite3.OperationalError), open_store(metrics_path(places)):
        pass
    assert not [uri for uri in opened if "immutable" in uri]


@pytest.mark.parametrize("pages", [1, 3, 30])
def test_a_disk_that_is_full_while_the_tables_are_made_is_told(tmp_path, monkeypatch, pages):
    real = database.connect_to_write

    def small(path):
        connection = real(path)
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(database, "connect_to_write", small)
    assert "no room left" in refresh(find_places({"HOME": str(tmp_path)})).problem
