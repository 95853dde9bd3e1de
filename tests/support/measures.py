"""A store filled by its own writers, for tests of what reads it. Times are local, rows small."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hubctl.metrics.schema import schema
from hubctl.metrics.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

_numbers = itertools.count(1)


def at(text: str) -> int:
    """Microseconds of a local moment such as `2026-03-04 09:30`."""
    return int(datetime.fromisoformat(text).astimezone().timestamp() * 1_000_000)


def put(path: str, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows of what is told; ids are made up where they are needed."""
    declared = schema().table(table)
    with open_store(path, write=True) as store, store.batch() as batch:
        batch.put(declared, [declared.row(_with_ids(declared.keys, row)) for row in rows])
        batch.roll_up()


def _with_ids(keys: tuple[str, ...], row: dict[str, Any]) -> dict[str, Any]:
    return {**{key: f"{key}{next(_numbers)}" for key in keys}, **row}


def answer(moment: str | int, **more: Any) -> dict[str, Any]:
    """A row of claude_context: 1000 tokens in, 100 out, one dollar."""
    base = {
        "time": at(moment) if isinstance(moment, str) else moment,
        "source": "transcript",
        "session": "s1",
        "project": "/home/ada/src/api",
        "model": "claude-sonnet-4-5",
        "input_tokens": 1000,
        "output_tokens": 100,
        "cost_usd": 1.0,
    }
    return base | more
