"""What fields of a transcript hold, where they hold it: words, counts, moments. Pure."""

from __future__ import annotations

from binascii import crc32
from datetime import UTC, datetime, timedelta
from functools import lru_cache

LONGEST_WORD = 120
MOST = 1 << 53  # numbers of tokens are less
_MOST_DOLLARS = 1e9
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_000_000_000_000_000  # in the year 9987: days after it have no names any more
_SECONDS = {f"{number:02}": number * 1_000_000 for number in range(60)}
_PARTS = {f".{number:03}Z": number * 1000 for number in range(1000)}


def count_of(value: object) -> int:
    """A number of tokens: whole (12.0 too), not negative, and one that a database holds."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value < MOST else 0


def dollars_of(value: object) -> float | None:
    """An amount that older clients told; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _MOST_DOLLARS else None


def text_of(value: object) -> str:
    """Text that a database holds; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def word_of(value: object) -> str:
    """A short word such as an id or a name; "" for anything else."""
    if not isinstance(value, str):
        return ""
    short = value if len(value) <= LONGEST_WORD else _shortened(value)
    return short if short.isascii() else text_of(short)


def _shortened(value: str) -> str:
    """The beginning, and a print of the whole: two long ids stay two."""
    mark = f"~{crc32(value.encode('utf-8', 'replace')):08x}"
    return value[: LONGEST_WORD - len(mark)] + mark


def time_of(value: object) -> int:
    """Microseconds since 1970 of an ISO text, in UTC where it does not say; 0 for anything else."""
    if not isinstance(value, str):
        return 0
    try:
        found = datetime.fromisoformat(value)
        moment = found if found.tzinfo else found.replace(tzinfo=UTC)
        time = (moment - _FIRST) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return 0
    return time if 0 < time < _LATEST else 0


def moment_of(value: str | None) -> int:
    """`time_of`, quick where it is written as the client does: 2026-03-04T09:58:57.123Z."""
    if value is None:
        return 0
    second, part = _SECONDS.get(value[17:19]), _PARTS.get(value[19:])
    if second is None or part is None:
        return time_of(value)
    minute = _minute(value[:17])
    return minute + second + part if minute else time_of(value)


@lru_cache(maxsize=64)
def _minute(value: str) -> int:
    is_whole = len(value) == len("2026-03-04T09:58:") and value[-1] == ":"
    return time_of(f"{value}00Z") if is_whole else 0
