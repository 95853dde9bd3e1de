"""A report as a value: sections of figures, tables, charts and notes. What every format is made of.

Owns when a figure may be told: with too little data it says how much there is, without a source it
says so, and neither is ever shown as a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hubctl.reports import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.reports.periods import Span

MEASURED, COLLECTING, NO_SOURCE = "measured", "collecting", "no-source"
NEEDED = 10
USD, TOKENS, MS, PERCENT, SECONDS, COUNT, TIMES = "usd", "tokens", "ms", "%", "s", "", "×"


def _percent(value: float) -> str:
    return f"{value:.1f} %" if value % 1 and abs(value) < 10 else f"{value:.0f} %"


_WORDS: Final[Mapping[str, Callable[[float], str]]] = {
    USD: wording.dollars,
    TOKENS: wording.count,
    MS: wording.milliseconds,
    SECONDS: wording.duration,
    PERCENT: _percent,
    TIMES: lambda value: f"{value:.1f} ×",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, or why there is none.

    Attributes:
        id: stable, for programs. unit: one of the words above.
        value: None unless `state` is MEASURED; may be None then too, where it is unknown (a price).
        before: of the period before; None where that is not known.
        state: MEASURED, COLLECTING or NO_SOURCE. have, needed: observations, while collecting.
        definition: what it is, in a sentence. source: where it comes from.
        level: `critical`, `warning` or "".
        at_least: the true value is more: part of it is unknown.
    """

    id: str
    title: str
    unit: str
    value: float | None = None
    before: float | None = None
    state: str = MEASURED
    have: int = 0
    needed: int = NEEDED
    definition: str = ""
    source: str = ""
    level: str = ""
    at_least: bool = False

    @property
    def text(self) -> str:
        """The value, or why there is none."""
        if self.state == COLLECTING:
            return f"collecting data ({self.have}/{self.needed})"
        if self.state == NO_SOURCE:
            return "no source on this machine"
        return ("≥" if self.at_least and self.value is not None else "") + in_unit(
            self.value, self.unit
        )

    @property
    def change(self) -> str:
        """How it changed against the period before; "" where nothing can be said."""
        if self.value is None or not self.before or self.state != MEASURED or self.at_least:
            return ""
        percent = 100 * (self.value - self.before) / abs(self.before)
        if abs(percent) < 0.5:
            return "as before"
        return f"{percent:+.0f} %" if abs(percent) < 1000 else f"×{self.value / self.before:.0f}"


def in_unit(value: float | None, unit: str) -> str:
    """A number with its unit, as people read it; `unknown` for None."""
    if value is None:
        return wording.UNKNOWN
    if unit in _WORDS:
        return _WORDS[unit](value)
    text = wording.count(value) if abs(value) >= 1000 or value == int(value) else f"{value:.1f}"
    return f"{text} {unit}" if unit else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; `right` are the indexes of columns of numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars: one number for each label; None where it is not known.

    `limits`: level and value, drawn where the bars reach near them.
    """

    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    limits: tuple[tuple[str, float], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a report; `about` tells what it rests on.

    `defined`: what its figures are stands beside them, not folded away.
    """

    id: str
    title: str
    about: str = ""
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    defined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report. Nothing in it tells when it was made: the same data are the same bytes.

    `compared` is False where there are no data of the whole period before.
    """

    kind: str
    title: str
    span: Span
    sections: tuple[Section, ...]
    compared: bool = True

    @property
    def period(self) -> str:
        """The days that it is about."""
        span, before = self.span, self.span.before
        told = f"{span.first} to {span.last}"
        if self.compared:
            return f"{told}, compared with {before.first} to {before.last}"
        return f"{told}; there are no data of the whole period before"


def not_compared(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections without what was before."""
    return tuple(
        replace(one, figures=tuple(replace(figure, before=None) for figure in one.figures))
        for one in sections
    )


def enough(figure: Figure, have: int) -> Figure:
    """The figure, or that there is too little to tell it yet."""
    if have >= figure.needed:
        return replace(figure, have=have)
    return replace(
        figure, value=None, before=None, state=COLLECTING, have=have, level="", at_least=False
    )


def without_source(figure: Figure) -> Figure:
    """The figure as one that nothing on this machine can tell."""
    return replace(figure, value=None, before=None, state=NO_SOURCE, level="")
