"""A report as one HTML file: no scripts, nothing fetched, light and dark, readable when printed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from hubctl.reports.alerts.readings import LEVELS
from hubctl.reports.document import COLLECTING, MEASURED, NO_SOURCE, in_unit
from hubctl.reports.pages.svg import svg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.reports.document import Chart, Document, Figure, Section, Table

HEAD = ("<!doctype html>", "<!-- hubctl report -->", '<html lang="en">')
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_FOOTER = (
    "Made by <code>hubctl report</code> from what was measured on one machine; the same data"
    " give the same page."
)
STYLE = """\
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #ffffff; --ink: #1d2327;
  --soft: #5a646b; --line: #e0e3e1; --accent: #0f6b8f; --good: #256b35; --warn: #8a5a00;
  --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1c2226; --ink: #e6eaec;
  --soft: #9eaab1; --line: #303a40; --accent: #58b9dd; --good: #7fcf90; --warn: #e8b24a;
  --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1rem 4rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.8rem 0 .2rem; font-size: 1.2rem; }
h3 { margin: 1.4rem 0 .4rem; font-size: .95rem; }
p.span, p.about, p.note { color: var(--soft); margin: .2rem 0 .8rem; font-size: .9rem; }
nav { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .9rem; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.figures { display: grid; gap: .7rem; margin: .8rem 0;
  grid-template-columns: repeat(auto-fill, minmax(min(13.5rem, 100%), 1fr)); }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .7rem .9rem; }
.figure.warning { border-left: .3rem solid var(--warn); }
.figure.critical { border-left: .3rem solid var(--bad); }
.figure h3 { margin: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
.value { margin: .1rem 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.value.none { font-size: 1rem; font-weight: 400; color: var(--soft); padding: .3rem 0; }
.change, .level { margin: 0; font-size: .82rem; color: var(--soft); }
.warning .level { color: var(--warn); font-weight: 600; }
.critical .level { color: var(--bad); font-weight: 600; }
.what { margin: .35rem 0 0; font-size: .8rem; line-height: 1.4; color: var(--soft); }
details { margin: .8rem 0 0; font-size: .85rem; color: var(--soft); }
summary { cursor: pointer; }
dl { margin: .4rem 0 0; } dt { color: var(--ink); margin-top: .4rem; } dd { margin: 0; }
.chart { display: block; width: 100%; height: auto; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem; padding: .4rem; }
.chart text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.chart .y { text-anchor: end; } .chart .x { text-anchor: middle; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .limit { stroke-width: 1.5; stroke-dasharray: 6 4; stroke: var(--warn); }
.chart .limit.critical { stroke: var(--bad); } .chart text.limit { stroke: none; }
.chart .bar { fill: var(--accent); } .chart .bar:hover { fill: var(--ink); }
.tables { display: grid; gap: 0 1.2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(29rem, 100%), 1fr)); }
.tables > div { min-width: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; background: var(--card);
  border: 1px solid var(--line); }
th, td { padding: .35rem .7rem; text-align: left; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
th { color: var(--soft); font-weight: 500; }
tbody tr:last-child td { border-bottom: 0; }
td.critical { color: var(--bad); font-weight: 600; }
td.warning { color: var(--warn); font-weight: 600; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); }
.right { text-align: right; font-variant-numeric: tabular-nums; }
p.note { margin-top: .6rem; }
@media (max-width: 40rem) {
  body { padding-top: 1.2rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  .figure { padding: .5rem .6rem; } .value { font-size: 1.25rem; }
  .chart text { font-size: 19px; }
  table { font-size: .8rem; } th, td { padding: .3rem .4rem; }
  td:first-child { min-width: 7rem; } }
@page { margin: 14mm; }
@media print { :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #111;
  --soft: #444; --line: #bbb; --accent: #0f6b8f; --good: #256b35; --warn: #8a5a00; --bad: #b3261e; }
  body { max-width: none; padding: 0; font-size: 11pt; print-color-adjust: exact; }
  nav { display: none; } .figure, .chart, tr { break-inside: avoid; } .wide { overflow: visible; }
  h2, h3 { break-after: avoid; } details::details-content { content-visibility: visible; } }
"""


def html(document: Document) -> str:
    """The whole page."""
    title = escape(document.title)
    span = f"{document.span.first} to {document.span.last}"
    parts = [
        *HEAD,
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{title}, {span}</title>",
        f"<style>\n{STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        f"<h1>{title}</h1>",
        f'<p class="span">{document.period}</p>',
        "</header>",
        *(_contents(document) if len(document.sections) > 1 else ()),
        "<main>",
        *(line for section in document.sections for line in section_lines(section)),
        "</main>",
        f'<footer><p class="note">{_FOOTER}</p></footer>',
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _contents(document: Document) -> Iterator[str]:
    yield '<nav aria-label="Sections">'
    for section in document.sections:
        yield f'<a href="#{section.id}">{escape(section.title)}</a>'
    yield "</nav>"


def section_lines(section: Section) -> Iterator[str]:
    """One section as HTML; it needs the page's style."""
    yield f'<section id="{section.id}" aria-labelledby="{section.id}-title">'
    yield f'<h2 id="{section.id}-title">{escape(section.title)}</h2>'
    if section.about:
        yield f'<p class="about">{_words(section.about)}</p>'
    if section.figures:
        yield '<div class="figures">'
        for figure in section.figures:
            yield from _figure(figure, defined=section.defined)
        yield "</div>"
    for chart in section.charts:
        yield from _chart(chart)
    yield from _tables(section.tables)
    for note in section.notes:
        yield f'<p class="note">{_words(note)}</p>'
    if not section.defined:
        yield from _definitions(section.figures)
    yield "</section>"


def _tables(tables: tuple[Table, ...]) -> Iterator[str]:
    if len(tables) > 1:
        yield '<div class="tables">'
    for table in tables:
        yield "<div>"
        yield from _table(table)
        yield "</div>"
    if len(tables) > 1:
        yield "</div>"


def _definitions(figures: tuple[Figure, ...]) -> Iterator[str]:
    told = [one for one in figures if one.definition]
    if told:
        yield "<details><summary>What the figures are</summary><dl>"
        for one in told:
            yield f"<dt>{escape(one.title)}</dt><dd>{_meaning(one)}</dd>"
        yield "</dl></details>"


def _meaning(figure: Figure) -> str:
    source = f" Source: {escape(figure.source)}." if figure.source else ""
    return _words(figure.definition) + source


def _words(text: str) -> str:
    """A text of ours; what stands between backticks is code."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)
    )


def _figure(figure: Figure, *, defined: bool) -> Iterator[str]:
    yield f'<div class="{" ".join(filter(None, ("figure", figure.level)))}" id="f-{figure.id}">'
    yield f"<h3>{escape(figure.title)}</h3>"
    none = " none" if figure.state in (COLLECTING, NO_SOURCE) else ""
    yield f'<p class="value{none}">{escape(figure.text)}</p>'
    if figure.level:
        yield f'<p class="level">beyond its {figure.level} limit</p>'
    if figure.change and figure.state == MEASURED:
        before = escape(in_unit(figure.before, figure.unit))
        yield f'<p class="change">{escape(figure.change)} (before: {before})</p>'
    if defined and figure.definition:
        yield f'<p class="what">{_meaning(figure)}</p>'
    yield "</div>"


def _chart(chart: Chart) -> Iterator[str]:
    yield f"<h3>{escape(chart.title)}</h3>"
    yield '<p class="note">Nothing in these days.</p>' if chart.is_empty else svg(chart)


def _table(table: Table) -> Iterator[str]:
    yield f"<h3>{escape(table.title)}</h3>"
    if not table.rows:
        yield '<p class="note">Nothing yet.</p>'
        return
    yield '<div class="wide" tabindex="0" role="region" aria-label="' + escape(table.title) + '">'
    yield "<table>"
    yield "<thead>" + _row(table.head, table.right, "th") + "</thead>"
    yield "<tbody>"
    for row in table.rows:
        yield _row(row, table.right, "td")
    yield "</tbody>"
    yield "</table></div>"


def _row(cells: tuple[str, ...], right: tuple[int, ...], tag: str) -> str:
    made = "".join(
        f"<{tag}{_scope(tag)}{_class(cell, place, right)}>{escape(cell)}</{tag}>"
        for place, cell in enumerate(cells)
    )
    return f"<tr>{made}</tr>"


def _class(cell: str, place: int, right: tuple[int, ...]) -> str:
    name = "right" if place in right else cell if cell in LEVELS else ""
    return f' class="{name}"' if name else ""


def _scope(tag: str) -> str:
    return ' scope="col"' if tag == "th" else ""
