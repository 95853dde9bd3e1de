"""The dashboard's server side: who may ask, and what is answered. Reads only.

Whoever asks needs the token of this run, in a cookie that the printed address sets. Pages that a
browser was led to get nothing: other hosts' names and other origins are refused.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hubctl.dashboard.board import PANELS, RANGES, series
from hubctl.dashboard.page import STYLES, failed, fragment, frame
from hubctl.errors import HubctlError
from hubctl.shipped import shipped
from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from starlette.requests import Request

    from hubctl.dashboard.board import Board

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "hubctl-token"
_NAMES = ("127.0.0.1", "localhost", "[::1]")
_STATIC = {
    "htmx.min.js": "text/javascript",
    "uPlot.iife.min.js": "text/javascript",
    "dashboard.js": "text/javascript",
    "uPlot.min.css": "text/css",
}
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


def dashboard(board: Board, token: str) -> App:
    """The application; `token` is the secret of this run."""
    pages = Pages(board)
    routes = [
        Route("/", pages.frame),
        Route("/part/{name}", pages.part),
        Route("/series/{name}", pages.series),
        Route("/style.css", pages.style),
        Route("/static/{name}", pages.static),
    ]
    return Gate(Starlette(routes=routes), token)


class Gate:
    """Lets nobody in without the token, and adds the headers that a browser minds."""

    def __init__(self, inner: App, token: str) -> None:
        self._inner = inner
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        answer = self._refusal(scope) or self._welcome(scope) or self._inner
        await answer(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in _NAMES and host not in _NAMES:
            return PlainTextResponse("not this machine\n", 421)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return PlainTextResponse("another page asked\n", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("this page only reads\n", 405)
        given = _query(scope).get("token") or _cookie(headers.get("cookie", ""))
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return PlainTextResponse(
                "This address needs the token that `hubctl dashboard` printed.\n", 403
            )
        return None

    def _welcome(self, scope: Scope) -> Response | None:
        """The token goes from the address into a cookie, out of the browser's history."""
        if "token" not in _query(scope):
            return None
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self._token, httponly=True, samesite="strict", path="/")
        return answer


def _query(scope: Scope) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def _cookie(header: str) -> str:
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


class Pages:
    """What is answered; each function runs in a thread of its own."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def frame(self, request: Request) -> Response:
        """The page itself."""
        world = self._board.subject().world
        text = frame(world.hub if world else "", _days(request))
        return Response(text, media_type="text/html")

    def part(self, request: Request) -> Response:
        """One panel; nothing (204) where the page shows it already."""
        panel = next((one for one in PANELS if one.id == request.path_params["name"]), None)
        if panel is None:
            return PlainTextResponse("no such part\n", 404)
        days = _days(request)
        try:
            text, digest = fragment(panel, panel.make(self._board, days), days)
        except (HubctlError, OSError) as error:
            why = error.message if isinstance(error, HubctlError) else str(error)
            return Response(failed(panel, days, why), media_type="text/html")
        if request.query_params.get("seen") == digest:
            return Response(status_code=204)
        return Response(text, media_type="text/html")

    def series(self, request: Request) -> Response:
        """The first chart of a panel as numbers; times are seconds since 1970."""
        from hubctl.metrics.days import bounds

        chart = series(self._board, request.path_params["name"], _days(request))
        if chart is None:
            return PlainTextResponse("no such series\n", 404)
        times = [bounds(day)[0] // 1_000_000 for day in chart.labels]
        unit = {"usd": " $", "tokens": " tokens"}.get(chart.unit, f" {chart.unit}".rstrip())
        found = {"title": chart.title, "unit": unit, "times": times, "values": list(chart.values)}
        return JSONResponse(found)

    def style(self, _request: Request) -> Response:
        """The style of reports, and what the page adds to it."""
        return Response(STYLES, media_type="text/css")

    def static(self, request: Request) -> Response:
        """A file that travels with hubctl."""
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("no such file\n", 404)
        data = RealFiles().read(shipped(f"templates/dashboard/{name}"))
        return Response(data, media_type=_STATIC[name])


def _days(request: Request) -> int:
    given = request.query_params.get("days", "")
    return int(given) if given.isdigit() and int(given) in RANGES else RANGES[1]
