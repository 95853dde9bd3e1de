"""The dashboard's frame: head, choice of days and project, list of parts, help. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from hubctl.dashboard.view import RANGES, SORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.dashboard.view import View

OVERVIEW, SESSIONS, SESSION = "/", "/sessions", "/session"
_HTMX = '{"includeIndicatorStyles": false, "allowEval": false, "historyEnabled": false}'
_SCRIPTS = ("htmx.min.js", "uPlot.iife.min.js", "dashboard.js")
_RANGE_WORDS = {1: "Day", 7: "7 days", 28: "28 days", 90: "90 days", 365: "Year"}
_SORT_WORDS = {
    "cost": "the dearest first",
    "time": "the latest first",
    "tokens": "the most tokens first",
    "calls": "the most calls first",
    "failures": "the most failed calls first",
    "context": "the fullest context first",
}
_KEYS = (
    ("j / k", "next and previous part"),
    ("1 … 5", "choose how many days"),
    ("[ / ]", "earlier and later"),
    ("t", "back to today"),
    ("p", "choose a project"),
    ("s", "list of sessions"),
    ("o", "overview"),
    ("?", "this list"),
    ("Esc", "close it"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the parts.

    Attributes:
        hub: its name, "" where there is none. title: of this page.
        path: which page. today: the local day. projects: (folder, as it is shown).
        parts: (id, title) for the list of parts. mark: of the static files.
    """

    hub: str
    title: str
    path: str
    view: View
    today: str
    projects: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...]
    mark: str


def page(frame: Frame, body: str) -> str:
    """The whole page around its parts."""
    name = f"hubctl: {frame.hub}" if frame.hub else "hubctl"
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<meta name=\"htmx-config\" content='{_HTMX}'>",
        f"<title>{escape(frame.title)} · {escape(name)}</title>",
        '<link rel="icon" href="/static/icon.svg">',
        f'<link rel="stylesheet" href="/static/style.css?{frame.mark}">',
        *(f'<script src="/static/{one}?{frame.mark}" defer></script>' for one in _SCRIPTS),
        "</head>",
        f'<body data-page="{frame.path}">',
        '<a class="skip" href="#main">Skip to the figures</a>',
        "<header>",
        f'<h1><a href="/{frame.view.query(session="", page=1)}">{escape(name)}</a></h1>',
        *_controls(frame),
        '<p class="fresh"><span id="fresh">reading …</span></p>',
        '<p id="told" class="unseen" role="status"></p>',
        "</header>",
        '<div class="columns">',
        *_parts(frame),
        f'<main id="main" tabindex="-1">{body}</main>',
        "</div>",
        *_help(),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _controls(frame: Frame) -> Iterator[str]:
    if frame.path == SESSION:
        return
    view = frame.view
    yield '<nav class="range" aria-label="Days">'
    yield _step(frame, -1, "‹", "Earlier")
    for days in RANGES:
        here = ' aria-current="true"' if days == view.days else ""
        address = escape(f"{frame.path}{view.query(days=days, page=1)}")
        yield f'<a href="{address}" data-days="{days}"{here}>{_RANGE_WORDS[days]}</a>'
    yield _step(frame, 1, "›", "Later")
    yield f'<span class="span">{escape(_span(frame))}</span>'
    if view.until:
        address = escape(f"{frame.path}{view.query(until='', page=1)}")
        yield f'<a class="now" href="{address}">Today</a>'
    yield "</nav>"
    yield from _choice(frame)


def _step(frame: Frame, steps: int, sign: str, word: str) -> str:
    moved = frame.view.moved(steps, frame.today)
    if moved == frame.view:
        return f'<span class="step off" aria-hidden="true">{sign}</span>'
    address = escape(f"{frame.path}{moved.query()}")
    return (
        f'<a class="step" data-step="{steps}" href="{address}" aria-label="{word}"'
        f' title="{word}">{sign}</a>'
    )


def _span(frame: Frame) -> str:
    span = frame.view.span(frame.today)
    if span.first == span.last:
        return "today" if span.last == frame.today else span.last
    return f"{span.first} to {span.last}"


def _choice(frame: Frame) -> Iterator[str]:
    """The project, by a form that also works where no script runs."""
    view = frame.view
    yield f'<form class="project" action="{frame.path}">'
    for name in ("days", "until", "sort"):
        yield f'<input type="hidden" name="{name}" value="{escape(str(getattr(view, name)))}">'
    yield '<label for="project">Project</label> <select id="project" name="project">'
    yield '<option value="">all</option>'
    known = frame.projects
    if view.project and view.project not in {name for name, _ in known}:
        known = ((view.project, view.project), *known)
    for name, shown in known:
        chosen = " selected" if name == view.project else ""
        yield f'<option value="{escape(name)}"{chosen} dir="auto">{escape(shown)}</option>'
    yield '</select> <button class="go">Show</button></form>'


def _parts(frame: Frame) -> Iterator[str]:
    yield '<nav class="parts" aria-label="Parts"><ul>'
    if frame.path != OVERVIEW:
        address = escape(f"/{frame.view.query(session='', page=1, sort='cost')}")
        yield f'<li><a href="{address}">← Overview</a></li>'
    for name, title in frame.parts:
        yield f'<li><a href="#{name}" data-part="{name}">{escape(title)}</a></li>'
    if frame.path == OVERVIEW:
        address = escape(f"/sessions{frame.view.query()}")
        yield f'<li class="apart"><a href="{address}">All sessions</a></li>'
    yield '<li class="apart"><button type="button" id="keys-open">Keys <kbd>?</kbd></button></li>'
    yield "</ul></nav>"


def _help() -> Iterator[str]:
    yield '<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2><dl>'
    for keys, told in _KEYS:
        shown = " ".join(
            f"<kbd>{escape(key)}</kbd>" if key not in ("/", "…") else key for key in keys.split()
        )
        yield f"<div><dt>{shown}</dt><dd>{told}</dd></div>"
    yield "</dl><p>Everything here is read on this machine and stays on it.</p>"
    yield '<form method="dialog"><button>Close</button></form></dialog>'


def sorts(view: View) -> str:
    """The orders in which sessions can be listed."""
    made = []
    for sort in SORTS:
        here = ' aria-current="true"' if sort == view.sort else ""
        address = escape(f"/sessions{view.query(sort=sort, page=1)}")
        made.append(f'<a href="{address}"{here}>{_SORT_WORDS[sort]}</a>')
    return f'<nav class="sorts" aria-label="Order">{" ".join(made)}</nav>'


def pages(view: View, count: int) -> str:
    """Leads to the pages before and after; "" where there is one."""
    if count < 2:
        return ""
    made = []
    page_ = min(view.page, count)
    for step, word in ((-1, "‹ previous"), (1, "next ›")):
        if 1 <= page_ + step <= count:
            address = escape(f"/sessions{view.query(page=page_ + step)}")
            made.append(f'<a href="{address}">{word}</a>')
    made.insert(1 if page_ > 1 else 0, f"<span>page {page_} of {count}</span>")
    return f'<nav class="pages" aria-label="Pages">{" ".join(made)}</nav>'
