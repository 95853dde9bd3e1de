"""Which numbers a component of a calendar expression stands for. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.calendar import LIMITS, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


def values(spans: Sequence[Span], part: str) -> tuple[int, ...]:
    """Every value of a component, sorted (not for seconds: they may be millions)."""
    low, high = LIMITS[part]
    if not spans:
        return tuple(range(low, high + 1))
    return tuple(sorted({v for span in spans for v in span_range(span, high)}))


def span_range(span: Span, high: int) -> range:
    """The values of one span, where no value is beyond `high`."""
    if not span.step:
        return range(span.start, span.start + 1)
    return range(span.start, (high if span.stop is None else span.stop) + 1, span.step)
