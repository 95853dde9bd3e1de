"""Tables as HTML: sorted by a key stroke, led on by links, with a bar beside what can be compared.

Pure. Everything that comes from outside is escaped here; nothing else writes cells.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from hubctl.dashboard.leading import Leading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.reports.document import Table

_NUMBER = re.compile(r"^[≥<]?(-?)\$?([0-9][0-9,]*(?:\.[0-9]+)?)\s*(.*)$")
_TIMES = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|min|s|h|d)\b")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_STEPS = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_LEAST = -1.0
_BROAD = 6  # columns of a table that needs the whole width
# What a word says beside its colour: a mark for those who do not see it.
_TONES = {
    **dict.fromkeys(("critical", "error", "failed", "conflict", "deny"), ("bad", "▲")),
    **dict.fromkeys(("warning", "drifted", "missing", "orphan", "ask", "blocked"), ("warn", "●")),
    **dict.fromkeys(("pending", "rejected", "interrupted", "shadowed"), ("warn", "●")),
    **dict.fromkeys(("ok", "within", "active", "enabled"), ("good", "✓")),
}
_BARRED = ("Cost", "Calls", "Runs", "How often", "Time")
_CODE = re.compile(r"`([^`]+)`")


def sort_value(text: str) -> float | None:
    """The number that a cell shows, to sort by; None for words. What is not known comes last."""
    if text in ("–", "unknown", ""):
        return _LEAST
    times = _TIMES.findall(text)
    if times and not _TIMES.sub("", text).strip():
        return sum(float(number) * _SECONDS[unit] for number, unit in times)
    found = _NUMBER.match(text)
    if found is None or re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    value = float(found[2].replace(",", "")) * _STEPS.get(found[3][:1], 1.0)
    return -value if found[1] else value


def table_lines(table: Table, name: str, of: str) -> Iterator[str]:
    """A table with its title; `name` makes it this one of the page, `of` is the panel's title."""
    label = escape(f"{of}: {table.title}")
    broad = " broad" if len(table.head) >= _BROAD else ""
    yield f'<div class="titled{broad}" data-key="{name}"><h3>{escape(table.title)}</h3>'
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{label}"><table>'
    yield "<thead><tr>" + "".join(_head(table)) + "</tr></thead><tbody>"
    links = table.links if isinstance(table, Leading) else ()
    barred = _barred(table)
    most = max((sort_value(row[barred]) or 0 for row in table.rows), default=0) if barred else 0
    for place, row in enumerate(table.rows):
        link = links[place] if place < len(links) else ""
        yield _row(table, row, link, (barred, most))
    yield "</tbody></table></div>"
    if isinstance(table, Leading) and table.more[1]:
        yield f'<p class="more"><a href="{escape(table.more[0])}">{escape(table.more[1])}</a></p>'
    yield "</div>"


def _head(table: Table) -> Iterator[str]:
    for place, name in enumerate(table.head):
        side = ' class="right"' if place in table.right else ""
        yield f'<th scope="col"{side}><button type="button">{escape(name)}</button></th>'


def _barred(table: Table) -> int:
    """The column that gets bars; 0 for none, as the first one never does."""
    if len(table.rows) < 2:
        return 0
    return next((table.head.index(name) for name in _BARRED if name in table.head), 0)


def _row(table: Table, row: tuple[str, ...], link: str, bar: tuple[int, float]) -> str:
    key = link or row[0] + (row[1] if len(row) > 1 else "")
    cells = []
    for place, text in enumerate(row):
        shown = _shown(text)
        if not place and link:
            shown = f'<a href="{escape(link)}">{shown}</a>'
        value = sort_value(text) if place in table.right else None
        kept = "" if value is None else f' data-v="{value:g}"'
        right = ' class="right"' if place in table.right else ""
        drawn = _bar(value, bar[1]) if bar[0] and place == bar[0] else ""
        # The first cell names the row; a day or a moment reads from left to right everywhere.
        tag, scope = ("th", ' scope="row"') if not place else ("td", "")
        cells.append(f"<{tag}{scope}{right}{kept}>{drawn}{shown}</{tag}>")
    return f'<tr data-key="{escape(key)}">{"".join(cells)}</tr>'


def _bar(value: float | None, most: float) -> str:
    if not value or value <= 0 or most <= 0:
        return ""
    wide = max(100 * value / most, 1)
    return (
        '<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect x="{100 - wide:.1f}" width="{wide:.1f}" height="1"/></svg>'
    )


def _shown(text: str) -> str:
    tone = _TONES.get(text)
    if tone:
        return f'<span class="tone {tone[0]}"><i aria-hidden="true">{tone[1]}</i> {text}</span>'
    # Names of any script stand apart: one that reads from the right must not turn its neighbours.
    return f"<bdi>{escape(text)}</bdi>"


def words(text: str) -> str:
    """A text of ours; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
