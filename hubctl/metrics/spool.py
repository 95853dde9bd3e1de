"""The hooks' spool into the store: rows and the place reached, in one transaction.

Owns the cursors of spool segments. A segment that is gone is forgotten; a line that is damaged is
counted and passed over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.metrics.schema import schema
from hubctl.metrics.spool_records import Rows, take
from hubctl.metrics.watch import nobody
from hubctl.system.hooks_package import store as spool_format
from hubctl.system.spool import spool_part, spool_segments

if TYPE_CHECKING:
    from hubctl.metrics.batch import Batch
    from hubctl.metrics.store import Store
    from hubctl.metrics.watch import Watch

SOURCE = "spool"
_PART = 2 << 20  # rows of it are held in memory; a line is much shorter


def read_spools(store: Store, state: str, watch: Watch = nobody) -> tuple[int, int]:
    """Put what is new in the spools of all hubs into the store: records, and damaged lines.

    Raises:
        OperationError: the store cannot be written; what was put before stays.
    """
    cursors = store.cursors(SOURCE)
    segments = spool_segments(state)
    records = damaged = done = 0
    whole = sum(size for _, _, size in segments)
    for name, path, size in segments:
        while size > cursors.get(name, (0, ""))[0]:
            with store.batch() as batch:
                read = _read(batch, name, path)
            if read is None:
                break
            reached, found, broken = read
            cursors[name] = (reached, "")
            records, damaged = records + found, damaged + broken
            watch("spool", done + reached, whole)
        done += size
    _forget(store, set(cursors).difference(name for name, _, _ in segments))
    return records, damaged


def _forget(store: Store, gone: set[str]) -> None:
    if gone:
        with store.batch() as batch:
            for name in sorted(gone):
                batch.drop_cursor(SOURCE, name)


def _read(batch: Batch, name: str, path: str) -> tuple[int, int, int] | None:
    """Take one part of a segment: the place reached, records, damaged lines; None for nothing."""
    # Asked inside the transaction: another process may have read on in the meantime.
    position = (batch.cursor(SOURCE, name) or (0, ""))[0]
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
    batch.set_cursor(SOURCE, name, reached)
    if damaged:
        batch.add_to_meta("spool_damaged", damaged)
    return reached, records, damaged


def _record(line: bytes) -> dict[str, object] | None:
    """The record of a line; None for a damaged one. Half characters become whole ones."""
    record = spool_format.unseal(line.decode("utf-8", "replace"))
    if record is None or b"\\ud" not in line:
        return record
    whole = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    found: dict[str, object] = json.loads(whole)
    return found


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
