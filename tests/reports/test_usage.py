"""Usage: sums by everything there is, blocks, projections, and costs that are not known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import UsageError
from hubctl.metrics.store import open_store
from hubctl.reports import wording
from hubctl.reports.blocks import HOUR, LENGTH, blocks, opened, pace
from hubctl.reports.periods import Span, ending, month_around, parse_day, week_around, week_of
from hubctl.reports.projection import projections
from hubctl.reports.totals import Totals
from hubctl.reports.usage import BY, Only, span_total, unpriced_models, usage
from hubctl.reports.usage_page import span_of
from tests.support.measures import answer, at, put

ALL = Only()
MARCH = Span(first="2026-03-01", last="2026-03-31")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "metrics.db")


def ask(path, by, span=MARCH, only=ALL):
    with open_store(path) as store:
        return usage(store, by, span, only)


def test_an_empty_store_has_no_rows(path):
    for by in BY:
        assert ask(path, by) == ()


def test_days_weeks_and_months_in_order(path):
    moments = ("2026-03-10 09:00", "2026-03-02 23:59", "2026-03-03 00:00", "2026-02-28 10:00")
    put(path, "claude_context", [answer(moment) for moment in moments])
    assert [row.key for row in ask(path, "day")] == ["2026-03-02", "2026-03-03", "2026-03-10"]
    assert [(row.key, row.totals.answers) for row in ask(path, "week")] == [
        ("2026-W10", 2),
        ("2026-W11", 1),
    ]
    [march] = ask(path, "month")
    assert (march.key, march.totals.cost_usd, march.totals.tokens) == ("2026-03", 3.0, 3300)


def test_by_project_model_and_session_the_most_tokens_first(path):
    rows = [
        answer("2026-03-02 09:00", session="a", model="m1", project="/p", input_tokens=10),
        answer("2026-03-02 10:00", session="a", model="m2", project="/p", input_tokens=500),
        answer("2026-03-03 10:00", session="b", model="m2", project="/q", input_tokens=90000),
    ]
    put(path, "claude_context", rows)
    assert [row.key for row in ask(path, "project")] == ["/q", "/p"]
    assert [row.key for row in ask(path, "model")] == ["m2", "m1"]
    b, a = ask(path, "session")
    assert (b.key, a.key, a.model, a.totals.answers) == ("b", "a", "m2", 2)
    assert a.last - a.first == HOUR
    [only] = ask(path, "model", only=Only(project="/p", model="m1"))
    assert only.totals.input_tokens == 10


def test_what_does_not_count_is_not_counted(path):
    put(
        path,
        "claude_context",
        [answer("2026-03-02 09:00"), answer("2026-03-02 09:01", counted=False)],
    )
    assert {row.totals.answers for by in BY for row in ask(path, by)} == {1}


def test_an_unknown_price_is_never_nothing(path):
    rows = [answer("2026-03-02 09:00", model="x", cost_usd=None), answer("2026-03-03 09:00")]
    put(path, "claude_context", rows)
    unknown, known = ask(path, "day")
    assert (unknown.totals.cost_usd, unknown.totals.unpriced) == (None, 1)
    assert wording.cost(unknown.totals) == "unknown"
    assert wording.cost(known.totals) == "$1.00"
    assert wording.cost(known.totals + unknown.totals) == "≥$1.00"
    with open_store(path) as store:
        assert unpriced_models(store, MARCH, ALL) == (("x", 1),)


# -- blocks ----------------------------------------------------------------------------------------


def test_a_block_lasts_five_hours_from_the_hour_of_its_first_answer(path):
    moments = ("09:40", "13:59", "14:00", "18:30", "19:00")
    put(path, "claude_context", [answer(f"2026-03-02 {moment}") for moment in moments])
    found = ask(path, "block")
    assert [row.totals.answers for row in found] == [2, 2, 1]
    assert [opened(row) - at("2026-03-02 09:00") for row in found] == [0, 5 * HOUR, 10 * HOUR]


def test_all_answers_open_blocks_whatever_is_counted_in_them(path):
    rows = [
        answer("2026-03-02 09:40", project="/p"),
        answer("2026-03-02 13:10", project="/q"),
        answer("2026-03-02 14:30", project="/q"),
    ]
    put(path, "claude_context", rows)
    found = ask(path, "block", only=Only(project="/q"))
    assert [(opened(row), row.totals.answers) for row in found] == [
        (at("2026-03-02 09:00"), 1),
        (at("2026-03-02 14:00"), 1),
    ]
    assert found[0].first == at("2026-03-02 13:10")


def test_where_blocks_begin_does_not_depend_on_what_is_looked_at(path):
    """Work around the clock for a month: each block follows from the one before."""
    begin = at("2026-02-03 07:20")
    put(path, "claude_context", [answer(begin + 97 * n * 60_000_000) for n in range(400)])
    whole = ask(path, "block", span=Span(first="2026-02-01", last="2026-03-31"))
    for first in ("2026-02-10", "2026-02-20", "2026-02-28"):
        part = ask(path, "block", span=Span(first=first, last="2026-03-31"))
        assert part == whole[-len(part) :]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60 * 48), min_size=1, max_size=30))
def test_blocks_hold_every_answer_once_and_never_overlap(tmp_path_factory, minutes):
    path = str(tmp_path_factory.mktemp("blocks") / "metrics.db")
    begin = at("2026-03-10 00:00")
    put(path, "claude_context", [answer(begin + m * 60_000_000) for m in minutes])
    found = ask(path, "block")
    assert sum(row.totals.answers for row in found) == len(minutes)
    for row in found:
        assert opened(row) <= row.first <= row.last < opened(row) + LENGTH
    for one, other in pairwise(found):
        assert opened(other) >= opened(one) + LENGTH


def test_the_open_block_goes_on_at_its_pace(path):
    put(path, "claude_context", [answer("2026-03-02 09:00"), answer("2026-03-02 10:00")])
    with open_store(path) as store:
        [block] = blocks(store, MARCH, ALL)
    half = pace(block, at("2026-03-02 11:30"))
    assert half is not None
    assert (half.minutes_left, half.tokens, half.cost_usd) == (150.0, 4400, 4.0)
    assert pace(block, at("2026-03-02 14:00")) is None
    assert pace(block, at("2026-03-02 10:00") - 1) is None


def test_the_pace_of_an_unknown_cost_is_unknown(path):
    put(path, "claude_context", [answer("2026-03-02 09:00", cost_usd=None)])
    with open_store(path) as store:
        [block] = blocks(store, MARCH, ALL)
    found = pace(block, at("2026-03-02 10:00"))
    assert found is not None
    assert found.cost_usd is None and found.tokens == 5500


# -- projections -----------------------------------------------------------------------------------


def test_a_projection_adds_what_the_rest_usually_takes(path):
    # Mon 2 to Wed 4 March: a dollar at nine, two at three; then Thursday at noon, after one dollar.
    rows = []
    for day in ("02", "03", "04"):
        rows += [answer(f"2026-03-{day} 09:00"), answer(f"2026-03-{day} 15:00", cost_usd=2.0)]
    put(path, "claude_context", [*rows, answer("2026-03-05 09:00")])
    with open_store(path) as store:
        day, week, month = projections(store, at("2026-03-05 12:00"), ALL)
    assert (day.cost_usd, day.so_far.cost_usd, day.days) == (3.0, 1.0, 3)
    assert week.cost_usd == pytest.approx(10.0 + 2.0 + 3 * 3.0)
    assert month.cost_usd == pytest.approx(10.0 + 2.0 + 26 * 3.0)
    assert day.tokens == 1100 + 1100


def test_little_data_gives_no_projection(path):
    put(path, "claude_context", [answer("2026-03-04 09:00"), answer("2026-03-05 09:00")])
    with open_store(path) as store:
        found = projections(store, at("2026-03-05 12:00"), ALL)
    assert {(one.tokens, one.cost_usd, one.days) for one in found} == {(None, None, 1)}


# -- periods and words -----------------------------------------------------------------------------


def test_spans():
    assert ending("2026-03-02", 7) == Span(first="2026-02-24", last="2026-03-02")
    assert ending("2026-03-02", 7).before == Span(first="2026-02-17", last="2026-02-23")
    assert week_around("2026-03-01") == Span(first="2026-02-23", last="2026-03-01")
    assert month_around("2024-02-11") == Span(first="2024-02-01", last="2024-02-29")
    assert week_of("2025-12-29") == "2026-W01"
    assert len(list(MARCH)) == MARCH.days == 31


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UsageError):
        parse_day(text)


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(UsageError):
        span_of("day", "2026-03-02", "2026-03-01", "2026-03-05")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1.0k"), (99_949, "99.9k"), (123_456, "123k"),
     (999_960, "1.0M"), (2_500_000_000, "2.5G"), (7e15, "7000T")],
)  # fmt: skip
def test_counts_in_few_characters(number, text):
    assert wording.count(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(None, "unknown"), (0.0, "$0.00"), (0.001, "<$0.01"), (1234.5, "$1,234.50")],
)
def test_dollars(amount, text):
    assert wording.dollars(amount) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.5, "500 ms"), (89, "89 s"), (125, "2 min"), (7500, "2 h 05 min"),
     (3 * 86_400 + 7200, "3 d 2 h")],
)  # fmt: skip
def test_durations(seconds, text):
    assert wording.duration(seconds) == text


def test_no_answers_cost_nothing():
    assert wording.cost(Totals()) == "$0.00"


def test_a_total_over_a_span(path):
    put(path, "claude_context", [answer("2026-03-02 09:00"), answer("2026-03-09 09:00")])
    with open_store(path) as store:
        assert span_total(store, Span(first="2026-03-01", last="2026-03-08"), ALL).answers == 1
