"""The clock, as the rest of hubctl sees it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def nanoseconds() -> int:
    """This moment as files are dated: nanoseconds since 1970."""
    return time.time_ns()


def journal_id(moment: datetime) -> str:
    """An id that sorts by time and that no other process of this moment has."""
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond:06}-{os.getpid():x}"
