"""What hooks left in their spool: one sealed line of JSON each, read without hubctl.

A line is `{"crc":"xxxxxxxx","record":{…}}`; the checksum is CRC-32 over the record's own text, so a
torn or changed line is known and left out.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path

HEAD, MIDDLE = '{"crc":"', '","record":'


def folders() -> list[Path]:
    """The spool of every hub on this machine."""
    base = os.environ.get("XDG_STATE_HOME", "")
    state = Path(base) if base.startswith("/") else Path.home() / ".local/state"
    return sorted((state / "hubctl").glob("*/hooks/spool"))


def records(folder: Path, since: float) -> tuple[list[dict], int]:
    """Records not older than `since` (seconds since the epoch), and how many lines are damaged."""
    found, damaged = [], 0
    for path in sorted(folder.glob("*.jsonl")):
        try:
            if path.stat().st_mtime < since:
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for line in filter(None, text.split("\n")):
            record = unseal(line)
            damaged += record is None
            if record is not None and moment(record) >= since:
                found.append(record)
    return found, damaged


def unseal(line: str) -> dict | None:
    """The record of a line; None where it is not as it was written."""
    start = len(HEAD)
    body = line[start + 8 + len(MIDDLE) : -1]
    checksum = f"{zlib.crc32(body.encode('utf-8', 'surrogatepass')):08x}"
    if line != f"{HEAD}{checksum}{MIDDLE}{body}}}":
        return None
    try:
        record = json.loads(body)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def moment(record: dict) -> float:
    """When it was written, in seconds since the epoch."""
    at = record.get("t")
    return float(at) if isinstance(at, int | float) else 0.0
