"""Pushing to a real QuestDB: tables, types, no doubles, and its own words about bad lines."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubctl.metrics.export.line_protocol import encode
from hubctl.metrics.export.push import push
from hubctl.metrics.export.questdb import QuestDB, RefusedError
from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, SYMBOL, TEXT, TIME, schema
from hubctl.metrics.store import open_store
from hubctl.system.http import Server

NOON = 1_760_000_000_000_000
HOOKS = schema().table("claude_hooks")
CALLS = schema().table("claude_tool_usage")
STORED = {
    TIME: "TIMESTAMP",
    SYMBOL: "SYMBOL",
    TEXT: "VARCHAR",
    LONG: "LONG",
    DOUBLE: "DOUBLE",
    BOOLEAN: "BOOLEAN",
}
FUZZED = count()
# What breaks encoders: ends of lines, quotes, separators, what is no character, what is no number.
ODD = [
    "a b,c=d",
    'say "hi"',
    "back\\slash\\",
    "two\nlines\r\n",
    "🦊 é",
    "\ud800",
    "=",
    "a\0b",
    "\\\n",
]


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "metrics.db")


@pytest.fixture
def target(questdb):
    made = QuestDB(Server(host="127.0.0.1", port=questdb.http))
    yield made
    made.close()


def put(path, table, *rows):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(table, rows)


def value(column, number):
    return {
        TIME: NOON + number,
        SYMBOL: f"s{number}",
        TEXT: f"t{number}",
        LONG: number,
        DOUBLE: number / 2,
        BOOLEAN: bool(number % 2),
    }[column.type]


def full_row(table, number):
    filled = {column.name: value(column, number) for column in table.columns}
    return table.row({**filled, "source": table.sources[0], "counted": True})


@pytest.mark.parametrize("table", schema().tables, ids=lambda table: table.name)
def test_every_table_arrives_with_its_types_and_once(path, questdb, target, table):
    machine = f"types-{table.name}"
    put(path, table, *(full_row(table, number) for number in range(1, 4)))
    assert push(path, target, machine).problem == ""
    count = f"SELECT count() FROM {table.name} WHERE machine = '{machine}'"
    questdb.settled(count, [[3]])
    columns = {name: kind for name, kind, *_ in questdb.rows(f"SHOW COLUMNS FROM {table.name}")}
    unknowable = {one.name: "INT" for one in table.columns if one.name == "success"}
    stored = {one.name: STORED[one.type] for one in table.columns}
    assert columns == {"machine": "SYMBOL"} | stored | unknowable
    # As after a store made anew: everything is sent once more.
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    assert push(path, target, machine).sent == {table.name: 3}
    put(path, table, full_row(table, 9))
    push(path, target, machine)
    questdb.settled(count, [[4]])


def test_a_row_that_changes_is_one_row(path, questdb, target):
    row = {"time": NOON, "source": "spool", "run": "one", "hook": "h", "event": "Stop"}
    put(path, HOOKS, HOOKS.row({**row, "duration_ms": 1.0}))
    push(path, target, "changes")
    put(path, HOOKS, HOOKS.row({**row, "duration_ms": 2.0, "decision": "deny"}))
    push(path, target, "changes")
    where = "WHERE machine = 'changes'"
    questdb.settled(
        f"SELECT run, duration_ms, decision FROM claude_hooks {where}", [["one", 2.0, "deny"]]
    )


def test_what_is_not_known_stays_unknown(path, questdb, target):
    rows = [
        CALLS.row({"time": NOON, "source": "otel", "call": name, "success": ok})
        for name, ok in (("a", True), ("b", False), ("c", None))
    ]
    put(path, CALLS, *rows)
    push(path, target, "unknown")
    where = "WHERE machine = 'unknown'"
    questdb.settled(
        f"SELECT call, success FROM claude_tool_usage {where} ORDER BY call",
        [["a", 1], ["b", 0], ["c", None]],
    )
    found = questdb.rows(f"SELECT sum(success), count(success) FROM claude_tool_usage {where}")
    assert found == [[1, 2]]


def test_machines_do_not_take_each_other_s_rows(path, questdb, target):
    put(path, HOOKS, full_row(HOOKS, 1))
    push(path, target, "alpha")
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.set_meta("identity", "another")
    push(path, target, "beta")
    where = "WHERE machine IN ('alpha', 'beta')"
    questdb.settled(f"SELECT count(), count_distinct(machine) FROM claude_hooks {where}", [[2, 2]])


def test_odd_texts_arrive_as_they_are(path, questdb, target):
    rows = [{**dict(zip(HOOKS.names, full_row(HOOKS, 1), strict=True)), "run": f"{number} {odd}"}
            | {"hook": odd} for number, odd in enumerate(ODD)]  # fmt: skip
    lines = encode(HOOKS, [HOOKS.row(row) for row in rows], "odd")
    assert target.write(lines) is None
    where = "WHERE machine = 'odd'"
    questdb.settled(f"SELECT count() FROM claude_hooks {where}", [[len(ODD)]])
    found = questdb.rows(f"SELECT run, hook FROM claude_hooks {where}")
    clean = [odd.replace("\0", "\ufffd").replace("\ud800", "\ufffd") for odd in ODD]
    assert sorted(found) == sorted([[f"{number} {odd}", odd] for number, odd in enumerate(clean)])


def test_numbers_that_it_cannot_hold_are_null(path, questdb, target):
    rows = [
        {"run": f"n{number}", "duration_ms": odd, "exit_code": whole, "time": NOON}
        for number, (odd, whole) in enumerate(
            [(float("nan"), 2**63), (float("inf"), -(2**63)), (1e308, 2**63 - 1)]
        )
    ]
    full = {"source": "spool", "hook": "h", "event": "e"}
    assert target.write(encode(HOOKS, [HOOKS.row({**full, **row}) for row in rows], "nan")) is None
    sql = "SELECT run, duration_ms, exit_code FROM claude_hooks WHERE machine = 'nan' ORDER BY run"
    wanted = [["n0", None, None], ["n1", None, None], ["n2", 1e308, 2**63 - 1]]
    questdb.settled(sql, wanted)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('claude_hooks,machine=bad duration_ms="x" 1760000000000000000', "cast error"),
        ("claude_hooks garbage", "Could not parse"),
        ("claude_hooks,machine=bad duration_ms=1.0 -5000", "before 1970"),
    ],
)
def test_it_tells_which_line_is_bad_and_takes_none(questdb, target, line, reason):
    good = encode(HOOKS, [full_row(HOOKS, number) for number in range(1, 4)], f"with {reason}")
    lines = good.splitlines(keepends=True)
    bad = target.write(b"".join([*lines[:2], line.encode() + b"\n", lines[2]]))
    assert (bad.number, reason in bad.reason) == (2, True)
    assert target.write(good) is None
    where = f"WHERE machine = 'with {reason}'"
    questdb.settled(f"SELECT count() FROM claude_hooks {where}", [[3]])


@pytest.fixture
def other_tasks(target):
    """Makes claude_tasks in a way of somebody else's; afterwards it is ours again."""

    def make(columns, end):
        target.query("DROP TABLE IF EXISTS claude_tasks")
        target.query(
            f"CREATE TABLE claude_tasks (time TIMESTAMP, {columns})"
            f" TIMESTAMP(time) PARTITION BY MONTH WAL {end}"
        )

    yield make
    target.query("DROP TABLE claude_tasks")
    target.make_tables(schema())


def test_a_row_that_it_refuses_is_told_and_kept(path, questdb, target, other_tasks):
    tasks = schema().table("claude_tasks")
    columns = "machine SYMBOL, session VARCHAR, task VARCHAR, duration_ms BOOLEAN"
    other_tasks(columns, "DEDUP UPSERT KEYS(time, machine, session, task)")
    row = {"time": NOON, "source": "spool", "session": "s"}
    given = [{"task": "a"}, {"task": "b", "duration_ms": 5.0}, {"task": "c"}]
    put(path, tasks, *(tasks.row(row | more) for more in given))
    done = push(path, target, "m")
    assert (done.problem, done.sent) == ("", {"claude_tasks": 2})
    assert [(one.number, "duration_ms" in one.reason) for one in done.refused] == [(2, True)]
    questdb.settled("SELECT task FROM claude_tasks ORDER BY task", [["a"], ["c"]])


def test_a_table_that_keeps_doubles_is_told(target, other_tasks):
    other_tasks("task VARCHAR", "")
    with pytest.raises(RefusedError, match=r"claude_tasks.*keeps doubles"):
        target.make_tables(schema())


def test_a_table_of_an_older_schema_gains_its_columns(path, questdb, target, other_tasks):
    columns = "machine SYMBOL, source SYMBOL, session VARCHAR, task VARCHAR"
    other_tasks(columns, "DEDUP UPSERT KEYS(time, machine, session, task)")
    tasks = schema().table("claude_tasks")
    row = {"time": NOON, "source": "spool", "session": "s", "task": "a", "status": "deleted"}
    put(path, tasks, tasks.row({**row, "duration_ms": 1.5}))
    assert push(path, target, "m").problem == ""
    questdb.settled("SELECT status, duration_ms FROM claude_tasks", [["deleted", 1.5]])
    found = {name: kind for name, kind, *_ in questdb.rows("SHOW COLUMNS FROM claude_tasks")}
    assert found == {"machine": "SYMBOL"} | {one.name: STORED[one.type] for one in tasks.columns}


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
wholes = st.none() | st.integers(-(2**63) + 1, 2**63 - 1)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(given=st.lists(st.tuples(words, words, numbers, wholes), min_size=1, max_size=40))
def test_whatever_a_row_holds_arrives_as_it_is(questdb, target, given):
    machine = f"fuzz-{next(FUZZED)}"
    rows = [
        {"time": NOON + at, "source": "spool", "run": f"{at:02} {run}", "hook": name}
        | {"event": "e", "duration_ms": number, "exit_code": whole}
        for at, (run, name, number, whole) in enumerate(given)
    ]
    assert target.write(encode(HOOKS, [HOOKS.row(row) for row in rows], machine)) is None
    questdb.settled(
        "SELECT run, hook, duration_ms, exit_code FROM claude_hooks"
        f" WHERE machine = '{machine}' ORDER BY time",
        [[row["run"], row["hook"] or None, row["duration_ms"], row["exit_code"]] for row in rows],
    )


def test_a_wrong_statement_is_told(target):
    with pytest.raises(RefusedError, match="does not exist"):
        target.query("SELECT * FROM nothing_of_ours")
