"""Bar charts as inline SVG: no script, colours by CSS variables, so light and dark are the page's.

Pure: the same chart is the same text. Every bar says its label and value as a title.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from hubctl.reports.document import COUNT, in_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.reports.document import Chart

_WIDTH, _HEIGHT = 720, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 66, 8, 12, 30
_WIDEST = 44.0
_PLOT_W, _PLOT_H = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_TICKS = 4
_MOST_LABELS = 8
_GAP = 0.28


def svg(chart: Chart) -> str:
    """One `<svg>` element."""
    known = [value for value in chart.values if value is not None]
    step = _step(max(known, default=0.0), chart.unit)
    most = step * max(math.ceil(max(known, default=0.0) / step), 1)
    parts = [*_grid(chart, most, step), *_bars(chart, most), *_limits(chart, most), *_labels(chart)]
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f" aria-label={quoteattr(_words(chart))}>"
        f"<title>{escape(_words(chart))}</title><desc>{escape(_all(chart))}</desc>"
        + "".join(parts)
        + "</svg>"
    )


def _words(chart: Chart) -> str:
    """The chart for those who hear it: where it is highest."""
    known = [(value, label) for label, value in _pairs(chart) if value is not None]
    if not known or max(known)[0] <= 0:
        return f"{chart.title}: nothing"
    value, label = max(known, key=lambda one: (one[0], one[1]))
    return f"{chart.title}: highest {in_unit(value, chart.unit)} on {label}"


def _all(chart: Chart) -> str:
    """Every value, for those who hear the chart."""
    return "; ".join(f"{label}: {in_unit(value, chart.unit)}" for label, value in _pairs(chart))


def _pairs(chart: Chart) -> Iterator[tuple[str, float | None]]:
    return zip(chart.labels, chart.values, strict=True)


def _step(most: float, unit: str) -> float:
    """A round distance between lines of the grid."""
    if most <= 0:
        return 1.0
    rough = most / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= rough * 0.999)
    return max(step, 1.0) if unit == COUNT else step


def _grid(chart: Chart, most: float, step: float) -> Iterator[str]:
    for number in range(round(most / step) + 1):
        value = number * step
        y = _number(_TOP + _PLOT_H * (1 - value / most))
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        text = escape(in_unit(value, chart.unit))
        yield f'<text class="y" x="{_LEFT - 6}" y="{y}" dy="0.32em">{text}</text>'


def _bars(chart: Chart, most: float) -> Iterator[str]:
    slot = _PLOT_W / max(len(chart.labels), 1)
    for place, (label, value) in enumerate(_pairs(chart)):
        title = escape(f"{label}: {in_unit(value, chart.unit)}")
        wide = min(slot * (1 - _GAP), _WIDEST)
        x = _number(_LEFT + slot * (place + 0.5) - wide / 2)
        height = _PLOT_H * (value or 0.0) / most
        if 0 < height < 1:
            height = 1  # something is not nothing
        y = _number(_TOP + _PLOT_H - height)
        size = f'width="{_number(wide)}" height="{_number(height)}"'
        yield (f'<rect class="bar" x="{x}" y="{y}" {size} rx="2"><title>{title}</title></rect>')


def _limits(chart: Chart, most: float) -> Iterator[str]:
    """Those that lie within the chart: a limit far above the bars would flatten them."""
    for level, value in chart.limits:
        if value <= most:
            y = _number(_TOP + _PLOT_H * (1 - value / most))
            text = escape(f"{level}: {in_unit(value, chart.unit)}")
            yield (
                f'<line class="limit {level}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}"'
                f' y2="{y}"><title>{text}</title></line>'
            )
            yield f'<text class="limit" x="{_LEFT + 4}" y="{y}" dy="-0.35em">{text}</text>'


def _labels(chart: Chart) -> Iterator[str]:
    slot = _PLOT_W / max(len(chart.labels), 1)
    every = max(math.ceil(len(chart.labels) / _MOST_LABELS), 1)
    for place, label in enumerate(chart.labels):
        if place % every == 0:
            x = _number(_LEFT + slot * (place + 0.5))
            text = escape(_short(label))
            yield f'<text class="x" x="{x}" y="{_HEIGHT - 8}">{text}</text>'


def _short(label: str) -> str:
    """A day without its year."""
    return label[5:] if len(label) == 10 and label[4] == label[7] == "-" else label


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
