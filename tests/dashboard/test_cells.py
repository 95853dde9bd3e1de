"""Cells that can be sorted: what a text is worth, and that nothing from outside becomes markup."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.dashboard.cells import sort_value, table_lines
from hubctl.dashboard.leading import Leading
from hubctl.dashboard.view import RANGES, View, view_of
from hubctl.reports import wording
from hubctl.reports.document import Table


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,234.50", 1234.5),
        ("≥$3.10", 3.1),
        ("<$0.01", 0.01),
        ("1.2k", 1200),
        ("34M", 34e6),
        ("77 %", 77),
        ("350 ms", 0.35),
        ("2.1 s", 2.1),
        ("4 min", 240),
        ("2 h 05 min", 7500),
        ("3 d 4 h", 273_600),
        ("108kB", 108_000),
        ("0", 0),
        ("–", -1),
        ("unknown", -1),
        ("Bash", None),
        ("2026-11-19", None),
        ("2026-11-19 09:40", None),
    ],
)
def test_a_text_is_worth_its_number(text, value):
    found = sort_value(text)
    assert found == (value if value is None else pytest.approx(value))


@settings(max_examples=60)
@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_times_and_counts_sort_as_they_are(one, other):
    for word in (wording.duration, wording.count, wording.dollars):
        values = [sort_value(word(number)) for number in sorted((one, other))]
        assert None not in values and values == sorted(values)


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=40))
def test_no_name_becomes_markup(name):
    table = Leading(
        title=name,
        head=(name, "Cost"),
        rows=((name, "$1.00"), (name, name)),
        right=(1,),
        links=(f"/{View(project=name).query()}", ""),
    )
    text = "\n".join(table_lines(table, "x-0", name))
    marks = {part.partition(">")[0].split(" ")[0] for part in text.split("<")[1:]}
    known = {"div", "h3", "table", "thead", "tr", "th", "button", "tbody", "td", "bdi", "a"}
    assert {mark.strip("/") for mark in marks} <= known | {"svg", "rect"}


def test_a_lonely_row_has_no_bar():
    table = Table(title="t", head=("a", "Cost"), rows=(("x", "$1.00"),), right=(1,))
    assert "<svg" not in "".join(table_lines(table, "x-0", "T"))


@settings(max_examples=60)
@given(
    st.sampled_from(RANGES),
    st.dates().map(lambda day: day.isoformat()),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30),
)
def test_a_view_is_what_its_address_says(days, until, project):
    from urllib.parse import parse_qsl

    given_view = view_of({"days": str(days), "until": until, "project": project})
    query = given_view.query().removeprefix("?")
    assert view_of(dict(parse_qsl(query, keep_blank_values=True))) == given_view


def test_later_is_never_beyond_today():
    today = "2026-11-20"
    week = View(days=7, until="2026-11-10")
    assert week.moved(1, today).until == "2026-11-17"
    assert week.moved(1, today).moved(1, today) == View(days=7)
    assert View(days=7).moved(1, today) == View(days=7)
    assert View(days=28).of_day(today, today) == View(days=1)
