"""The clock, as the rest of hubctl sees it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def now() -> datetime:
    """This moment in UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


def today() -> str:
    """This day in UTC as an ISO date."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def nanoseconds() -> int:
    """This moment as files are dated: nanoseconds since 1970."""
    return time.time_ns()


def stopwatch() -> float:
    """Seconds since some moment; two of them tell how long something took."""
    return time.perf_counter()


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def set_zone(name: str) -> None:
    """Local time is that of a zone of the tz database.

    Raises:
        ValueError: there is none of that name.
    """
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(name) from error
    os.environ["TZ"] = name
    time.tzset()


def own_zone() -> str | None:
    """The zone that the environment says; None where that is left to the machine."""
    return os.environ.get("TZ")


def restore_zone(before: str | None) -> None:
    """Local time as `own_zone` told it earlier."""
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def journal_id(moment: datetime) -> str:
    """An id that sorts by time and that no other process of this moment has."""
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond:06}-{os.getpid():x}"
