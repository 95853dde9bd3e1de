"""A report as Markdown: figures as tables, charts as bars of characters. Every cell is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.output.markdown import escape, table
from hubctl.reports.document import in_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.reports.document import Chart, Document, Figure, Section

_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST = 62  # bars of a chart; more days than that are told by the figures alone


def markdown(document: Document) -> str:
    """The whole page."""
    lines = [
        f"# {document.title}",
        "",
        f"{document.period}.",
        "",
    ]
    for section in document.sections:
        lines += _section(section)
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {section.title}", "")
    if section.about:
        yield from (escape_all(section.about), "")
    rows = [_figure(figure) for figure in section.figures]
    yield from table(("Figure", "Value", "Change", "Before"), rows)
    for chart in section.charts:
        yield from _chart(chart)
    for one in section.tables:
        yield from (f"### {one.title}", "")
        cells = [tuple(escape(cell) for cell in row) for row in one.rows]
        yield from table(one.head, cells) if cells else ("Nothing yet.", "")
    for note in section.notes:
        yield from (escape_all(note), "")
    yield from _definitions(section)


def _definitions(section: Section) -> Iterator[str]:
    told = [figure for figure in section.figures if figure.definition]
    if not told:
        return
    if not section.defined:
        yield from ("<details><summary>What the figures are</summary>", "")
    for figure in told:
        source = f" Source: {figure.source}." if figure.source else ""
        yield f"- **{escape(figure.title)}**: {escape_all(figure.definition + source)}"
    yield ""
    if not section.defined:
        yield from ("</details>", "")


def escape_all(text: str) -> str:
    """A text of ours as words, however long."""
    return " ".join(word if "`" in word else escape(word) for word in text.split(" "))


def _figure(figure: Figure) -> tuple[str, ...]:
    level = f" ({figure.level})" if figure.level else ""
    before = in_unit(figure.before, figure.unit) if figure.change else ""
    cells = (figure.title, figure.text + level, figure.change, before)
    return tuple(escape(cell) for cell in cells)


def _chart(chart: Chart) -> Iterator[str]:
    yield from (f"### {chart.title}", "")
    if chart.is_empty:
        yield from ("Nothing in these days.", "")
        return
    if len(chart.labels) > _LONGEST:
        return
    most = max((value for value in chart.values if value is not None), default=0.0)
    yield "```text"
    for label, value in zip(chart.labels, chart.values, strict=True):
        bar = _bar((value or 0.0) / most) if most else ""
        yield f"{label}  {bar:<{_BAR}}  {in_unit(value, chart.unit)}"
    yield from ("```", "")


def _bar(part: float) -> str:
    eighths = round(part * _BAR * 8)
    if part and not eighths:
        eighths = 1
    whole, rest = divmod(eighths, 8)
    return "█" * whole + _EIGHTHS[rest].strip()
