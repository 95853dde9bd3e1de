"""Every query of the dashboard and of the alerts, asked of a real QuestDB as Grafana asks it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from hubctl.config.thresholds import DEFAULTS
from hubctl.metrics.export.push import push
from hubctl.metrics.export.questdb import QuestDB
from hubctl.metrics.schema import schema
from hubctl.metrics.store import open_store
from hubctl.reports.alerts.readings import readings
from hubctl.system.http import Server
from tests.metrics.rendered import ALERTS, ALONE, DASHBOARD, EVERYTHING, files, fires, panels, rules

FILES = files(EVERYTHING)
PANELS = panels(FILES[DASHBOARD])
RULES = rules(FILES[ALERTS])
VARIABLES = FILES[DASHBOARD]["templating"]["list"]
MACHINE = "desk"


@pytest.fixture(scope="module")
def filled(questdb, worked):
    """The server with what the work left in the store."""
    target = QuestDB(Server(host="127.0.0.1", port=questdb.http))
    done = push(worked.store, target, MACHINE)
    assert (done.problem, done.refused, done.waiting) == ("", (), {})
    for table, count in done.sent.items():
        questdb.settled(f"SELECT count() FROM {table} WHERE machine = '{MACHINE}'", [[count]])
    assert len(done.sent) == 7
    return questdb


@pytest.fixture(scope="module")
def connection(filled):
    # A client cursor puts values into the text: the server's own placeholders are typed otherwise.
    with psycopg.connect(
        host="127.0.0.1",
        port=filled.pg,
        user="admin",
        password="quest",
        dbname="qdb",
        autocommit=True,
        connect_timeout=20,
        cursor_factory=psycopg.ClientCursor,
    ) as made:
        yield made


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql.encode())
        return [column.name for column in cursor.description], cursor.fetchall()


def choices(connection, name):
    [variable] = [one for one in VARIABLES if one["name"] == name]
    return [row[0] for row in ask(connection, variable["query"])[1]]


def expanded(connection, sql):
    """The query as Grafana sends it: its macros and variables replaced, `All` being chosen."""
    for name in ("machine", "project"):
        listed = ",".join(f"'{value}'" for value in choices(connection, name))
        sql = sql.replace(f"${{{name}:sqlstring}}", listed)
    now = datetime.now(UTC)
    times = [f"'{moment:%Y-%m-%dT%H:%M:%SZ}'" for moment in (now - timedelta(days=7), now)]
    sql = sql.replace("$__timeFilter(time)", f"time BETWEEN {times[0]} AND {times[1]}")
    sql = sql.replace("$__interval", "10m")
    assert "$" not in sql
    return sql


@pytest.mark.parametrize(("title", "query"), PANELS, ids=[title for title, _ in PANELS])
def test_every_panel_has_rows(connection, title, query):
    names, rows = ask(connection, expanded(connection, query["rawSql"]))
    assert rows
    assert any(cell is not None for row in rows for cell in (row[1:] or row))
    if query["format"] == "time_series":
        assert names[0] == "time"
        assert all(isinstance(row[0], datetime) for row in rows)


def test_what_can_be_chosen_is_what_there_is(connection):
    assert MACHINE in choices(connection, "machine")
    assert "/home/dev/project" in choices(connection, "project")


def test_the_dashboard_tells_of_all_tables(connection):
    asked = {name for _, query in PANELS for name in re.findall(r"claude_\w+", query["rawSql"])}
    assert len(asked) == 7


@pytest.mark.parametrize("rule", RULES, ids=[rule["uid"] for rule in RULES])
def test_every_alert_has_its_value(connection, rule):
    sql = rule["data"][0]["model"]["rawSql"]
    assert "$" not in sql
    names, rows = ask(connection, sql)
    assert names[-1] == "value"
    ours = [row for row in rows if row[0] == MACHINE]
    assert any(fires(rule, row[-1]) for row in ours)


def test_the_alerts_of_hubctl_measure_the_same(connection, worked):
    limits = {row.name: row for row in DEFAULTS}
    with open_store(worked.store) as store:
        own = readings(store, limits, int(datetime.now(UTC).timestamp() * 1e6))
    compared = 0
    for rule in RULES:
        _, rows = ask(connection, rule["data"][0]["model"]["rawSql"])
        there = {"".join(row[1:-1]): row[-1] for row in rows if row[0] == MACHINE}
        here = [one for one in own if one.threshold.name == rule["labels"]["threshold"]]
        # QuestDB's percentiles have three digits.
        assert {one.subject: pytest.approx(one.value, rel=1e-3) for one in here} == there
        compared += len(here)
    assert compared >= 7


def test_a_machine_without_trouble_alerts_nobody(connection, filled, tmp_path):
    """The same queries where another machine did only good work."""
    path = str(tmp_path / "metrics.db")
    now = int(datetime.now(UTC).timestamp() * 1e6)
    hooks = schema().table("claude_hooks")
    row = {"time": now - 60_000_000, "source": "spool", "run": "q", "hook": "h", "event": "Stop"}
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(hooks, [hooks.row({**row, "duration_ms": 2.0})])
    push(path, QuestDB(Server(host="127.0.0.1", port=filled.http)), "quiet")
    filled.settled("SELECT count() FROM claude_hooks WHERE machine = 'quiet'", [[1]])
    for rule in RULES:
        _, rows = ask(connection, rule["data"][0]["model"]["rawSql"])
        assert not [row for row in rows if row[0] == "quiet" and fires(rule, row[-1])]


def test_the_seed_s_five_alerts_are_there():
    limits = {rule["uid"]: rule["data"][1]["model"]["conditions"][0]["evaluator"] for rule in RULES}
    assert limits == {
        "claude-errors-per-hour-warning": {"type": "gt", "params": [10]},
        "claude-hook-latency-ms-warning": {"type": "gt", "params": [100]},
        "claude-hook-latency-ms-critical": {"type": "gt", "params": [500]},
        "claude-agent-success-percent-warning": {"type": "lt", "params": [80]},
        "claude-daily-cost-usd-warning": {"type": "gt", "params": [30]},
        "claude-daily-cost-usd-critical": {"type": "gt", "params": [50]},
        "claude-tool-failure-percent-warning": {"type": "gt", "params": [20]},
    }
    assert {rule["uid"] for rule in rules(files(ALONE)[ALERTS])} == set(limits)
