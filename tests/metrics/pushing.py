"""A store to push from and a stand-in to push to."""

from __future__ import annotations

from hubctl.metrics.export.questdb import QuestDB
from hubctl.metrics.schema import schema
from hubctl.metrics.store import open_store
from hubctl.system.http import Server

HOOKS = schema().table("claude_hooks")
EVENTS = schema().table("claude_events")
NOON = 1_760_000_000_000_000


def hook(number, **more):
    base = {"time": NOON + number, "source": "spool", "run": f"r{number}", "hook": "x"}
    return HOOKS.row({**base, "event": "Stop", "duration_ms": 2.0, **more})


def event(number):
    base = {"time": NOON + number, "source": "spool", "event": f"e{number}", "kind": "x"}
    return EVENTS.row(base)


def put(path, table, *rows):
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(table, rows)


def to(port, **more):
    return QuestDB(Server(host="127.0.0.1", port=port, **more))


def runs(target):
    return [line.partition('run="')[2].partition('"')[0] for line in target.lines]
