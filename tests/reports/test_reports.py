"""Reports: what is known is told, what is not is said, and the same data are the same bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from hubctl.config.thresholds import thresholds
from hubctl.metrics.prices import prices, shipped_prices
from hubctl.metrics.store import open_store
from hubctl.reports.compose import KINDS, Given, compose
from hubctl.reports.delegation import delegated
from hubctl.reports.document import COLLECTING, NO_SOURCE, Chart, Figure, enough, in_unit
from hubctl.reports.pages.html import html
from hubctl.reports.pages.json import encode
from hubctl.reports.pages.markdown import markdown
from hubctl.reports.pages.svg import svg
from hubctl.reports.periods import Span
from hubctl.reports.sections.economy import Rendered
from tests.reports.trouble import LAST
from tests.support.measures import answer, at, put

MARCH = Span(first="2026-03-01", last="2026-03-31")
ROOT = "/home/ada/src/api"
# A million times the price of a token: one dollar each, ten for output, a tenth from the cache.
FLAT = {
    "m": {"input": 1e6, "output": 1e7, "cache_read": 1e5, "cache_write": 1e6, "cache_hour": 2e6}
}


def given(**more):
    limits = {row.name: row for row in thresholds({})}
    return Given(**{"limits": limits, "prices": prices(FLAT), **more})


def report(path, kind="weekly", last=LAST, **more):
    with open_store(path) as store:
        return compose(store, kind, last, given(**more))


def figures(document):
    return {figure.id: figure for section in document.sections for figure in section.figures}


# -- formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [html, markdown, encode])
def test_the_same_data_are_the_same_bytes(full, kind, form):
    assert form(report(full, kind)) == form(report(full, kind))


class Balanced(HTMLParser):
    """Fails where tags do not close, and keeps what may not be there."""

    VOID = ("meta",)

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.seen |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_whole_fetches_nothing_and_runs_nothing(full, kind):
    page = html(report(full, kind))
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert not parser.seen & {"script", "link", "img", "iframe", "onclick", "onload", "src"}
    assert "prefers-color-scheme: dark" in page and "http://" not in page.replace("http-equiv", "")


def test_names_cannot_become_markup(path):
    evil = '<b onclick="x">|`[a](b)</b>'
    put(path, "claude_context", [answer(f"{LAST} 09:00", model=evil, project=evil, session=evil)])
    document = report(path)
    parser = Balanced()
    parser.feed(html(document))
    assert "b" not in parser.seen
    rows = [line for line in markdown(document).splitlines() if "onclick" in line]
    assert rows and all("<b" not in line.replace("\\<", "") for line in rows)


@pytest.mark.parametrize("values", [(), (0.0,), (0.0, None, 3.5), (1e9,) * 90, (1e-9, 1.0)])
@pytest.mark.parametrize("unit", ["", "usd", "tokens"])
def test_a_chart_is_well_formed_whatever_it_holds(values, unit):
    labels = tuple(f'2026-03-{place:02}<&"' for place in range(len(values)))
    root = ET.fromstring(svg(Chart(title='<T&">', unit=unit, labels=labels, values=values)))
    assert [root[place].tag for place in (0, 1)] == ["title", "desc"]
    assert root[0].text == root.attrib["aria-label"]
    assert (root[1].text or "").count(": ") == len(labels)
    bars = [one for one in root if one.attrib.get("class") == "bar"]
    assert len(bars) == len(values)
    for bar, value in zip(bars, values, strict=True):
        assert (float(bar.attrib["height"]) > 0) == bool(value)
        assert float(bar.attrib["y"]) >= 0


def test_limits_of_a_day_are_drawn_where_the_bars_come_near(path):
    for day, dollars in (("19", 12.0), ("20", 42.0)):
        put(path, "claude_context", [answer(f"2026-03-{day} 09:00", cost_usd=dollars)])
    page = html(report(path))
    drawn = re.findall(r'<line class="limit (\w+)"[^>]*><title>([^<]*)', page)
    assert drawn == [("warning", "warning: $30.00"), ("critical", "critical: $50.00")]
    assert 'class="limit' not in html(report(path, last="2026-03-19"))


# -- what is told ---------------------------------------------------------------------------------


def test_a_week_has_its_figures(full):
    found = figures(report(full))
    assert found["answers"].value == 3 * 30 * 6
    assert found["sessions"].value == 18 and found["tool_calls"].value == 540
    assert found["cost"].value == pytest.approx(sum_of(full, "cost_usd"), abs=1e-6)
    assert found["hook_p95"].state == found["tool_failures"].state == "measured"
    assert found["delegation_rate"].value == pytest.approx(24, abs=12)


def sum_of(path, column):
    begin, end = Span(first="2026-03-14", last=LAST).times
    with open_store(path) as store:
        sql = f"SELECT sum({column}) FROM claude_context WHERE time >= ? AND time < ?"
        return store.rows(sql, (begin, end))[0][0]


def test_an_empty_store_collects_data_and_invents_nothing(path):
    for kind in KINDS:
        document = report(path, kind)
        for figure in figures(document).values():
            assert figure.state in (COLLECTING, NO_SOURCE) or not figure.value, figure
        assert "collecting data (0/" in markdown(document)


def test_a_period_without_data_before_it_is_not_compared(path):
    put(path, "claude_context", [answer(f"{LAST} 09:00"), answer("2026-03-10 09:00")])
    document = report(path)
    assert not document.compared and "compared with" not in markdown(document)
    assert figures(document)["cost"].before is None
    put(path, "claude_context", [answer("2026-03-01 09:00")])
    assert figures(report(path))["cost"].change == "as before"


def test_an_unknown_price_makes_a_cost_a_lower_bound(path):
    rows = [answer(f"{LAST} 09:00"), answer(f"{LAST} 10:00", model="new", cost_usd=None)]
    put(path, "claude_context", rows)
    cost = figures(report(path))["cost"]
    assert (cost.text, cost.at_least) == ("≥$1.00", True)
    assert "No price is known for new" in html(report(path))
    put(path, "claude_context", [answer("2026-01-02 09:00", model="new", cost_usd=None)])
    assert figures(report(path, last="2026-01-05"))["cost"].text == "unknown"


def test_levels_are_those_of_the_thresholds(path):
    rows = [
        {"time": at(f"{LAST} 09:00"), "source": "spool", "hook": hook, "event": "Stop"}
        | {"duration_ms": 300.0}
        for hook in ("slow", "dispatcher") * 10
    ]
    put(path, "claude_hooks", rows)
    document = report(path)
    assert figures(document)["hook_p95"].level == "warning"
    assert 'class="figure warning"' in html(document)


def test_too_little_is_not_told():
    figure = Figure(id="x", title="X", unit="%", value=90.0, level="warning")
    assert enough(figure, 10).text == "90 %"
    assert (enough(figure, 9).text, enough(figure, 9).level) == ("collecting data (9/10)", "")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(None, "usd", "unknown"), (12.0, "%", "12 %"), (1.25, "%", "1.2 %"),
     (1.5, "a week", "1.5 a week"), (12345.0, "", "12.3k"), (7200.0, "s", "2 h 00 min"),
     (1.44, "×", "1.4 ×")],
)  # fmt: skip
def test_numbers_with_units(value, unit, text):
    assert in_unit(value, unit) == text


def table(document, section, title):
    [found] = [one for one in document.sections if one.id == section]
    return next(one for one in found.tables if one.title == title).rows


def test_the_worst_of_a_span_stands_against_every_limit(path):
    """Each is what alerts measure, over the days of the report and not up to now."""
    day = [{"time": at("2026-03-16 10:00") + n, "source": "spool"} for n in range(12)]
    put(path, "claude_events", [{**row, "kind": "api_error", "severity": "error"} for row in day])
    hook = {"hook": "slow", "event": "Stop", "duration_ms": 900.0}
    put(path, "claude_hooks", [{**row, **hook} for row in day])
    put(path, "claude_hooks", [{**row, **hook, "hook": "rare"} for row in day[:9]])
    put(path, "claude_tool_usage", [{**row, "success": n > 2} for n, row in enumerate(day)])
    agents = [{**row, "source": "otel", "success": n > 0} for n, row in enumerate(day[:4])]
    put(path, "claude_agents", agents)
    put(path, "claude_context", [
        answer("2026-03-15 10:00", cost_usd=20.0, percent=79.0),
        answer("2026-03-16 10:00", cost_usd=31.0, percent=81.0, session="full-one"),
        answer("2026-03-17 10:00", cost_usd=99.0, percent=99.0, sidechain=True),
        answer("2026-03-01 10:00", cost_usd=500.0, percent=100.0),
    ])  # fmt: skip
    rows = table(report(path), "glance", "Limits, and the worst of each")
    assert rows == (
        ("Hook latency", "critical", "899 ms", "slow", "100 ms", "500 ms"),
        ("Daily cost", "critical", "$99.00", "2026-03-17", "$30.00", "$50.00"),
        ("Errors", "warning", "12 an hour", "the hour of 2026-03-16 10:00", "10 an hour", "none"),
        ("Tool failures", "warning", "25 %", "all", "20 %", "none"),
        ("Context use", "warning", "81 %", "session full-one", "80 %", "none"),
        ("Agent success", "–", "collecting data (4/5)", "all", "80 %", "none"),
    )
    assert figures(report(path))["beyond"].level == "critical"
    page = html(report(path))
    assert '<td class="critical">critical</td>' in page
    assert "canonical.yaml" in page and "`" not in page


def test_a_chart_of_nothing_is_a_sentence(path):
    for form in (markdown, html):
        page = form(report(path, "dora"))
        assert "Nothing in these days" in page and "<svg" not in page


# -- delegation -----------------------------------------------------------------------------------


def turn(minute, agent="", **more):
    base = {"model": "m", "input_tokens": 0, "output_tokens": 0, "cost_usd": 0.0, "agent": agent}
    return answer(f"{LAST} 10:{minute:02}", **{**base, "sidechain": bool(agent), **more})


def test_what_delegating_is_worth_by_hand(path):
    rows = [
        turn(0, context_tokens=100),
        # The agent begins with 10 of its own, gathers 40 and reports 5.
        turn(1, "a", cache_write_tokens=10, output_tokens=1, context_tokens=11, cost_usd=20.0),
        turn(2, "a", cache_read_tokens=10, cache_write_tokens=40, output_tokens=5,
             context_tokens=55, cost_usd=91.0),
        turn(3, context_tokens=105),
        turn(4, context_tokens=110),
        turn(5, context_tokens=20),  # compacted: nobody would read on
        turn(6, context_tokens=25),
    ]  # fmt: skip
    put(path, "claude_context", rows)
    with open_store(path) as store:
        found = delegated(store, MARCH, prices(FLAT))
    # In the open: 1 and 5 of output, 40 written, twice 100 read, and 40 of it read twice more.
    assert found.kept_out == 55 - 10 - 5
    assert found.inline == pytest.approx(60 + 40 + 2 * 10 + 2 * 40 * 0.1)
    assert (found.agents, found.priced, found.paid) == (1, 1, 111.0)


def test_an_agent_without_a_price_is_left_out(path):
    put(path, "claude_context", [turn(0), turn(1, "a", cost_usd=None), turn(2, "b", cost_usd=1.0)])
    with open_store(path) as store:
        found = delegated(store, MARCH, prices(FLAT))
    assert (found.agents, found.priced, found.paid) == (2, 1, 1.0)


def test_an_agent_alone_is_left_out(path):
    put(path, "claude_context", [turn(1, "a", cost_usd=2.0)])
    with open_store(path) as store:
        assert delegated(store, MARCH, prices(FLAT)).priced == 0


# -- token economics ------------------------------------------------------------------------------


def test_what_the_rendered_text_costs_by_hand(path):
    rows = [answer(f"{LAST} 09:{minute:02}", model="m", project=ROOT) for minute in range(3)]
    rows.append(answer(f"{LAST} 09:30", model="m", project=f"{ROOT}/sub", session="s2"))
    rows.append(answer(f"{LAST} 09:40", model="m", project=f"{ROOT}-other", session="s3"))
    put(path, "claude_context", rows)
    rendered = (Rendered(target="api", root=ROOT, start=50, ours=20),)
    found = figures(report(path, rendered=rendered))
    assert found["rendered_tokens"].value == 20 * 4
    # Two sessions write 20, and one of them reads them twice more.
    assert found["rendered_cost"].value == pytest.approx(2 * 20 + 2 * 20 * 0.1)


def test_markdown_charts_are_bars(full):
    bars = re.findall(r"^2026-03-\d\d  (\S*) +\$", markdown(report(full)), re.MULTILINE)
    assert len(bars) == 7 and max(map(len, bars)) == 24


def test_many_small_prompts_do_not_cost_as_a_large_one(path):
    """A model whose prompts cost more beyond 200,000 tokens."""
    rows = [answer(f"{LAST} 09:00", project=ROOT, cost_usd=0.1) for _ in range(300)]
    rows += [answer(f"{LAST} 09:01", project=ROOT, model="m", input_tokens=1) for _ in range(2)]
    put(path, "claude_context", rows)
    rendered = (Rendered(target="api", root=ROOT, start=1000, ours=1000),)
    found = figures(report(path, rendered=rendered))
    assert found["rendered_cost"].value == pytest.approx(0.00375 + 299 * 0.0003 + 2 * 1000 * 0.1)


def test_what_is_kept_out_is_read_again_one_answer_at_a_time(path):
    """Of the shipped prices: a million tokens are read in ten answers, none of them large."""
    kept = {"model": "claude-sonnet-4-5", "cost_usd": 0.0}
    rows = [turn(0, context_tokens=10, **kept)]
    rows += [turn(1, "a", **kept), turn(2, "a", context_tokens=100_000, **kept)]
    rows += [turn(3 + n, context_tokens=10, **kept) for n in range(10)]
    put(path, "claude_context", [{**row, "output_tokens": 0} for row in rows])
    with open_store(path) as store:
        found = delegated(store, MARCH, shipped_prices())
    assert found.kept_out == 100_000
    assert found.inline == pytest.approx(10 * 100_000 * 0.3e-6 + 2 * 10 * 0.3e-6)
