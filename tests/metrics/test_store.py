"""The store: rows merge by their keys, transactions are whole, damage is survived and told."""

from __future__ import annotations

import math
import os
import random
import sqlite3
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hubctl.errors import OperationError
from hubctl.metrics import days, histogram
from hubctl.metrics.schema import schema
from hubctl.metrics.store import mend, open_store
from hubctl.metrics.tables.batch import due_before
from hubctl.system.database import QueryError

HOOKS = schema().table("claude_hooks")
CALLS = schema().table("claude_tool_usage")
ANSWERS = schema().table("claude_context")
NOON = 1_760_000_000_000_000


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state" / "metrics.db")


def hook(number, **more):
    base = {"time": NOON + number, "source": "spool", "run": f"r{number}", "hook": "x"}
    return HOOKS.row({**base, "event": "Stop", "duration_ms": 2.0, **more})


def call(source, **more):
    return CALLS.row({"time": NOON, "source": source, "call": "c1", **more})


def answer(session, output, **more):
    base = {"time": NOON, "source": "transcript", "response": "m:r", "session": session}
    return ANSWERS.row({**base, "output_tokens": output, **more})


def put(path, table, *rows, rank=None):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(table, rows, rank=rank)
        batch.roll_up()


def only(path, sql):
    with open_store(path) as store:
        [row] = store.rows(sql)
        return row


def test_a_store_is_private_and_a_missing_one_is_empty(path):
    with open_store(path) as store:
        assert store.rows("SELECT count(*) FROM claude_hooks") == [(0,)]
    assert not os.path.exists(path)
    put(path, HOOKS, hook(1))
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700


@pytest.mark.parametrize("order", [("transcript", "otel"), ("otel", "transcript")])
def test_the_better_source_stands_and_the_worse_fills(path, order):
    told = {
        "transcript": call("transcript", agent="a1", duration_ms=90.0, tool="Bash", model="m"),
        "otel": call("otel", duration_ms=70.0, tool="Bash", success=True),
    }
    for source in order:
        put(path, CALLS, told[source])
    found = only(path, "SELECT source, agent, duration_ms, success, model FROM claude_tool_usage")
    assert found == ("otel", "a1", 70.0, 1, "m")


@pytest.mark.parametrize("sessions", [("a", "b"), ("b", "a")])
def test_a_copy_in_another_session_counts_once_whichever_comes_first(path, sessions):
    for session in sessions:
        put(path, ANSWERS, answer(session, 5 if session == "a" else 7))
    # That of "b" was made later, when the answer was whole.
    assert only(path, "SELECT session, output_tokens FROM claude_context") == ("a", 7)


def test_the_last_snapshot_of_a_session_stands(path):
    put(path, ANSWERS, answer("a", 5), answer("a", 0), answer("a", 3))
    assert only(path, "SELECT output_tokens FROM claude_context") == (3,)


def test_many_rows_at_once_are_merged_as_one_after_another(tmp_path):
    """Known keys, keys that come twice, and rows of several sources among a hundred new ones."""
    chance = random.Random(1)
    rows = [
        call(
            chance.choice(["transcript", "transcript", "spool"]) if mixed else "transcript",
            call=f"c{chance.randint(0, 90)}",
            session=f"s{chance.randint(0, 3)}",
            agent=chance.choice(["", "a1"]),
            tool=chance.choice(["", "Bash"]),
            duration_ms=chance.choice([None, 5.0, 9.0]),
        )
        for mixed in (False, True)
        for _ in range(120)
    ]
    found = []
    for size in (1, 7, 120):
        path = str(tmp_path / str(size) / "metrics.db")
        for start in range(0, len(rows), size):
            put(path, CALLS, *rows[start : start + size])
        with open_store(path) as store:
            names = ", ".join(CALLS.names)
            found.append(store.rows(f"SELECT {names} FROM claude_tool_usage ORDER BY call"))
            assert len(store.changes("claude_tool_usage", 0, 999)) == len(found[-1]) < 91
    assert found[0] == found[1] == found[2]


def test_what_fails_leaves_nothing(path):
    put(path, HOOKS, hook(1))

    def fail():
        with open_store(path, write=True) as store, store.batch() as batch:
            batch.put(HOOKS, [hook(2)])
            batch.set_cursor("spool", "x", 9)
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    with open_store(path) as store:
        assert store.rows("SELECT count(*) FROM claude_hooks") == [(1,)]
        assert store.cursors("spool") == {}


def test_numbers_of_changes_only_grow(path):
    put(path, HOOKS, hook(1), hook(2))
    with open_store(path) as store:
        first = [row[0] for row in store.changes("claude_hooks", 0, 10)]
    put(path, HOOKS, hook(1, duration_ms=9.0))
    with open_store(path) as store:
        [again] = store.changes("claude_hooks", max(first), 10)
    assert again[0] > max(first)
    assert again[1 + HOOKS.position("duration_ms")] == 9.0


def test_days_are_rolled_up_with_what_changed_in_them(path):
    put(path, HOOKS, *(hook(number, duration_ms=float(number)) for number in range(1, 101)))
    put(path, HOOKS, hook(100, duration_ms=1000.0, decision="deny"))
    day = days.day_of(NOON)
    with open_store(path) as store:
        [row] = store.daily("claude_hooks", day, day)
    assert (row["count"], row["denied"], row["duration_ms"]) == (100, 1, 4950.0 + 1000.0)
    counts = histogram.merge([row["histogram"]])
    assert histogram.quantile(counts, 0.5) == pytest.approx(50, rel=0.05)
    assert histogram.quantile(counts, 1) == pytest.approx(1000, rel=0.05)


def test_retention_takes_rows_and_leaves_days(path):
    old, new = NOON - 300 * 86_400_000_000, NOON
    put(path, HOOKS, hook(1, time=old), hook(2, time=new))
    with open_store(path, write=True) as store, store.batch() as batch:
        assert batch.prune(HOOKS, due_before(NOON, 120)) == 1
    put(path, HOOKS, hook(3, time=old + 1))
    with open_store(path) as store:
        assert store.rows("SELECT run FROM claude_hooks") == [("r2",)]
        [row] = store.daily("claude_hooks", days.day_of(old), days.day_of(old))
        assert row["count"] == 1


def test_a_damaged_store_is_set_aside_and_made_anew(path):
    put(path, HOOKS, *(hook(number) for number in range(3000)))
    with open_store(path, write=True) as store:
        store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = store.rows("PRAGMA page_count")[0][0]
    with open(path, "r+b") as file:
        file.seek(4096 * (pages // 2))
        file.write(os.urandom(4096 * 20))
    assert mend(path)
    assert not mend(path)
    with open_store(path) as store:
        [(kept,)] = store.rows("SELECT count(*) FROM claude_hooks")
        assert 500 < kept < 3000
        assert "damaged" in store.notes()[0].text
    assert [name for name in os.listdir(os.path.dirname(path)) if "damaged-" in name]


def test_what_is_no_database_is_set_aside(path):
    os.makedirs(os.path.dirname(path))
    with open(path, "w") as file:
        file.write("not a database at all, " * 500)
    with pytest.raises(OperationError), open_store(path):
        pass
    put(path, HOOKS, hook(1))
    assert only(path, "SELECT count(*) FROM claude_hooks") == (1,)
    with open_store(path) as store:
        assert "damaged" in store.notes()[0].text


def test_a_store_of_a_newer_hubctl_is_left_alone(path):
    put(path, HOOKS, hook(1))
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("version", "99")
    for write in (False, True):
        with pytest.raises(OperationError, match="newer hubctl"), open_store(path, write=write):
            pass


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM claude_hooks",
        "ATTACH DATABASE 'x.db' AS other",
        "PRAGMA journal_mode = DELETE",
        "CREATE TABLE x (y)",
        "SELECT load_extension('x')",
        "VACUUM INTO 'x.db'",
    ],
)
def test_a_query_only_reads(path, sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(path, HOOKS, hook(1))
    with open_store(path, untrusted=True) as store:
        with pytest.raises(QueryError):
            store.query(sql)
        assert store.query("SELECT count(*) AS n FROM claude_hooks").rows == ((1,),)
    assert not os.path.exists(tmp_path / "x.db")


def test_a_wrong_query_is_told_in_the_library_s_words(path):
    with open_store(path, untrusted=True) as store, pytest.raises(QueryError, match="no such"):
        store.query("SELECT x FROM y")


def test_a_full_disk_is_told_and_the_store_stays_whole(path):
    put(path, HOOKS, hook(1))

    def fill():
        with open_store(path, write=True) as store:
            store.rows("PRAGMA max_page_count = 1")
            with store.batch() as batch:
                batch.put(HOOKS, [hook(number) for number in range(2, 5000)])

    with pytest.raises(OperationError, match="no room"):
        fill()
    assert only(path, "SELECT count(*) FROM claude_hooks") == (1,)


def test_tables_are_those_of_the_schema(path):
    put(path, HOOKS, hook(1))
    connection = sqlite3.connect(path)
    for table in schema().tables:
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
        assert found == ["seq", *table.names, "rank_"]
    connection.close()


@given(st.lists(st.floats(allow_nan=False) | st.none() | st.just(2.0), max_size=60))
@example([1.1e300, math.inf])
def test_a_distribution_is_that_of_its_values(values):
    made = histogram.Collected()
    for value in values:
        if value is not None:
            made.step(value)
    counts = Counter(histogram.bucket_of(value) for value in values if value is not None)
    assert made.finalize() == histogram.encode(counts)
