"""What fields of a transcript hold, where they hold it: words, counts, moments. Pure."""

from __future__ import annotations

from datetime import datetime

_LONGEST_WORD = 120


def count_of(value: object) -> int:
    """A number of tokens: whole, not negative, and one that a database holds."""
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 <= value < 1 << 53 else 0


def text_of(value: object) -> str:
    """Text that a database holds; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def word_of(value: object) -> str:
    """A short word such as an id or a name; "" for anything else."""
    if not isinstance(value, str):
        return ""
    short = value[:_LONGEST_WORD]
    return short if short.isascii() else text_of(short)


def time_of(value: object) -> int:
    """Microseconds since 1970 of an ISO text; 0 where it is none, or before that."""
    if not isinstance(value, str):
        return 0
    try:
        found = datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return 0
    return max(0, round(found * 1_000_000))
