"""Amounts in units of systemd and launchd: time spans, memory limits, CPU quotas.

Owns which spellings hubctl takes, a subset of what systemd takes, so that a value is judged the
same on a machine without systemd. It must not know where a value stands.
"""

from __future__ import annotations

import re
from decimal import Decimal

from hubctl.errors import UsageError

MICROSECONDS = {
    "us": 1,
    "usec": 1,
    "µs": 1,
    "μs": 1,
    "ms": 1_000,
    "msec": 1_000,
    "s": 1_000_000,
    "sec": 1_000_000,
    "second": 1_000_000,
    "seconds": 1_000_000,
    "m": 60_000_000,
    "min": 60_000_000,
    "minute": 60_000_000,
    "minutes": 60_000_000,
    "h": 3_600_000_000,
    "hr": 3_600_000_000,
    "hour": 3_600_000_000,
    "hours": 3_600_000_000,
    "d": 86_400_000_000,
    "day": 86_400_000_000,
    "days": 86_400_000_000,
    "w": 604_800_000_000,
    "week": 604_800_000_000,
    "weeks": 604_800_000_000,
    "M": 2_629_800_000_000,
    "month": 2_629_800_000_000,
    "months": 2_629_800_000_000,
    "y": 31_557_600_000_000,
    "year": 31_557_600_000_000,
    "years": 31_557_600_000_000,
}
MEMORY = {"": 1, "B": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50, "E": 2**60}
_UNITS = "|".join(sorted(MICROSECONDS, key=len, reverse=True))
_SPAN = re.compile(
    rf"\s*([0-9]{{1,15}}(?:\.[0-9]{{1,6}})?)\s*(?:({_UNITS})(?=[\s0-9]|\Z)|(?=\s|\Z))"
)
_MEMORY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)([BKMGTPE]?)\Z")
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,2})?)%\Z")
_FOREVER = 2**63


def parse_timespan(text: str) -> int:
    """A time span such as `90`, `5min`, `1h 30min` in microseconds; a bare number is seconds.

    Raises:
        UsageError: it is none, or longer than systemd can count.
    """
    total, position = Decimal(0), 0
    while found := _SPAN.match(text, position):
        total += Decimal(found[1]) * MICROSECONDS[found[2] or "s"]
        position = found.end()
    if not position or text[position:].strip() or total >= _FOREVER:
        raise UsageError(
            f"not a time span: {text!r}", hint="for example 90s, 5min, 1h 30min or 2days"
        )
    return int(total)


def parse_memory(text: str) -> int:
    """A memory limit such as `30M` or `1.5G` in bytes (1K is 1024).

    Raises:
        UsageError: it is none, or zero.
    """
    found = _MEMORY.match(text)
    amount = int(Decimal(found[1]) * MEMORY[found[2]]) if found else 0
    if not 0 < amount < _FOREVER:
        raise UsageError(f"not a memory limit: {text!r}", hint="for example 50M, 1.5G or 200K")
    return amount


def parse_quota(text: str) -> Decimal:
    """A CPU quota such as `10%` or `150%` (of one processor), in percent.

    Raises:
        UsageError: it is none, or zero.
    """
    found = _PERCENT.match(text)
    if not found or not Decimal(found[1]):
        raise UsageError(
            f"not a CPU quota: {text!r}", hint="a percentage of one processor, for example 10%"
        )
    return Decimal(found[1])
