"""What the dashboard shows: every panel whole, every view in the address, down to one call."""

from __future__ import annotations

import html.parser
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from hubctl.dashboard.board import PANELS
from tests.dashboard.conftest import ARABIC, HOSTILE

VOID = {"meta", "link", "br", "hr", "img", "input"}
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


class Checker(html.parser.HTMLParser):
    """Every element is closed, every id is there once, every label has what it names."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.named = [], [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        self.named += [value for name, value in attrs if name == "aria-labelledby"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def whole(text):
    checker = Checker()
    checker.feed(text)
    assert checker.open == [] and len(checker.ids) == len(set(checker.ids))
    assert set(checker.named) <= set(checker.ids)


@pytest.mark.parametrize("days", [1, 28])
@pytest.mark.parametrize("panel", [panel.id for panel in PANELS])
def test_a_panel_is_whole_and_asks_for_itself_again(served, panel, days):
    status, _, text = served.ask(f"/part/{panel}?days={days}")
    assert status == 200
    whole(text)
    assert text.startswith(f'<section id="{panel}"')
    again = text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert "seen=" in again
    if panel != "health":
        assert served.ask(again)[0] == 204


@pytest.mark.parametrize(
    "path", ["/", "/?days=1", "/sessions?days=28", "/session?session=hostile0"]
)
def test_a_page_is_whole(served, path):
    status, _, text = served.ask(path)
    assert status == 200
    whole(text)


def test_it_shows_what_was_measured_and_how_the_hub_stands(served):
    cost = served.ask("/part/cost?days=28")[2]
    assert "claude-sonnet-5" in cost and "~/src/utxoracle" in cost
    for title in ("What it went into", "By model", "By project", "By day"):
        assert title in cost
    assert "Bash" in served.ask("/part/tools?days=28")[2]
    assert "smart-safety-check" in served.ask("/part/hooks?days=28")[2]
    assert "Explore" in served.ask("/part/agents?days=28")[2]
    drift = served.ask("/part/drift")[2]
    assert "api:.claude/settings.json#/model" in drift and "conflict" in drift
    assert "canonical.yaml" in served.ask("/part/health")[2]
    assert "no units" in served.ask("/part/timers")[2]
    assert 'data-level="critical"' in served.ask("/part/today")[2]


def test_from_the_day_to_the_session_to_its_calls(served):
    overview = served.ask("/part/cost?days=28")[2]
    assert f"until={YESTERDAY}" in overview
    day = served.ask(f"/part/sessions?days=1&until={YESTERDAY}")[2]
    first = re.search(r'href="(/session\?[^"]+)"', day)[1].replace("&amp;", "&")
    session = served.ask(first)[2]
    assert "~/src/nautilus_dev" in session
    titles = ("What it went into", "Who spent it", "Dearest answers", "Tools", "Hooks", "Subagents")
    assert all(f">{title}</h3>" in session for title in titles)
    assert "Calls, those that failed first" in session
    assert "writing the whole context to the cache" in session


def test_a_day_costs_what_its_sessions_cost(served):
    def dollars(text):
        return [float(one.replace(",", "")) for one in re.findall(r"\$([\d,]+\.\d\d)</bdi>", text)]

    listed = served.ask(f"/part/list?days=1&until={YESTERDAY}")[2]
    figure = served.ask(f"/part/cost?days=1&until={YESTERDAY}")[2]
    total = float(re.search(r'class="value">\$([\d,.]+)<', figure)[1].replace(",", ""))
    assert sum(dollars(listed)) == pytest.approx(total, abs=0.06)
    assert total > 60


def test_sessions_come_in_the_order_that_was_asked_for(served):
    def column(sort, place):
        text = served.ask(f"/part/list?days=28&sort={sort}")[2]
        rows = re.findall(r"<tr data-key.*?</tr>", text)
        return [re.sub("<.*?>", "", re.findall(r"<t[hd].*?</t[hd]>", row)[place]) for row in rows]

    began = column("time", 0)
    assert began == sorted(began, reverse=True) and len(began) > 30
    failed = [int(one) for one in column("failures", 6)]
    assert failed == sorted(failed, reverse=True) and failed[0] > 0


def test_a_long_list_comes_in_pages(served):
    first = served.ask("/part/list?days=90")[2]
    second = served.ask("/part/list?days=90&page=2")[2]
    keys = [set(re.findall(r'<tr data-key="([^"]+)"', text)) for text in (first, second)]
    assert len(keys[0]) == 50 and keys[1] and not keys[0] & keys[1]
    assert "page=2" in first and "page 2 of" in second
    assert served.ask("/part/list?days=90&page=9999")[2].count("<tr data-key") > 0


def test_a_project_alone(served):
    project = f"{served.home}/src/n8n_dev"
    cost = served.ask(f"/part/cost?days=28&project={quote(project)}")[2]
    assert "~/src/n8n_dev" in cost and "~/src/utxoracle" not in cost
    sessions = served.ask(f"/part/list?days=28&project={quote(project)}")[2]
    assert "~/src/n8n_dev" in sessions and "~/src/utxoracle" not in sessions
    page = served.ask(f"/?days=28&project={quote(project)}")[2]
    assert re.search(r"<option [^>]*n8n_dev[^>]* selected", page)
    nothing = served.ask("/part/cost?days=28&project=/nowhere")[2]
    assert "nothing of this project" in nothing


@pytest.mark.parametrize(
    "project", ["'", "x' OR '1'='1", "%", '"; DROP TABLE claude_context; --', "\0"]
)
def test_a_project_is_never_a_part_of_a_question(served, project):
    text = served.ask(f"/part/cost?days=28&project={quote(project)}")[2]
    assert "nothing of this project" in text
    assert served.ask("/part/cost?days=28")[2].count("<tr") > 10


def test_names_from_outside_are_text(served):
    for path in ("/", "/part/sessions", "/part/tools", "/part/cost", "/session?session=hostile0"):
        text = served.ask(path)[2]
        assert "<img" not in text
    assert (
        HOSTILE.replace("<", "&lt;").partition('"')[0].rstrip("=") in served.ask("/part/tools")[2]
    )
    assert f"<bdi>{ARABIC}</bdi>" in served.ask("/part/sessions")[2]


def test_a_series_is_that_of_its_days(served):
    status, _, text = served.ask("/series/cost?days=7")
    found = json.loads(text)
    assert (status, len(found["times"]), len(found["links"])) == (200, 7, 7)
    assert all(len(one["values"]) == 7 for one in found["series"])
    assert sum(value or 0 for one in found["series"] for value in one["values"]) > 60
    hours = json.loads(served.ask(f"/series/cost?days=1&until={YESTERDAY}")[2])
    assert len(hours["times"]) == 24 and hours["kind"] == "bars"
    for panel in ("sessions", "tools", "hooks", "context"):
        assert json.loads(served.ask(f"/series/{panel}?days=28")[2])["series"]
    assert served.ask("/series/nothing")[0] == 404
    assert served.ask("/part/nothing")[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        *("days=9999999", "days=-1", "days=x", "until=0000-00-00", "until=9999-12-31"),
        *("until=1971-01-01&days=365", "page=0", "page=99999999", "sort=evil", "until=tomorrow"),
    ],
)
def test_an_address_that_names_no_view_shows_the_usual_one(served, query):
    for path in ("/", "/part/cost", "/part/sessions", "/sessions", "/series/cost"):
        assert served.ask(f"{path}?{query}")[0] == 200


def test_a_session_that_is_not_known_is_told(served):
    status, _, text = served.ask("/session?session=nobody")
    assert status == 200 and "No such session is known" in text
    assert json.loads(served.ask("/series/session?session=nobody")[2])["times"] == []


def test_without_anything_every_panel_says_what_to_do(empty):
    for panel in PANELS:
        status, _, text = empty.ask(f"/part/{panel.id}")
        assert status == 200
        whole(text)
        told = 'class="empty"' in text or 'class="about"' in text or "<table" in text
        assert told or panel.id == "today", panel.id
    assert "~/.claude/projects" in empty.ask("/part/cost")[2]
    assert "hubctl init" in empty.ask("/part/drift")[2]


def test_a_canonical_with_errors_is_told_in_the_page(served):
    path = served.home / "hub/canonical.yaml"
    before = path.read_text()
    try:
        path.write_text("hub: [\n")
        assert served.ask("/")[0] == 200
        assert "error" in served.ask("/part/health")[2]
        assert served.ask("/part/drift")[0] == 200
    finally:
        path.write_text(before)
