"""The dashboard's server side: which address answers with what. Reads only.

Who may ask at all is the gate's business; what a panel shows is the board's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hubctl.dashboard.board import LIST, ONE, PANELS, Panel, emptiness, projects
from hubctl.dashboard.gate import Gate
from hubctl.dashboard.kept import Kept
from hubctl.dashboard.page import (
    OVERVIEW,
    SESSION,
    SESSIONS,
    Frame,
    page,
    pages,
    sorts,
)
from hubctl.dashboard.panel_html import digest_of, failed, fragment, waiting
from hubctl.dashboard.plots import PLOTS, session_plot
from hubctl.dashboard.sessions import pages_of
from hubctl.dashboard.view import view_of
from hubctl.dashboard.visits import Visits
from hubctl.errors import HubctlError, OperationError
from hubctl.metrics.store import metrics_path
from hubctl.model.hashing import hash_bytes, hash_text
from hubctl.reports.document import Section
from hubctl.shipped import shipped
from hubctl.system.database import print_of
from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from starlette.requests import Request

    from hubctl.dashboard.board import Board
    from hubctl.dashboard.gate import App
    from hubctl.dashboard.view import View

_STYLE = "style.css"  # one file for a browser: nothing is painted before the last of them
_AT_ONCE = 64_000  # characters of panels in the page itself
_SHEETS = ("uPlot.min.css", "dashboard.css")
_STATIC = {
    "htmx.min.js": "text/javascript",
    "uPlot.iife.min.js": "text/javascript",
    "dashboard.js": "text/javascript",
    _STYLE: "text/css",
    "icon.svg": "image/svg+xml",
}
_MICROSECONDS = 1_000_000
_PULSE = 30  # seconds after which panels that tell of this moment are asked for
_BY_NAME = {panel.id: panel for panel in (*PANELS, LIST, ONE)}


def dashboard(board: Board, token: str, visits: Visits | None = None) -> App:
    """The application; `token` is the secret of this run."""
    pages_ = Pages(board)
    routes = [
        Route("/", pages_.overview),
        Route("/sessions", pages_.sessions),
        Route("/session", pages_.session),
        Route("/part/{name}", pages_.part),
        Route("/series/{name}", pages_.series),
        Route("/pulse", pages_.pulse),
        Route("/static/{name}", pages_.static),
    ]
    return Gate(Starlette(routes=routes), token, visits or Visits())


class Pages:
    """What is answered; each function runs in a thread of its own."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._kept = Kept()

    def overview(self, request: Request) -> Response:
        """The page itself; panels that are known stand in it, the others ask for themselves.

        So do those beyond a size: the first are painted sooner.
        """
        view = _view(request)
        made, room = [], _AT_ONCE
        for panel in PANELS:
            known = self._kept.get((panel.id, view), self._mark(panel)) or ""
            room -= len(known)
            made.append(known if known and room >= 0 else waiting(panel, view))
        parts = tuple((panel.id, panel.title) for panel in PANELS)
        return self._page(OVERVIEW, "Overview", view, parts, "".join(made))

    def sessions(self, request: Request) -> Response:
        """All sessions of the view."""
        view = _view(request)
        return self._page(
            SESSIONS, "Sessions", view, (("list", "Sessions"),), self._text(LIST, view)
        )

    def session(self, request: Request) -> Response:
        """One session."""
        view = _view(request)
        text = self._text(ONE, view)
        return self._page(
            SESSION, f"Session {view.session[:8]}", view, (("session", "Session"),), text
        )

    def _page(
        self, path: str, title: str, view: View, parts: tuple[tuple[str, str], ...], body: str
    ) -> Response:
        board = self._board
        try:
            known = tuple((name, board.short(name)) for name in projects(board))
        except OperationError:
            known = ()  # every panel tells why
        frame = Frame(
            hub=self._kept.text("hub", board.canonical, lambda: board.hub),
            title=title,
            path=path,
            view=view,
            today=board.today,
            projects=known,
            parts=parts,
            mark=_static_mark(),
        )
        return HTMLResponse(page(frame, body))

    def part(self, request: Request) -> Response:
        """One panel; nothing (204) where the page shows it already."""
        panel = _BY_NAME.get(request.path_params["name"])
        if panel is None:
            return PlainTextResponse("no such part\n", 404)
        text = self._text(panel, _view(request))
        seen = request.query_params.get("seen", "")
        if seen and seen == digest_of(text):
            return Response(status_code=204)
        return HTMLResponse(text)

    def _text(self, panel: Panel, view: View) -> str:
        try:
            return self._kept.text(
                (panel.id, view), self._mark(panel), lambda: _made(self._board, panel, view)
            )
        except (HubctlError, OSError) as error:
            why = error.message if isinstance(error, HubctlError) else str(error)
            return failed(panel, view, why)

    def _mark(self, panel: Panel) -> str:
        """What a panel rests on; another text, and it is made anew."""
        board = self._board
        ticks = board.now // (panel.seconds * _MICROSECONDS) if panel.seconds else 0
        return f"{print_of(metrics_path(board.places))} {board.today} {board.canonical} {ticks}"

    def pulse(self, _request: Request) -> Response:
        """A text that changes when a panel may show something else."""
        board = self._board
        ticks = board.now // (_PULSE * _MICROSECONDS)
        store = print_of(metrics_path(board.places))
        rests_on = f"{store} {board.canonical} {ticks} {self._kept.behind}"
        return PlainTextResponse(hash_text(rests_on))

    def series(self, request: Request) -> Response:
        """A panel's chart as numbers."""
        name, view = request.path_params["name"], _view(request)
        board = self._board
        try:
            with board.store(view) as store:
                if name == ONE.id:
                    return JSONResponse(session_plot(store, view.session).encode())
                if name in PLOTS:
                    return JSONResponse(PLOTS[name](store, view, board.today).encode())
        except OperationError as error:
            return PlainTextResponse(f"{error.message}\n", 503)
        return PlainTextResponse("no such series\n", 404)

    def static(self, request: Request) -> Response:
        """A file that travels with hubctl."""
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("no such file\n", 404)
        keep = {"cache-control": "private, max-age=31536000, immutable"}
        return Response(_static(name), media_type=_STATIC[name], headers=keep)


@lru_cache(maxsize=len(_STATIC))
def _static(name: str) -> bytes:
    names = _SHEETS if name == _STYLE else (name,)
    return b"\n".join(RealFiles().read(shipped(f"templates/dashboard/{one}")) for one in names)


@lru_cache(maxsize=1)
def _static_mark() -> str:
    """Changes with any of the files: a browser may keep them as long as it stays the same."""
    return hash_bytes(b"".join(_static(name) for name in _STATIC))[-12:]


def _view(request: Request) -> View:
    return view_of(request.query_params)


def _made(board: Board, panel: Panel, view: View) -> str:
    empty = emptiness(board, panel, view)
    section = Section(id=panel.id, title=panel.title) if empty else panel.make(board, view)
    text = fragment(panel, section, view, empty, panel.links(board, view))
    if panel is not LIST:
        return text
    more = sorts(view), pages(view, pages_of(section))
    return text.replace('<div class="tables">', f'{more[0]}<div class="tables">', 1).replace(
        "</section>", f"{more[1]}</section>"
    )
