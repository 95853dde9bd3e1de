"""Tables as files: what is read back is what the store has, in every format and at any size."""

from __future__ import annotations

import csv
import io
import json
import math
import sqlite3
import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.cli.main import main
from hubctl.errors import OperationError
from hubctl.metrics import days
from hubctl.metrics.export import files as exporting
from hubctl.metrics.export.files import FORMATS, Selection, one_state, pages
from hubctl.metrics.schema import schema
from hubctl.metrics.store import metrics_path, open_store
from hubctl.system.export_files import write_file
from hubctl.system.places import find_places
from tests.metrics.pushing import EVENTS, HOOKS, NOON, hook, put

CALLS = schema().table("claude_tool_usage")
ODD = ["", "ü 😀", 'a"b', "a,b", "a\nb", "a\r\nb", " a ", "\x00", "\u2028", "null", "'"]
DAY = 86_400_000_000
YESTERDAY = time.time_ns() // 1000 - DAY  # what retention leaves


def written(path, table, format_name, **chosen):
    with open_store(path) as store, one_state(store):
        found = pages(store, table, "m", Selection(**chosen))
        return b"".join(FORMATS[format_name](table, found))


def read_csv(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def read_json(data):
    def no(word):
        raise AssertionError(f"{word} is not JSON")

    return [json.loads(line, parse_constant=no) for line in data.decode().split("\n")[:-1]]


def read_parquet(data):
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    from pyarrow import parquet

    return parquet.read_table(pyarrow.BufferReader(data))


def odd_rows():
    return [hook(number, hook=text, run=f"r{number}") for number, text in enumerate(ODD)]


@pytest.mark.parametrize(
    ("format_name", "read"),
    [
        ("csv", read_csv),
        ("json", read_json),
        ("parquet", lambda data: read_parquet(data).to_pylist()),
    ],
)
def test_odd_texts_come_back_as_they_were(path, format_name, read):
    put(path, HOOKS, *odd_rows())
    rows = read(written(path, HOOKS, format_name))
    assert [row["hook"] for row in rows] == ODD
    assert {row["machine"] for row in rows} == {"m"}


def test_csv_is_as_its_standard_says(path):
    put(path, HOOKS, hook(1, hook='a"b\nc'), hook(2, failed=True, exit_code=None))
    data = written(path, HOOKS, "csv")
    head, first, second, end = data.split(b"\r\n")
    assert head.decode().split(",") == ["machine", *HOOKS.names]
    assert b'"a""b\nc"' in first
    assert second.endswith(b",true,")
    assert end == b""


def test_what_a_spreadsheet_would_run_is_a_text(path):
    put(path, HOOKS, hook(1, hook="=1+1", duration_ms=-2.0))
    [row] = read_csv(written(path, HOOKS, "csv"))
    assert (row["hook"], row["duration_ms"]) == ("'=1+1", "-2.0")


def test_times_are_utc_and_exact(path):
    put(path, HOOKS, hook(1), hook(2, time=10**18))
    first, second = read_json(written(path, HOOKS, "json"))
    assert first["time"] == "2025-10-09T08:53:20.000001Z"
    assert second["time"] == 10**18  # no calendar has that day


def test_what_is_no_number_is_null(path):
    put(path, HOOKS, hook(1, duration_ms=math.inf), hook(2, exit_code=None))
    rows = read_json(written(path, HOOKS, "json"))
    assert [row["duration_ms"] for row in rows] == [None, 2.0]
    assert rows[1]["exit_code"] is None


def test_parquet_has_types_units_and_nulls(path):
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    base = {"time": NOON, "source": "spool", "session": "s", "tool": "Bash"}
    known = {"call": "a", "success": False, "input_bytes": 2**62, "duration_ms": 1.5}
    rows = [{**base, **known}, {**base, "call": "b", "time": NOON + 1, "duration_ms": 2}]
    put(path, CALLS, *map(CALLS.row, rows))
    found = read_parquet(written(path, CALLS, "parquet"))
    types = {field.name: field.type for field in found.schema}
    assert list(types) == ["machine", *CALLS.names]
    assert types["time"] == pyarrow.timestamp("us", tz="UTC")
    assert types["success"] == pyarrow.bool_()
    assert types["input_bytes"] == pyarrow.int64()
    assert types["duration_ms"] == pyarrow.float64()
    assert found.schema.field("duration_ms").metadata[b"unit"] == b"ms"
    first, second = found.to_pylist()
    assert first["time"] == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=NOON)
    assert (first["success"], first["input_bytes"]) == (False, 2**62)
    assert (second["success"], second["input_bytes"]) == (None, None)


def test_every_table_is_written_even_without_rows(path):
    for table in schema().tables:
        assert read_csv(written(path, table, "csv")) == []
        assert written(path, table, "json") == b""
        assert read_parquet(written(path, table, "parquet")).num_rows == 0


def test_values_of_another_type_than_declared_do_not_stop_a_file(path):
    """SQLite keeps what it is given, and a store may have been written by anybody."""
    put(path, HOOKS, hook(1))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE claude_hooks SET exit_code = 1.5, duration_ms = 3")
    connection.close()
    for read, name in ((read_json, "json"), (lambda d: read_parquet(d).to_pylist(), "parquet")):
        [row] = read(written(path, HOOKS, name))
        assert (row["exit_code"], row["duration_ms"]) == (1, 3.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=8), st.none() | st.floats() | st.integers(-(2**63), 2**63 - 1)),
        max_size=12,
    )
)
def test_whatever_is_stored_json_lines_and_csv_hold_it(tmp_path_factory, cells):
    path = str(tmp_path_factory.mktemp("fuzz") / "metrics.db")
    clean = [(text.encode("utf-8", "replace").decode(), number) for text, number in cells]
    rows = [
        hook(at, hook=text, duration_ms=None if isinstance(number, int) else number)
        for at, (text, number) in enumerate(clean)
    ]
    put(path, HOOKS, *rows)
    found = read_json(written(path, HOOKS, "json"))
    assert [row["hook"] for row in found] == [text for text, _ in clean]
    told = [row["hook"] for row in read_csv(written(path, HOOKS, "csv"))]
    assert [text.removeprefix("'") for text in told] == [
        text.removeprefix("'") for text, _ in clean
    ]


def test_the_same_rows_are_the_same_bytes_whatever_order_they_came_in(tmp_path):
    one, other = str(tmp_path / "a/metrics.db"), str(tmp_path / "b/metrics.db")
    rows = [hook(number % 3, run=f"r{number}") for number in range(20)]
    put(one, HOOKS, *rows)
    for row in reversed(rows):
        put(other, HOOKS, row)
    assert written(one, HOOKS, "csv") == written(other, HOOKS, "csv")


def test_days_can_be_chosen(path):
    put(path, HOOKS, *(hook(number, time=NOON + number * DAY) for number in range(5)))
    rows = read_json(written(path, HOOKS, "json", since=NOON + DAY, until=NOON + 3 * DAY))
    assert [row["run"] for row in rows] == ["r1", "r2"]


def test_one_file_tells_one_state(path, monkeypatch):
    """Rows that change meanwhile would come twice, or not at all."""
    monkeypatch.setattr(exporting, "_PAGE", 10)
    put(path, HOOKS, *map(hook, range(100)))
    with open_store(path) as store, one_state(store):
        found = pages(store, HOOKS, "m", Selection())
        first = next(found)
        writing = threading.Thread(
            target=lambda: put(path, HOOKS, *(hook(n, duration_ms=9.0) for n in range(100)))
        )
        writing.start()
        writing.join(30)
        rows = [*first, *(row for page in found for row in page)]
    at = 1 + HOOKS.position("duration_ms")
    assert (len(rows), {row[at] for row in rows}) == (100, {2.0})


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_large_table_takes_the_memory_of_a_page(path, format_name, monkeypatch):
    if format_name == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    monkeypatch.setattr(exporting, "_PAGE", 500)
    put(path, HOOKS, *(hook(number, hook=f"{number}" * 20) for number in range(10_000)))
    written(path, HOOKS, format_name)  # loads what it needs
    with open_store(path) as store, one_state(store):
        tracemalloc.start()
        found = pages(store, HOOKS, "m", Selection())
        size = sum(len(part) for part in FORMATS[format_name](HOOKS, found))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size > 50_000
    assert most < 3_000_000  # all rows as Python has them are some 15 MB


def test_a_file_is_whole_or_the_old_one(tmp_path):
    place = tmp_path / "f.csv"
    write_file(str(place), [b"old"])

    def torn():
        yield b"new"
        raise OperationError("no more")

    with pytest.raises(OperationError):
        write_file(str(place), torn())
    assert place.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["f.csv"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    add(*map(late_hook, range(3)))
    told = {"time": YESTERDAY, "source": "spool", "event": "e1", "kind": "x"}
    put(metrics_path(find_places()), EVENTS, EVENTS.row(told))
    return tmp_path


def late_hook(number, **more):
    return hook(number, time=YESTERDAY + number, **more)


def add(*rows):
    put(metrics_path(find_places()), HOOKS, *rows)


def run(capsys, *arguments):
    code = main(["metrics", "export", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_takes_days(home, capsys):
    table = ("claude_hooks", "--format", "json")
    day, before, after = (days.day_of(YESTERDAY + n * DAY) for n in (0, -1, 1))
    assert len(run(capsys, *table, "--since", day, "--until", day)[1].splitlines()) == 3
    assert run(capsys, *table, "--since", after)[1] == ""
    assert run(capsys, *table, "--until", before)[1] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        ("claude_hooks", "--since", "x"),
        ("claude_hooks", "--since", "2025-10-02", "--until", "2025-10-01"),
        ("claude_hooks", "--format", "parquet"),
        ("--series", "x"),
        ("--series", "a b", "-o", "out"),
        ("--series", "", "-o", "out"),
        ("--series", "x", "-o", "out", "--since", "2025-10-02"),
    ],
)
def test_what_makes_no_sense_is_told(home, capsys, wrong):
    code, out, told = run(capsys, *wrong)
    assert (code, out) == (2, "")
    assert told.startswith("error: ")


def series(home, capsys, *more):
    """What the next files of a series say: the ids of their rows, by file."""
    before = {path.name for path in home.glob("out/*")}
    assert run(capsys, "--series", "nightly", "--format", "json", "-o", "out", *more)[0] == 0
    new = sorted(path for path in home.glob("out/*") if path.name not in before)
    rows = [read_json(path.read_bytes()) for path in new]
    return {
        path.name.partition("-")[0]: [row.get("run") or row.get("event") for row in found]
        for path, found in zip(new, rows, strict=True)
    }


def test_a_series_has_each_change_once(home, capsys):
    first = series(home, capsys)
    assert first == {"claude_hooks": ["r0", "r1", "r2"], "claude_events": ["e1"]}
    assert series(home, capsys) == {}
    add(late_hook(1, duration_ms=9.0), late_hook(7))
    assert series(home, capsys) == {"claude_hooks": ["r1", "r7"]}
    assert main(["metrics", "status"]) == 0
    assert "series nightly" in capsys.readouterr().out


def test_another_series_begins_at_the_beginning(home, capsys):
    series(home, capsys)
    assert run(capsys, "--series", "other", "-o", "there", "claude_hooks")[0] == 0
    [path] = (home / "there").iterdir()
    assert len(read_csv(path.read_bytes())) == 3


def test_after_a_kill_before_the_cursor_the_same_file_has_it_all(home, capsys, monkeypatch):
    from hubctl.metrics.export import series as writing

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, "_keep", killed)
        run(capsys, "--series", "nightly", "--format", "json", "-o", "out", "claude_hooks")
    [before] = (home / "out").iterdir()
    add(late_hook(7))
    run(capsys, "--series", "nightly", "--format", "json", "-o", "out", "claude_hooks")
    [after] = (home / "out").iterdir()
    assert before == after
    assert [row["run"] for row in read_json(after.read_bytes())] == ["r0", "r1", "r2", "r7"]


def test_a_folder_that_cannot_be_written_costs_no_row(home, capsys):
    (home / "out").write_text("a file")
    code, _, told = run(capsys, "--series", "nightly", "--format", "json", "-o", "out")
    assert (code, "cannot be written" in told) == (3, True)
    assert main(["metrics", "status", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)["targets"]
    assert (one["target"], one["failures"], one["waiting"]) == ("series nightly", 1, 4)
    (home / "out").unlink()
    assert sum(map(len, series(home, capsys).values())) == 4


def test_a_store_made_anew_writes_files_of_other_names(home, capsys):
    series(home, capsys)
    path = metrics_path(find_places())
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    assert series(home, capsys)["claude_hooks"] == ["r0", "r1", "r2"]
