"""The commands about metrics, over a home with one session and one spool."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest

from hubctl.cli.main import main
from hubctl.metrics.queries import QUERIES
from hubctl.metrics.schema import schema
from tests.metrics.sessions import answer_line, call_lines, write_session
from tests.support.cli import validated


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    lines = [answer_line("s1", "m1", "r1", output=7), *call_lines("s1", "t1", "Bash", ok=False)]
    write_session(tmp_path, "s1", lines)
    return tmp_path


def run(capsys, *arguments):
    code = main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_question_in_sql(home, capsys):
    sql = "SELECT session, output_tokens FROM claude_context"
    code, out, _ = run(capsys, "metrics", "query", sql, "--json")
    assert code == 0
    assert validated(out, "metrics-query")["rows"] == [["s1", 7]]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_each_named_question_has_an_answer(home, capsys, query):
    assert run(capsys, "metrics", "query", query.name)[0] == 0


def test_names_are_listed_and_near_ones_suggested(home, capsys):
    assert "usage" in run(capsys, "metrics", "query")[1]
    code, _, told = run(capsys, "metrics", "query", "usag")
    assert (code, "did you mean usage?" in told) == (2, True)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM claude_context", "SELECT nothing FROM here", "SELECT ("]
)
def test_sql_that_does_not_read_is_refused(home, capsys, sql):
    code, out, told = run(capsys, "metrics", "query", sql)
    assert (code, out) == (2, "")
    assert told.startswith("error: ")


def test_status_tells_what_is_held(home, capsys):
    code, out, _ = run(capsys, "metrics", "status", "--json")
    document = validated(out, "metrics-status")
    assert code == 0
    rows = {held["table"]: held["rows"] for held in document["held"]}
    assert (rows["claude_context"], rows["claude_tool_usage"], rows["claude_sessions"]) == (1, 1, 1)
    assert document["sources"] == {"transcript": 1}
    assert "claude_context" in run(capsys, "metrics", "status")[1]


def test_refresh_tells_what_was_new(home, capsys):
    assert "3 lines" in run(capsys, "metrics", "refresh")[1]
    assert "0 lines" in run(capsys, "metrics", "refresh")[1]


def test_a_state_folder_that_cannot_be_made_is_told(home, capsys):
    (home / ".local").write_text("a file")
    code, _, told = run(capsys, "metrics", "refresh")
    assert (code, "the figures may be old" in told) == (3, True)


PARQUET = ("metrics", "export", "claude_context", "--format", "parquet", "-o", "out")


def test_export_as_csv_and_json(home, capsys):
    code, out, _ = run(capsys, "metrics", "export", "claude_tool_usage")
    [row] = csv.DictReader(io.StringIO(out))
    assert (code, row["tool"], row["success"], row["error"]) == (0, "Bash", "false", "error")
    assert run(capsys, "metrics", "export", "--format", "json", "-o", "out")[0] == 0
    files = sorted(path.name for path in (home / "out").iterdir())
    assert files == sorted(f"{table.name}.jsonl" for table in schema().tables)
    [line] = (home / "out/claude_context.jsonl").read_text().splitlines()
    assert json.loads(line)["output_tokens"] == 7


def test_export_as_parquet(home, capsys):
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is missing")
    code, _, told = run(capsys, *PARQUET)
    assert (code, told) == (0, "~/out/claude_context.parquet\n")
    assert parquet.read_table(home / "out/claude_context.parquet").num_rows == 1


def test_export_as_parquet_without_its_extra_says_what_to_install(home, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, _, told = run(capsys, *PARQUET)
    assert (code, "pip install 'hubctl[parquet]'" in told) == (2, True)
    assert list((home / "out").iterdir()) == []


@pytest.mark.parametrize("arguments", [["nothing"], [], ["claude_hooks", "claude_tasks"]])
def test_export_without_a_place_or_with_an_unknown_table_is_refused(home, capsys, arguments):
    assert run(capsys, "metrics", "export", *arguments)[0] == 2
