"""One part of the hooks' spool into the store: rows and the place reached, in one transaction.

A line that is damaged is counted and passed over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError
from msgspec.json import Decoder

from hubctl.metrics.schema import schema
from hubctl.metrics.sources.spool_records import SPOOL, Rows, take
from hubctl.system.hooks_package import store as spool_format
from hubctl.system.spool import spool_part

if TYPE_CHECKING:
    from hubctl.metrics.tables.batch import Batch

_PART = 1 << 20  # rows of it are held in memory; a line is much shorter
_decode = Decoder().decode


def read_part(batch: Batch, name: str, path: str) -> tuple[int, int, int] | None:
    """Take one part of a segment: the place reached, records, damaged lines; None for nothing."""
    # Asked inside the transaction: another process may have read on in the meantime.
    position = (batch.cursor(SPOOL, name) or (0, ""))[0]
    data = spool_part(path, position, _PART)
    whole = data[: data.rfind(b"\n") + 1]
    if not whole:
        return None
    rows, records, damaged = Rows(), 0, 0
    offset = position
    for line in whole.split(b"\n"):
        if line:
            record = _record(line)
            if record is None:
                damaged += 1
            else:
                take(record, f"{name}:{offset}", rows)
                records += 1
        offset += len(line) + 1
    _put(batch, rows)
    reached = position + len(whole)
    batch.set_cursor(SPOOL, name, reached)
    if damaged:
        batch.add_to_meta("spool_damaged", damaged)
    return reached, records, damaged


def _record(line: bytes) -> dict[str, Any] | None:
    """The record of a line; None for a damaged one."""
    body = spool_format.unsealed(line)
    if body is None:
        return None
    try:
        found = _decode(body)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return _odd(line)
    return found if isinstance(found, dict) else None


def _odd(line: bytes) -> dict[str, Any] | None:
    """A record with what JSON does not have, as the standard library reads it.

    Half characters become whole ones.
    """
    try:
        record = spool_format.unseal(line.decode("utf-8", "replace"))
    except ValueError:
        return None
    whole = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    found = json.loads(whole)
    return found if isinstance(found, dict) else None


def _put(batch: Batch, rows: Rows) -> None:
    tables = schema()
    batch.put(tables.table("claude_hooks"), rows.runs)
    batch.put(tables.table("claude_events"), rows.events)
    batch.put(tables.table("claude_tool_usage"), rows.calls)
    batch.put(tables.table("claude_agents"), rows.agents)
    batch.put(tables.table("claude_tasks"), rows.tasks)
    sessions = tables.table("claude_sessions")
    batch.put(sessions, rows.sessions)
    batch.change(sessions, "end_reason = ?2", rows.ends, "session = ?3")
