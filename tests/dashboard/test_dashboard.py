"""The dashboard as a browser meets it: who gets in, what it shows, how it looks."""

from __future__ import annotations

import html.parser
import http.client
import json
import shutil
import subprocess

import pytest

from hubctl.dashboard.board import PANELS

VOID = {"meta", "link", "br", "hr", "img", "input"}


def ask(served, path, *, method="GET", cookie=True, **headers):
    port = int(served.base.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    if cookie:
        headers["Cookie"] = f"other=1; hubctl-token={served.token}"
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=names)
    answer = connection.getresponse()
    found = (answer.status, dict(answer.getheaders()), answer.read().decode())
    connection.close()
    return found


def test_the_printed_address_sets_a_cookie_and_leaves_the_history(served):
    path = served.address.removeprefix(served.base)
    status, headers, _ = ask(served, path, cookie=False)
    assert (status, headers["location"]) == (303, "/")
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=strict" in headers["set-cookie"]
    assert ask(served, "/")[0] == 200


@pytest.mark.parametrize("path", ["/", "/part/cost", "/series/cost", "/static/htmx.min.js"])
def test_without_the_token_nobody_gets_in(served, path):
    assert ask(served, path, cookie=False)[0] == 403
    assert ask(served, f"{path}?token=guessed", cookie=False)[0] == 403


def test_other_hosts_other_origins_and_writes_are_refused(served):
    assert ask(served, "/", Host="evil.example")[0] == 421
    assert ask(served, "/", Host="127.0.0.1.evil.example:80")[0] == 421
    assert ask(served, "/", Origin="http://evil.example")[0] == 403
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(served, "/part/cost", method=method)[0] == 405


def test_nothing_is_fetched_from_elsewhere(served):
    _, headers, page = ask(served, "/")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "http" not in page.replace('http-equiv="', "")
    for name in ("htmx.min.js", "uPlot.iife.min.js", "uPlot.min.css", "dashboard.js"):
        assert f"/static/{name}" in page
        assert ask(served, f"/static/{name}")[0] == 200
    assert ask(served, "/static/..%2fcanonical.yaml")[0] == 404
    assert ask(served, "/static/NOTICE")[0] == 404


class Checker(html.parser.HTMLParser):
    """Every element is closed, every id is there once."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("panel", [panel.id for panel in PANELS])
def test_a_panel_is_whole_and_asks_for_itself_again(served, panel):
    status, _, text = ask(served, f"/part/{panel}?days=28")
    assert status == 200
    checker = Checker()
    checker.feed(text)
    assert checker.open == [] and len(checker.ids) == len(set(checker.ids))
    assert text.startswith(f'<section id="{panel}"')
    again = text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    if panel not in ("health",):
        assert ask(served, again)[0] == 204


def test_it_shows_what_was_measured_and_how_the_hub_stands(served):
    cost = ask(served, "/part/cost?days=28")[2]
    assert "claude-sonnet-5" in cost and "~/src/utxoracle" in cost
    assert "Bash" in ask(served, "/part/tools?days=28")[2]
    assert "smart-safety-check" in ask(served, "/part/hooks?days=28")[2]
    drift = ask(served, "/part/drift")[2]
    assert "api:.claude/settings.json#/model" in drift and "conflict" in drift
    assert "canonical.yaml" in ask(served, "/part/health")[2]
    assert "no units" in ask(served, "/part/timers")[2]


def test_a_series_is_that_of_its_days(served):
    status, _, text = ask(served, "/series/cost?days=7")
    found = json.loads(text)
    assert (status, len(found["times"]), len(found["values"])) == (200, 7, 7)
    assert sum(value or 0 for value in found["values"]) > 0
    assert ask(served, "/series/nothing")[0] == 404
    assert ask(served, "/part/nothing")[0] == 404
    assert ask(served, "/part/cost?days=9999999")[0] == 200


def test_a_canonical_with_errors_is_told_in_the_page(served):
    path = served.home / "hub/canonical.yaml"
    before = path.read_text()
    try:
        path.write_text("hub: [\n")
        assert ask(served, "/")[0] == 200
        assert "error" in ask(served, "/part/health")[2]
        assert ask(served, "/part/drift")[0] == 200
    finally:
        path.write_text(before)


# -- in a real browser -----------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--virtual-time-budget=8000",
)


def browser(tmp_path, *arguments):
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path}/profile", *arguments]
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_draws_every_panel_and_the_series(served, tmp_path):
    dom = browser(tmp_path, "--dump-dom", served.address).stdout
    assert "reading …" not in dom
    for panel in PANELS:
        assert f'<section id="{panel.id}"' in dom
    assert dom.count('class="uplot') >= 2
    assert "as of " in dom
    assert 'class="plotless"' not in dom


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("size", ["390,900", "1600,1000"])
def test_it_fits_a_phone_and_a_wide_screen(served, tmp_path, size):
    picture = tmp_path / "page.png"
    browser(tmp_path, f"--window-size={size}", f"--screenshot={picture}", served.address)
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 10_000
