"""`hubctl metrics query`: whatever is asked can only read, ends in time, and is told well."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hubctl.cli import answers
from hubctl.cli.main import main
from hubctl.metrics.asking import asked
from hubctl.metrics.store import metrics_path, open_store
from hubctl.output.cells import width
from hubctl.system.database import QueryError
from hubctl.system.places import find_places
from tests.guards.tree import ROOT
from tests.metrics.pushing import HOOKS, NOON, hook, put

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
SCHEMA = json.loads((ROOT / "schemas/metrics-query.schema.json").read_text(encoding="utf-8"))


def many(count):
    return f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT {count})"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    put(metrics_path(find_places()), HOOKS, hook(1), hook(2, hook="ü 😀", exit_code=None))
    return tmp_path


def run(capsys, *arguments):
    code = main(["metrics", "query", "--no-refresh", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def files(home):
    """All but what SQLite keeps beside a database for those who read it."""
    return {path for path in home.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM claude_hooks",
        "UPDATE claude_hooks SET hook = 'x'",
        "INSERT INTO notes VALUES (1, 'x')",
        "DROP TABLE claude_hooks",
        "CREATE TABLE x (y)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "WITH x AS (SELECT 1) DELETE FROM claude_hooks",
        "ATTACH DATABASE 'other.db' AS other",
        "VACUUM INTO 'other.db'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "SELECT * FROM pragma_database_list",
        "SELECT load_extension('x')",
        "BEGIN IMMEDIATE",
        "SELECT 1; DELETE FROM claude_hooks",
        "SELECT nothing FROM here",
        "SELECT (",
        "SELECT ?",
        "SELECT '\0' AS x",
        "-- nothing at all",
        "REINDEX claude_hooks",
        "ANALYZE claude_hooks",
    ],
)
def test_what_does_not_only_read_is_refused(home, capsys, sql):
    before = files(home)
    code, out, told = run(capsys, sql)
    assert (code, out) == (2, "")
    assert told.startswith("error: ")
    assert files(home) == before
    assert run(capsys, "SELECT count(*) AS rows FROM claude_hooks")[1].split() == ["ROWS", "2"]


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT * FROM claude_hook", "did you mean claude_hooks?"),
        ("SELECT * FROM elsewhere", "tables: claude_tool_usage, daily_tool_usage"),
        ("SELECT c.sesion FROM claude_hooks c", "did you mean session?"),
        ("SELECT tool_nam FROM claude_tool_usage", "did you mean tool?"),
        ("SELECT xyz FROM claude_tasks", "columns: time, source, counted, session"),
        ("DELETE FROM notes", "write a SELECT"),
    ],
)
def test_what_was_probably_meant_is_told(home, capsys, sql, hint):
    assert hint in run(capsys, sql)[2]


def test_what_takes_too_long_is_told(home, capsys):
    code, out, told = run(capsys, ENDLESS, "--seconds", "1")
    assert (code, out) == (2, "")
    assert "no answer within 1 seconds" in told
    assert "--seconds" in told


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(randomblob(1000000000)) AS x",
        "SELECT length(replace(hex(zeroblob(9000000)), '0', 'xxxx')) AS x",
    ],
)
def test_a_value_that_fills_the_memory_is_refused(home, capsys, sql):
    code, _, told = run(capsys, sql)
    assert (code, "too big" in told) == (2, True)


def test_control_c_ends_it_at_once(home):
    command = [sys.executable, "-m", "hubctl", "metrics", "query", "--no-refresh", ENDLESS]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home
    )
    # It has opened the store once it has read it; before that Control-C ends it as well.
    timer = threading.Timer(1.5, running.send_signal, (signal.SIGINT,))
    timer.start()
    began = time.monotonic()
    out, told = running.communicate(timeout=50)
    assert (running.returncode, out) == (130, "")
    assert "interrupted" in told
    assert time.monotonic() - began < 30


def test_json_is_one_document_however_many_rows(home, capsys):
    sql = f"{many(2500)} SELECT x, 'ü \"' || x AS t, NULL AS u, 9e999 AS big, x'0f' AS b FROM n"
    code, out, _ = run(capsys, sql, "--format", "json")
    document = json.loads(out)
    Draft202012Validator(SCHEMA).validate(document)
    assert (code, document["columns"]) == (0, ["x", "t", "u", "big", "b"])
    assert len(document["rows"]) == 2500
    assert document["rows"][-1] == [2500, 'ü "2500', None, None, "x'0f'"]
    assert run(capsys, sql, "--json")[1] == out


def test_json_of_nothing(home, capsys):
    document = json.loads(run(capsys, "SELECT 1 AS x WHERE 0", "--json")[1])
    assert (document["columns"], document["rows"]) == (["x"], [])


def test_csv_has_every_row(home, capsys):
    sql = f"{many(2500)} SELECT x, 'a\"' || char(10) AS t, NULL AS u FROM n"
    code, out, _ = run(capsys, sql, "--format", "csv")
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert (code, len(rows), rows[0]) == (0, 2501, ["x", "t", "u"])
    assert rows[2500] == ["2500", 'a"\n', ""]


def test_a_table_shows_the_first_rows_and_says_so(home, capsys):
    code, out, told = run(capsys, f"{many(5000)} SELECT x FROM n")
    assert (code, len(out.splitlines())) == (0, 1001)
    assert "only the first 1000 rows" in told
    assert run(capsys, f"{many(1000)} SELECT x FROM n")[2] == ""


def test_bytes_that_are_no_text_are_shown(home, capsys):
    assert "\ufffd" in run(capsys, "SELECT CAST(x'ff41' AS TEXT) AS x")[1]


def test_times_are_local_moments_in_a_table_and_numbers_elsewhere(home, capsys, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        sql = "SELECT time, time + 0 AS n FROM claude_hooks WHERE hook = 'x'"
        assert f"2025-10-09 08:53:20  {NOON + 1}" in run(capsys, sql)[1]
        assert json.loads(run(capsys, sql, "--json")[1])["rows"] == [[NOON + 1, NOON + 1]]
    finally:
        monkeypatch.undo()
        time.tzset()


def shown(tmp_path, sql, columns):
    path = str(tmp_path / "state" / "metrics.db")
    with open_store(path, untrusted=True) as store, asked(store, sql, 10.0) as found:
        return answers.as_table(found, columns)[0]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_table_fits_into_its_terminal(tmp_path, columns):
    sql = "SELECT 'a' AS x, printf('%.*c', 300, 'ü') AS long, 123456 AS number, 'ab cd' AS short"
    lines = shown(tmp_path, sql, columns).splitlines()
    assert len(lines) == 2
    assert max(map(width, lines)) <= columns
    assert "123456" in lines[1]
    assert "…" in lines[1]


def test_what_does_not_fit_at_all_is_told_line_by_line(tmp_path):
    cells = ", ".join(f"'some text' AS column_{number}" for number in range(12))
    lines = shown(tmp_path, f"SELECT {cells} UNION ALL SELECT {cells}", 80).splitlines()
    assert lines[0].split() == ["column_0", "some", "text"]
    assert len(lines) == 12 + 1 + 12
    assert len(shown(tmp_path, f"SELECT {cells}", 0).splitlines()) == 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_ask(tmp_path_factory, text):
    path = str(tmp_path_factory.getbasetemp() / "asked" / "metrics.db")
    try:
        with open_store(path, untrusted=True) as store, asked(store, text, 10.0) as found:
            answers.as_table(found, 80)
    except QueryError:
        pass


def test_a_reader_who_leaves_is_no_error(home):
    sql = f"{many(200_000)} SELECT x, 'some text' FROM n"
    command = [sys.executable, "-m", "hubctl", "metrics", "query", "--no-refresh", sql]
    running = subprocess.Popen(
        [*command, "--format", "csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home
    )
    assert os.read(running.stdout.fileno(), 10)
    running.stdout.close()
    assert running.wait(50) == 0
    assert running.stderr.read() == b""
    running.stderr.close()
