"""Panels as HTML fragments that keep themselves fresh. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from hubctl.dashboard.cells import table_lines, words
from hubctl.dashboard.plots import is_plotted
from hubctl.reports.document import COLLECTING, MEASURED, NO_SOURCE, in_unit
from hubctl.reports.pages.svg import svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.dashboard.board import Panel
    from hubctl.dashboard.view import View
    from hubctl.reports.document import Figure, Section

_DIGEST = 12
_WORST = ("critical", "warning")


def waiting(panel: Panel, view: View) -> str:
    """A panel's place; it asks for itself once the page is painted."""
    return _opening(panel, view, "painted from:body, changed from:body", "") + (
        f"{_title(panel)}<p class='waiting'>reading …</p></section>\n"
    )


def failed(panel: Panel, view: View, why: str) -> str:
    """A panel that could not be made: it says why, and is asked for again."""
    return _opening(panel, view, "changed from:body", "") + (
        f'{_title(panel)}<p class="stale" role="alert">{escape(why)}</p></section>\n'
    )


def fragment(
    panel: Panel, section: Section, view: View, empty: str, links: Mapping[str, str]
) -> str:
    """A panel whole.

    `empty`: why it has nothing to show, "" where it has something. `links`: figure → where to.
    """
    # A session is called by its project and its beginning.
    lines = [_title(replace(panel, title=section.title) if panel.id == "session" else panel)]
    if empty:
        lines.append(f'<p class="empty">{words(empty)}</p>')
        if not view.project and empty.startswith("Nothing in these days"):
            wider = view.query(days=365, until="")
            lines.append(f'<p class="empty"><a href="/{wider}">Show a year</a></p>')
    else:
        lines += _body(panel, section, view, links)
    body = "\n".join(lines)
    digest = hashlib.sha256(body.encode()).hexdigest()[:_DIGEST]
    seen = f"{'&' if view.query() else '?'}seen={digest}"
    attention = "" if empty else _attention(section)
    return _opening(panel, view, "changed from:body", seen, attention) + body + "\n</section>\n"


def digest_of(text: str) -> str:
    """The digest that a fragment carries."""
    return text.partition("seen=")[2][:_DIGEST]


def _opening(panel: Panel, view: View, trigger: str, seen: str, more: str = "") -> str:
    wide = ' class="panel wide-panel"' if panel.is_wide else ' class="panel"'
    return (
        f'<section id="{panel.id}"{wide} aria-labelledby="{panel.id}-title" tabindex="-1"'
        f' hx-get="{escape(f"/part/{panel.id}{view.query()}{seen}")}" hx-trigger="{trigger}"'
        f' hx-ext="keep" hx-swap="keep"{more}>'
    )


def _title(panel: Panel) -> str:
    return f'<h2 id="{panel.id}-title">{escape(panel.title)}</h2>\n'


def _attention(section: Section) -> str:
    """How bad the worst figure is, for the list of parts."""
    levels = [figure.level for figure in section.figures]
    worst = next((level for level in _WORST if level in levels), "")
    return f' data-level="{worst}"' if worst else ""


def _body(panel: Panel, section: Section, view: View, links: Mapping[str, str]) -> Iterator[str]:
    if section.figures:
        yield '<div class="figures">'
        for figure in section.figures:
            yield from _figure(panel, figure, links.get(figure.id, ""))
        yield "</div>"
    if panel.id == "session":  # what explains a session is read before its tables
        yield from _notes(section, "told")
    yield from _charts(panel, section, view)
    if section.tables:
        yield '<div class="tables">'
        for place, table in enumerate(section.tables):
            if table.rows:
                yield from table_lines(table, f"{panel.id}-table-{place}", panel.title)
        yield "</div>"
    if panel.id != "session":
        yield from _notes(section, "note")
    if section.about:
        yield f'<p class="about">{words(section.about)}</p>'


def _notes(section: Section, kind: str) -> Iterator[str]:
    for note in section.notes:
        yield f'<p class="{kind}">{words(note)}</p>'


def _charts(panel: Panel, section: Section, view: View) -> Iterator[str]:
    if is_plotted(panel.id, view) or panel.id == "session":
        source = escape(f"/series/{panel.id}{view.query()}")
        yield f'<div class="plot" data-plot="{source}"></div>'
    for chart in section.charts:
        if len(chart.values) > 1:
            yield f'<div class="drawn">{svg(chart)}</div>'


def _figure(panel: Panel, figure: Figure, link: str) -> Iterator[str]:
    name = f"{panel.id}-{figure.id}"
    level = f" {figure.level}" if figure.level else ""
    yield f'<div class="figure{level}" data-key="{name}">'
    yield f"<h3>{escape(figure.title)}</h3>"
    none = " none" if figure.state in (COLLECTING, NO_SOURCE) else ""
    shown = f'<a href="{escape(link)}">{escape(figure.text)}</a>' if link else escape(figure.text)
    yield f'<p class="value{none}">{shown}</p>'
    if figure.level:
        mark = "▲" if figure.level == "critical" else "●"
        told = f"beyond its {figure.level} limit" if figure.unit else "needs attention"
        yield f'<p class="level"><i aria-hidden="true">{mark}</i> {told}</p>'
    if figure.change and figure.state == MEASURED:
        before = escape(in_unit(figure.before, figure.unit))
        yield f'<p class="change">{escape(figure.change)}, before: {before}</p>'
    if figure.definition:
        source = f" Source: {escape(figure.source)}." if figure.source else ""
        yield (
            f'<details data-key="{name}-why"><summary aria-label="What is {escape(figure.title)}?">'
            f"?</summary><p>{escape(figure.definition)}{source}</p></details>"
        )
    yield "</div>"
