"""The dashboard's HTML: the frame, and panels as fragments that replace themselves. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from hubctl.dashboard.board import PANELS, RANGES
from hubctl.reports.html_page import STYLE, section_lines

if TYPE_CHECKING:
    from hubctl.dashboard.board import Panel
    from hubctl.reports.document import Section

_DIGEST = 12
_HTMX = '{"includeIndicatorStyles": false, "allowEval": false}'
_PLOTTED = ("cost", "sessions", "hooks")

STYLES = (
    STYLE
    + """\
body { max-width: 82rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; z-index: 2; }
header { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: baseline; }
header p { margin: 0; color: var(--soft); font-size: .9rem; }
nav.parts { position: sticky; top: 0; z-index: 1; margin: 1rem -1rem 0; padding: .6rem 1rem;
  background: var(--paper); border-bottom: 1px solid var(--line); flex-wrap: nowrap;
  overflow-x: auto; white-space: nowrap; }
nav.range { margin: .6rem 0 0; } nav.range [aria-current] { font-weight: 700; color: var(--ink); }
section { scroll-margin-top: 3.5rem; }
section h2 { margin-top: 2rem; }
.plot { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .4rem; min-height: 13rem; }
.plot + .chart { display: none; }
.plotless .plot { display: none; } .plotless .plot + .chart { display: block; }
.waiting { color: var(--soft); } .stale { color: var(--warn); }
kbd { border: 1px solid var(--line); border-radius: .25rem; padding: 0 .3rem; font-size: .85em; }
"""
)


def frame(hub: str, days: int) -> str:
    """The page; its panels ask for themselves once it stands."""
    title = f"hubctl: {hub}" if hub else "hubctl"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<meta name=\"htmx-config\" content='{_HTMX}'>",
        f"<title>{escape(title)}</title>",
        '<link rel="stylesheet" href="/static/uPlot.min.css">',
        '<link rel="stylesheet" href="/style.css">',
        '<script src="/static/htmx.min.js" defer></script>',
        '<script src="/static/uPlot.iife.min.js" defer></script>',
        '<script src="/static/dashboard.js" defer></script>',
        "</head>",
        '<body class="plotless">',
        '<a class="skip" href="#today">To the figures</a>',
        "<header>",
        f"<h1>{escape(title)}</h1>",
        '<p id="fresh" role="status">reading …</p>',
        "</header>",
        '<nav class="parts" aria-label="Parts">',
        *(f'<a href="#{panel.id}">{escape(panel.title)}</a>' for panel in PANELS),
        "</nav>",
        '<nav class="range" aria-label="Days shown">',
        *(_range(choice, days) for choice in RANGES),
        "</nav>",
        "<main>",
        *(_waiting(panel, days) for panel in PANELS),
        "</main>",
        "<footer><p class='note'><kbd>j</kbd> and <kbd>k</kbd> lead to the next and the previous"
        " part, <kbd>1</kbd> to <kbd>4</kbd> choose the days. Everything here is read on this"
        " machine and stays on it.</p></footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _range(choice: int, days: int) -> str:
    here = ' aria-current="true"' if choice == days else ""
    words = "today" if choice == 1 else f"{choice} days"
    return f'<a href="/?days={choice}"{here}>{words}</a>'


def _waiting(panel: Panel, days: int) -> str:
    return (
        f'<section id="{panel.id}" aria-labelledby="{panel.id}-title"'
        f' hx-get="/part/{panel.id}?days={days}" hx-trigger="load" hx-swap="outerHTML">'
        f'<h2 id="{panel.id}-title">{escape(panel.title)}</h2>'
        '<p class="waiting">reading …</p></section>'
    )


def fragment(panel: Panel, section: Section, days: int) -> tuple[str, str]:
    """A panel as it replaces itself, and a digest that changes with what it shows."""
    first, *rest = section_lines(replace(section, id=panel.id))
    body = "\n".join(rest)
    digest = hashlib.sha256((first + body).encode()).hexdigest()[:_DIGEST]
    again = (
        f' hx-get="/part/{panel.id}?days={days}&amp;seen={digest}"'
        f' hx-trigger="every {panel.seconds}s" hx-swap="outerHTML">'
    )
    if panel.id in _PLOTTED and section.charts:
        title = escape(section.charts[0].title, quote=True)
        place = body.index('<svg class="chart"')
        plot = (
            f'<div class="plot" data-plot="/series/{panel.id}?days={days}" title="{title}"></div>'
        )
        body = body[:place] + plot + body[place:]
    return first.removesuffix(">") + again + "\n" + body + "\n", digest


def failed(panel: Panel, days: int, why: str) -> str:
    """A panel that could not be made: it says why, and is asked for again."""
    return (
        f'<section id="{panel.id}" aria-labelledby="{panel.id}-title"'
        f' hx-get="/part/{panel.id}?days={days}" hx-trigger="every 30s" hx-swap="outerHTML">'
        f'<h2 id="{panel.id}-title">{escape(panel.title)}</h2>'
        f'<p class="stale">{escape(why)}</p></section>\n'
    )
