"""Who wrote a file last and when, as far as the file itself tells."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime


def last_write(path: str) -> tuple[datetime, str] | None:
    """Time of the last write (UTC) and the owner's name; None where there is no such file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return datetime.fromtimestamp(found.st_mtime, UTC), _user(found.st_uid)


def last_written(path: str) -> int:
    """Time of the last write in ns since the epoch, 0 where there is no such file."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
