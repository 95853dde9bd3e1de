"""A store filled by its own writers, for tests of what reads it. Times are local, rows small."""

from __future__ import annotations

import itertools
import random
import zlib
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


# -- weeks of work, always the same for the same numbers -------------------------------------------

_MODELS = ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5")
_PROJECTS = ("/home/ada/src/api", "/home/ada/src/web", "/home/ada/src/notes")
_TOOLS = ("Bash", "Read", "Edit", "Grep", "Write", "Agent")
_HOOKS = ("smart-safety-check", "auto-format", "context-monitor")
_DAY = 86_400_000_000


def weeks_of_work(
    path: str, last: str, *, days: int = 40, sessions: int = 6, size: int = 30
) -> int:
    """Fill a store with days of work that end with `last`; how many rows that are.

    `sessions` a day, each with `size` answers; a call, a hook's run and its process for each.
    """
    chance = random.Random(7)
    rows: dict[str, list[dict[str, Any]]] = {}
    end = at(f"{last} 00:00")
    for day in range(days):
        begin = end - (days - 1 - day) * _DAY
        if day % 7 == 6:
            continue  # a day off
        for number in range(sessions):
            name = f"s{day:04}-{number:02}"
            opened = begin + (8 + number * 1.5) * 3_600_000_000
            _session(rows, name, int(opened), size, chance)
    for table, found in rows.items():
        put(path, table, found)
    return sum(len(found) for found in rows.values())


def _session(
    rows: dict[str, list[dict[str, Any]]], name: str, opened: int, size: int, chance: random.Random
) -> None:
    project = _PROJECTS[hash_of(name) % len(_PROJECTS)]
    model = _MODELS[hash_of(name) % 5 % len(_MODELS)]
    common = {"session": name, "project": project}
    context, time = 18_000, opened
    for number in range(size):
        time += chance.randrange(5, 90) * 1_000_000
        new = chance.randrange(300, 4000)
        aside = number % 10 in (6, 7, 8)
        write, out = new, chance.randrange(50, 900)
        read = 9_000 + 3_000 * (number % 10) if aside else context
        used = read + write + out
        context = context if aside else used
        price = {"claude-opus-4-5": (5, 25), "claude-sonnet-4-5": (3, 15)}.get(model, (1, 5))
        cost = (read * price[0] * 0.1 + write * price[0] * 1.25 + out * price[1]) / 1e6
        told = {**common, "time": time, "model": model, "cost_usd": cost, "input_tokens": 3}
        told |= {"output_tokens": out, "cache_read_tokens": read, "cache_write_tokens": write}
        told |= {"response": f"{name}:{number}", "source": "transcript", "context_tokens": used}
        told |= {"percent": used / 2000, "window_tokens": 200_000, "sidechain": aside}
        told["agent"] = f"a{number // 10}" if aside else ""
        rows.setdefault("claude_context", []).append(told)
        tool = _TOOLS[number % len(_TOOLS)]
        rows.setdefault("claude_tool_usage", []).append(
            {**common, "time": time, "source": "otel", "call": f"{name}:{number}", "tool": tool}
            | {"success": chance.random() > 0.06, "duration_ms": chance.expovariate(1 / 400)}
        )
        for hook in (_HOOKS[number % 3], "dispatcher"):
            rows.setdefault("claude_hooks", []).append(
                {**common, "time": time, "source": "spool", "run": f"{name}:{number}:{hook}"}
                | {"hook": hook, "event": "PreToolUse", "duration_ms": chance.uniform(2, 60)}
                | {"decision": "deny" if chance.random() < 0.02 else ""}
            )
    agents = [
        {**common, "time": opened + 1, "source": "transcript", "agent": f"a{number}"}
        | {"kind": "Explore", "success": chance.random() > 0.1, "duration_ms": 60_000.0}
        | {"requests": 3, "input_tokens": 9, "output_tokens": 1200, "cache_read_tokens": 30_000}
        | {"cost_usd": 0.03}
        for number in range(size // 10)
    ]
    rows.setdefault("claude_agents", []).extend(agents)
    rows.setdefault("claude_sessions", []).append(
        {**common, "time": opened, "source": "derived", "duration_ms": (time - opened) / 1000}
        | {"active_ms": (time - opened) / 1200, "prompts": size // 6, "requests": size}
    )


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return zlib.crc32(text.encode())
