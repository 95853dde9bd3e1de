"""Who gets into the dashboard: the holder of the token, from this machine, to read."""

from __future__ import annotations

import pytest

PAGES = ("/", "/sessions", "/session?session=x", "/part/cost", "/series/cost", "/pulse")
WRITES = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FORGED")


def test_the_printed_address_sets_a_cookie_and_leaves_the_history(served):
    path = served.address.removeprefix(served.base)
    status, headers, _ = served.ask(path, cookie=False)
    assert (status, headers["location"]) == (303, "/")
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=strict" in headers["set-cookie"]
    assert served.ask("/")[0] == 200


def test_a_link_in_another_page_leads_in_as_well(served):
    """A browser gives no strict cookie to a redirect of a navigation that another site began."""
    path = served.address.removeprefix(served.base)
    led = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    status, headers, text = served.ask(path, cookie=False, Sec_Fetch_Dest="document", **led)
    assert status == 200 and 'content="0;url=/"' in text and "set-cookie" in headers
    assert served.token not in text


@pytest.mark.parametrize("path", [*PAGES, "/static/htmx.min.js"])
def test_without_the_token_nobody_gets_in(served, path):
    assert served.ask(path, cookie=False)[0] == 403
    guessed = f"{path}{'&' if '?' in path else '?'}token=guessed"
    assert served.ask(guessed, cookie=False)[0] == 403
    wrong = served.ask(path, cookie=False, Cookie=f"hubctl-{served.port}=guessed")
    assert (wrong[0], "set-cookie" in wrong[1]) == (403, False)


def test_the_cookie_of_another_dashboard_opens_nothing(served):
    other = f"hubctl-{served.port + 1}={served.token}; hubctl-token={served.token}"
    assert served.ask("/", cookie=False, Cookie=other)[0] == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example:{port}",
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1:1",
        "127.0.0.1",
        "",
    ],
)
def test_a_name_that_was_bound_to_this_address_is_refused(served, host):
    assert served.ask("/", Host=host.format(port=served.port))[0] == 421


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_our_own_names_are_known(served, name):
    assert served.ask("/pulse", Host=f"{name}:{served.port}")[0] == 200


@pytest.mark.parametrize("path", PAGES)
def test_what_another_page_asks_is_refused(served, path):
    for origin in ("http://evil.example", "null", f"https://127.0.0.1:{served.port}"):
        assert served.ask(path, Origin=origin)[0] == 403
    fetched = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}
    assert served.ask(path, Sec_Fetch_Dest="script", **fetched)[0] == 403
    assert served.ask(path, Sec_Fetch_Site="same-site", Sec_Fetch_Mode="cors")[0] == 403
    framed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert served.ask(path, Sec_Fetch_Dest="iframe", **framed)[0] == 403
    own = f"http://127.0.0.1:{served.port}"
    assert served.ask(path, Origin=own, Sec_Fetch_Site="same-origin")[0] == 200


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("path", [*PAGES, "/static/htmx.min.js", "/nothing"])
def test_nothing_is_written_with_or_without_the_token(served, path, method):
    assert served.ask(path, method=method)[0] == 405
    assert served.ask(path, method=method, cookie=False)[0] in (403, 405)
    foreign = served.ask(path, method=method, Origin="http://evil.example")
    assert foreign[0] == 403


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/static/style.css"])
@pytest.mark.parametrize("cookie", [True, False])
def test_every_answer_minds_the_browser(served, path, cookie):
    _, headers, _ = served.ask(path, cookie=cookie)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    kept = cookie and path.startswith("/static/")
    assert ("private" if kept else "no-store") in headers["cache-control"]
    assert "server" not in headers


def test_nothing_is_fetched_from_elsewhere(served):
    _, _, page = served.ask("/")
    assert "http" not in page
    assert "<script>" not in page and " style=" not in page and " onclick" not in page
    for name in ("htmx.min.js", "uPlot.iife.min.js", "style.css", "dashboard.js"):
        assert f"/static/{name}?" in page
        assert served.ask(f"/static/{name}")[0] == 200
    assert served.ask("/static/..%2fcanonical.yaml")[0] == 404
    assert served.ask("/static/NOTICE")[0] == 404
