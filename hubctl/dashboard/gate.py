"""Who may ask the dashboard anything: the holder of this run's token, from this machine, to read.

A page of anybody's may make a browser ask this port: other names of hosts (a name that was bound to
this address), other origins and whatever is not a reading request are refused before the token is
looked at.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from hubctl.dashboard.visits import Visits

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"),
        *("img-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"),
    )
)
_HEADERS = (
    ("content-security-policy", _POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
_ONWARD = (
    '<!doctype html><meta charset="utf-8"><title>hubctl</title>'
    '<meta http-equiv="refresh" content="0;url=/"><a href="/">The dashboard</a>\n'
)


class Gate:
    """Lets nobody in without the token, and adds the headers that a browser minds."""

    def __init__(self, inner: App, token: str, visits: Visits) -> None:
        self._inner = inner
        self._token = token
        self._visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        answer: App | None = _stranger(scope, headers) or self._unknown(scope, headers)
        if answer is None:
            self._visits.note()
            answer = self._welcome(scope, headers) or self._inner
        await answer(scope, receive, _with_headers(send))

    def _unknown(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        given = _query(scope).get("token")
        known = _cookie(headers.get("cookie", ""), cookie_name(scope))
        if any(self._opens(one) for one in (given, known) if one is not None):
            return None
        return PlainTextResponse(
            "This address needs the token that `hubctl dashboard` printed.\n", 403, _NO_STORE
        )

    def _opens(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())

    def _welcome(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        """The token goes from the address into a cookie, out of the browser's history."""
        if "token" not in _query(scope):
            return None
        # To a redirect that another site's link began the browser would not give the cookie.
        led = headers.get("sec-fetch-site", "none") == "cross-site"
        answer = (
            HTMLResponse(_ONWARD, headers=_NO_STORE)
            if led
            else RedirectResponse("/", 303, headers=_NO_STORE)
        )
        name = cookie_name(scope)
        answer.set_cookie(name, self._token, httponly=True, samesite="strict", path="/")
        return answer


_NO_STORE = {"cache-control": "no-store"}


def cookie_name(scope: Scope) -> str:
    """Cookies know no ports: two dashboards of one machine must not overwrite each other's."""
    return f"hubctl-{_port(scope)}"


def _port(scope: Scope) -> int:
    return int((scope.get("server") or ("", 0))[1] or 0)


def _stranger(scope: Scope, headers: Mapping[str, str]) -> Response | None:
    host = headers.get("host", "").lower()
    if host not in {f"{name}:{_port(scope)}" for name in _NAMES}:
        return PlainTextResponse("not this machine\n", 421, _NO_STORE)
    site = headers.get("sec-fetch-site", "none")
    is_page = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == (
        "navigate",
        "document",
    )
    foreign = site not in ("none", "same-origin") and not is_page
    if foreign or headers.get("origin", f"http://{host}") != f"http://{host}":
        return PlainTextResponse("another page asked\n", 403, _NO_STORE)
    if scope["method"] not in ("GET", "HEAD"):
        return PlainTextResponse("this page only reads\n", 405, _NO_STORE | {"allow": "GET, HEAD"})
    return None


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name for name, _ in given}
            more = [(name.encode(), value.encode()) for name, value in _HEADERS]
            if b"cache-control" not in names:
                more.append((b"cache-control", b"no-store"))
            message["headers"] = given + more
        await send(message)

    return sending


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def _cookie(header: str, wanted: str) -> str | None:
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted:
            return value
    return None
