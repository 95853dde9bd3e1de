"""A pusher killed anywhere, and what a real QuestDB has then: every row once, as it is here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from hubctl.metrics.export.push import push, target_name
from hubctl.metrics.export.questdb import QuestDB
from hubctl.metrics.export.targets import source_of
from hubctl.metrics.schema import BOOLEAN, schema
from hubctl.metrics.store import open_store
from hubctl.system.http import Server
from tests.guards.tree import ROOT
from tests.metrics.pushing import HOOKS, NOON, hook, put

EVENTS = schema().table("claude_events")
# A pusher that kills itself: `place` is what it was doing, `count` how often it had done it.
PUSHER = """
import os, signal, sys
from hubctl.metrics.export import push as pushing
from hubctl.metrics.export.questdb import QuestDB
from hubctl.metrics.store import Store
from hubctl.metrics.tables.batch import Batch
from hubctl.system.http import Server
path, port, machine, place, count = sys.argv[1:]
left = int(count)
pushing._ROWS = 50
def killing(owner, name, before):
    done = getattr(owner, name)
    def wrapped(self, *given, **named):
        global left
        left -= 1
        if left < 0 and before:
            os.kill(os.getpid(), signal.SIGKILL)
        found = done(self, *given, **named)
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    setattr(owner, name, wrapped)
killing(*{
    "before a request": (QuestDB, "write", True),
    "after its answer": (QuestDB, "write", False),
    "before the cursor": (pushing._Run, "_keep", True),
    "with the cursor put and not committed": (Batch, "set_cursor", False),
    "after the cursor": (pushing._Run, "_keep", False),
    "while tables are made": (QuestDB, "query", False),
}[place])
pushing.push(path, QuestDB(Server(host="127.0.0.1", port=int(port))), machine)
"""
PLACES = (
    "before a request",
    "after its answer",
    "before the cursor",
    "with the cursor put and not committed",
    "after the cursor",
    "while tables are made",
)


def killed(path, questdb, machine, place, count):
    command = [sys.executable, "-c", PUSHER, path, str(questdb.http), machine, place, str(count)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=60, check=False, env={**os.environ}
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def here(path, table, machine):
    """The rows of the store as the database tells them."""
    with open_store(path) as store:
        order = ", ".join(table.keys)
        names = ", ".join(table.names)
        rows = store.rows(f"SELECT {names} FROM {table.name} ORDER BY {order}")
    return [[machine, *map(as_there, table.columns, row)] for row in rows]


def as_there(column, value):
    if column.type == BOOLEAN and column.default is not None:
        return bool(value)
    return None if value == "" and column.type == "symbol" else value


def settled(questdb, path, table, machine):
    """Wait until the database has exactly the rows of the store."""
    told = (f"{one.name}::long" if one.type == "time" else one.name for one in table.columns)
    questdb.settled(
        f"SELECT machine, {', '.join(told)} FROM {table.name}"
        f" WHERE machine = '{machine}' ORDER BY {', '.join(table.keys)}",
        here(path, table, machine),
    )


def target_of(questdb):
    return QuestDB(Server(host="127.0.0.1", port=questdb.http))


def test_killed_anywhere_every_row_arrives_once_and_as_it_is(path, questdb):
    """Rows come and change between the kills, with a clock that goes back as well."""
    machine = "killed"
    put(path, HOOKS, *map(hook, range(300)))
    for number, place in enumerate(PLACES):
        killed(path, questdb, machine, place, number % 3)
        later = [hook(n, duration_ms=9.5 + number, decision="deny") for n in range(number, 60, 7)]
        earlier = hook(1000 + number, time=NOON - 3_600_000_000 * number, hook=f"ü 😀 {number}")
        put(path, HOOKS, *later, earlier)
    assert push(path, target_of(questdb), machine).problem == ""
    assert push(path, target_of(questdb), machine).sent == {}
    settled(questdb, path, HOOKS, machine)


def test_two_machines_share_a_database(tmp_path, questdb):
    """The same sessions may lie on both: a home folder that was copied."""
    paths = {f"shared-{name}": str(tmp_path / name / "metrics.db") for name in "ab"}
    for number, (machine, path) in enumerate(paths.items()):
        put(path, HOOKS, *(hook(n, duration_ms=float(number)) for n in range(120)))
        assert push(path, target_of(questdb), machine).problem == ""
    for machine, path in paths.items():
        settled(questdb, path, HOOKS, machine)


@pytest.mark.parametrize("lost", ["the cursor", "the identity"])
def test_a_cursor_that_is_lost_sends_again_and_doubles_nothing(path, questdb, lost):
    machine = f"lost {lost}"
    put(path, HOOKS, *map(hook, range(120)))
    server = target_of(questdb)
    push(path, server, machine)
    with open_store(path, write=True) as store, store.batch() as batch:
        if lost == "the cursor":
            batch.drop_cursor(source_of(target_name(server)), HOOKS.name)
        else:
            batch.set_meta("identity", "another")
    put(path, HOOKS, hook(3, duration_ms=77.0))
    assert push(path, server, machine).sent == {"claude_hooks": 120}
    settled(questdb, path, HOOKS, machine)


def test_what_a_store_made_anew_tells_with_another_time_is_no_second_row(path, questdb):
    """A session whose first sign is read in another order, and a hundred other rows."""
    machine, sessions = "anew", schema().table("claude_sessions")
    server = target_of(questdb)

    def session(number, time):
        return sessions.row({"time": time, "source": "derived", "session": f"it's {number}"})

    put(path, sessions, *(session(number, NOON + number) for number in range(250)))
    put(path, HOOKS, *map(hook, range(120)))
    assert push(path, server, machine).problem == ""
    settled(questdb, path, sessions, machine)
    for part in ("", "-wal", "-shm"):
        os.unlink(path + part) if os.path.exists(path + part) else None
    put(path, sessions, *(session(number, NOON + number * 2) for number in range(260)))
    assert push(path, server, machine).problem == ""
    assert push(path, server, machine).sent == {}
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.roll_up()
    put(path, sessions, *(session(number, NOON + 5) for number in range(0, 260, 3)))
    assert push(path, server, machine).problem == ""
    settled(questdb, path, sessions, machine)
    with open_store(path) as store:
        found = store.rows("SELECT time, session FROM claude_sessions ORDER BY time LIMIT 3")
        [(total,)] = store.rows("SELECT sum(count) FROM daily_sessions")
    assert found == [(NOON + number, f"it's {number}") for number in range(3)]
    assert total == 260
