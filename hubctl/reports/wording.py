"""Figures as people read them: tokens, dollars, times, shares. Pure.

A cost that is not known is said to be unknown; one that is known in part says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hubctl.metrics.days import SECOND

if TYPE_CHECKING:
    from hubctl.reports.totals import Totals

UNKNOWN = "unknown"
_STEPS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def count(number: float) -> str:
    """A number in at most five characters: `950`, `1.2k`, `34M`."""
    for step, letter in _STEPS:
        # 999,950 is a million rather than `1000k`.
        if abs(number) >= step * 0.99995:
            part = number / step
            return f"{part:.1f}{letter}" if abs(part) < 99.95 else f"{part:.0f}{letter}"
    return f"{number:.0f}"


def dollars(amount: float | None) -> str:
    """An amount of dollars; UNKNOWN for None."""
    if amount is None:
        return UNKNOWN
    if 0 < amount < 0.005:
        return "<$0.01"
    return f"${amount:,.2f}"


def cost(totals: Totals) -> str:
    """A cost, marked where it is only that of the answers with a known price."""
    if totals.cost_usd is None:
        return UNKNOWN if totals.answers else dollars(0.0)
    return dollars(totals.cost_usd) if totals.is_known else f"≥{dollars(totals.cost_usd)}"


def expected(amount: float | None, least: float | None) -> str:
    """An amount that is to come; where it is not known, what it is at least."""
    return dollars(amount) if amount is not None or least is None else f"≥{dollars(least)}"


def percent(part: float, whole: float) -> str:
    """A share; `–` of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def clock(time: int) -> str:
    """Microseconds as local date and time."""
    return f"{datetime.fromtimestamp(time / SECOND).astimezone():%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """A time: `850 ms`, `12 s`, `4 min`, `2 h 05 min`, `3 d 4 h`."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest:02} min"
    return f"{hours // 24} d {hours % 24} h"


def milliseconds(value: float) -> str:
    """A short time as people compare them: `3.4 ms`, `120 ms`, `2.1 s`."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"
