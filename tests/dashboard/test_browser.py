"""The dashboard in a real browser: drawn, live, led by keys, readable by all, never fooled."""

from __future__ import annotations

import contextlib
import time

import pytest

from hubctl.dashboard.board import PANELS
from tests.support.measures import answer, put

READY = (
    "!document.querySelector('.waiting')"
    " && document.querySelectorAll('.plot').length ==="
    " document.querySelectorAll('.plot .uplot').length"
    " && document.getElementById('fresh').textContent.startsWith('live')"
)


@contextlib.contextmanager
def opened(chromium, served, path="/?days=28", **look):
    """A page of the dashboard, of somebody who was let in before."""
    with chromium.page(**look) as page:
        page.cookie(served.base, f"hubctl-{served.port}", served.token)
        page.go(served.base + path)
        page.until(READY)
        yield page


def test_the_token_leaves_the_address_and_stays_out_of_reach(chromium, served):
    with chromium.page(served.address) as page:
        page.until(READY)
        assert page.run("location.href") == f"{served.base}/"
        assert served.token not in page.run("document.documentElement.outerHTML + document.cookie")
        assert page.run("history.length") <= 2


def test_every_panel_is_drawn_and_nothing_is_complained_of(chromium, served):
    with opened(chromium, served) as page:
        for panel in PANELS:
            assert page.run(f"document.querySelector('#{panel.id} h2').textContent")
        assert page.run("document.querySelectorAll('.uplot canvas').length") == 5
        assert page.run("document.title").endswith("hubctl: acme")
        assert page.complaints() == []


def test_names_from_outside_never_run(chromium, served):
    for path in ("/?days=1", "/sessions?days=1", "/session?session=hostile0"):
        with opened(chromium, served, path) as page:
            assert "stolen" not in page.run("document.title")
            assert page.run("document.querySelectorAll('main img').length") == 0
            assert page.complaints() == []


def test_a_script_that_got_into_the_page_would_not_run(chromium, served):
    with opened(chromium, served) as page:
        page.run(
            "(() => { const s = document.createElement('script'); s.textContent ="
            " 'document.title = \"stolen\"'; document.body.append(s);"
            " const i = document.createElement('div');"
            " i.innerHTML = '<img src=x onerror=\"document.title=\\'stolen\\'\">';"
            " document.body.append(i); })()"
        )
        page.run("new Promise((done) => setTimeout(done, 200))")
        assert "stolen" not in page.run("document.title")
        assert any("Content Security Policy" in one for one in page.complaints())


def test_another_page_cannot_show_or_ask_it(chromium, served, tmp_path):
    foreign = tmp_path / "page.html"
    foreign.write_text(
        f"<iframe src='{served.base}/'></iframe><script>fetch('{served.base}/pulse',"
        "{credentials: 'include'}).then(() => document.title = 'in', () => document.title = 'out')"
        "</script>"
    )
    with chromium.page(served.address) as page:
        page.until(READY)
        page.go(foreign.as_uri())
        page.until("document.title")
        assert page.run("document.title") == "out"


SIZES = [(360, 740), (768, 1024), (1440, 900), (2560, 1440)]


OUTSIDE = (
    "[...document.querySelectorAll('main h2, main .figure, main .wide, header > *')]"
    ".filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"
)


@pytest.mark.parametrize(
    "path", ["/?days=28", "/sessions?days=28", "/session?session=hostile2", "/?project=/nowhere"]
)
def test_it_fits_every_screen(chromium, served, tmp_path, path):
    with opened(chromium, served, path, width=SIZES[0][0], height=SIZES[0][1]) as page:
        for width, height in SIZES:
            page.size(width, height)
            page.until(f"innerWidth === {width}")
            assert page.run("document.documentElement.scrollWidth") <= width, width
            assert page.run(OUTSIDE) == 0, width
        picture = page.picture(tmp_path / "page.png", whole=False)
        assert picture.stat().st_size > 10_000


AXE = (
    "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations"
    ".map((v) => v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 3)"
    ".map((n) => n.target + ' ' + (n.any[0]?.message ?? '')).join(' | ')))"
)


@pytest.mark.parametrize(
    "path", ["/?days=28", "/sessions?days=28", "/session?session=hostile0", "/?until=1999-01-01"]
)
def test_nobody_is_shut_out(chromium, served, axe, path):
    """Contrast, names, roles, order: what can be told by a program."""
    with opened(chromium, served, path) as page:
        page.run(axe)
        assert page.run(AXE) == []
        page.colours(dark=True)
        assert page.run(AXE) == []


def test_an_empty_account_is_readable_too(chromium, empty, axe):
    with opened(chromium, empty, "/", width=360) as page:
        page.run(axe)
        assert page.run(AXE) == []
        assert page.run("document.documentElement.scrollWidth") <= 360


def test_it_is_led_by_keys_alone(chromium, served):
    with opened(chromium, served, "/") as page:
        page.press("Tab")
        assert page.run("document.activeElement.className") == "skip"
        page.press("Enter")
        assert page.run("document.activeElement.id") == "main"
        page.press("j")
        assert page.run("document.activeElement.id") == PANELS[1].id
        page.press("k")
        assert page.run("document.activeElement.id") == PANELS[0].id
        page.press("?")
        assert page.run("document.getElementById('keys').open")
        page.press("j")
        assert page.run("document.getElementById('keys').open")
        page.press("Escape")
        assert not page.run("document.getElementById('keys').open")
        page.press("p")
        assert page.run("document.activeElement.id") == "project"


def test_days_and_project_stand_in_the_address(chromium, served):
    with opened(chromium, served, "/") as page:
        page.press("3")
        page.until("location.search === '?days=28'")
        page.until(READY)
        page.press("[")
        page.until("location.search.includes('until=')")
        page.until(READY)
        page.press("t")
        page.until("location.search === '?days=28'")
        page.until(READY)
        page.run(
            "(() => { const s = document.getElementById('project'); s.value ="
            " [...s.options].find((o) => o.value.endsWith('n8n_dev')).value;"
            " s.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )
        page.until("new URLSearchParams(location.search).get('project')?.endsWith('n8n_dev')")
        page.until(READY)
        assert page.run("new URLSearchParams(location.search).get('days')") == "28"
        assert "utxoracle" not in page.run("document.querySelector('#cost').textContent")


def test_the_numbers_of_a_chart_can_be_read(chromium, served):
    with opened(chromium, served) as page:
        for panel in ("cost", "sessions", "tools", "hooks", "context"):
            rows = f"document.querySelectorAll('#{panel} .plot details tbody tr').length"
            assert page.run(rows) == 28
            hidden = f"document.querySelector('#{panel} .uplot').getAttribute('aria-hidden')"
            assert page.run(hidden) == "true"
        page.run("document.querySelector('#cost .plot summary').click()")
        page.run("document.querySelectorAll('.plot').forEach(draw)")
        page.run("new Promise((done) => setTimeout(done, 300))")
        assert page.run("document.querySelector('#cost .plot details').open")


def test_a_bar_leads_to_its_day(chromium, served):
    with opened(chromium, served, "/?days=7") as page:
        page.click("#cost .u-over", 5.5 / 7)
        page.until("location.search.startsWith('?days=1&until=')")


def test_tables_are_sorted_and_stay_so(chromium, served):
    rows = "[...document.querySelectorAll('#tools .wide tbody tr')]"
    column = f"{rows}.map((r) => r.cells[0].textContent)"
    head = "document.querySelector('#tools thead button')"
    with opened(chromium, served) as page:
        before = page.run(column)
        page.run(f"{head}.click()")
        names = page.run(column)
        assert names != before and sorted(names) == sorted(before)
        assert page.run(f"{head}.parentElement.getAttribute('aria-sort')") == "ascending"
        page.run(f"{head}.click()")
        assert page.run(column) == names[::-1]
        calls = "document.querySelectorAll('#tools thead button')[1]"
        page.run(f"{calls}.click()")
        counts = page.run(f"{rows}.map((r) => Number(r.cells[1].dataset.v))")
        assert counts == sorted(counts, reverse=True) and counts[0] > counts[-1]


def test_what_is_new_comes_without_moving_anything(chromium, served):
    with opened(chromium, served, "/?days=28", height=700) as page:
        page.run("document.querySelectorAll('#cost thead button')[1].click()")
        page.run(
            "(() => { const link = document.querySelector('#sessions tbody a'); link.focus();"
            " window.held = link; const range = document.createRange();"
            " range.selectNodeContents(document.querySelector('#cost h2'));"
            " getSelection().removeAllRanges(); getSelection().addRange(range);"
            " document.querySelector('#cost details').open = true;"
            " scrollTo({top: 900, behavior: 'instant'});"
            " window.mark = document.querySelector('#cost .value').textContent; })()"
        )
        at = page.run("scrollY")
        add_an_answer(served)
        page.run("beat()")
        page.until("document.querySelector('#cost .value').textContent !== window.mark")
        assert page.run("scrollY") == at
        assert page.run("document.activeElement === window.held")
        assert page.run("getSelection().toString()") == "Cost"
        assert page.run("document.querySelector('#cost details').open")
        sorted_by = "document.querySelector('#cost thead th[aria-sort]').cellIndex"
        assert page.run(sorted_by) == 1
        assert page.complaints() == []


def add_an_answer(served):
    moment = int(time.time() * 1_000_000)
    project = f"{served.home}/src/n8n_dev"
    row = answer(moment, session="late", project=project, cost_usd=3.21, response=f"r{moment}")
    put(str(served.home / ".local/state/hubctl/metrics.db"), "claude_context", [row])


def test_a_server_that_is_gone_is_told_once(chromium, served):
    with opened(chromium, served) as page:
        page.run("window.fetch = () => Promise.reject(new Error('gone'))")
        page.run("beat()")
        page.until("document.getElementById('fresh').className === 'stale'")
        assert "does not answer" in page.run("document.getElementById('told').textContent")
        page.run("document.getElementById('told').textContent = ''; beat()")
        assert page.run("document.getElementById('told').textContent") == ""


def test_nothing_moves_where_that_is_not_wanted(chromium, served):
    with opened(chromium, served) as page:
        still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        page.ask("Emulation.setEmulatedMedia", features=still)
        assert page.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_without_scripts_the_choice_of_a_project_has_a_button(served):
    page = served.ask("/")[2]
    assert '<button class="go">Show</button>' in page and "<noscript" not in page
