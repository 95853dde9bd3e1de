from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hubctl.model.finding import Finding, Severity
from hubctl.model.item import FileText
from hubctl.model.state import Status
from hubctl.output.markdown import code, escape, markdown
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some

RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ODD = "a | b ` c `` <img src=x> [l](http://x) *b* _i_ ~~s~~ @ann & &amp; \\ \n| x |\n$m$"


def cells(text):
    """Rendered tables as rows of cells, tags inside cells kept."""
    html = RENDER.render(text)
    return [
        re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.S)
        for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)
    ]


def test_a_report_is_a_table_that_people_can_read():
    rows = cells(markdown(report("drift", samples.FLEET), Options()))
    assert rows[0] == ["Status", "Address", "Why", "Decided by", "Fix"]
    assert [
        "drifted",
        "<code>api:.claude/settings.json#/model</code>",
        "somebody changed what hubctl wrote: &quot;sonnet&quot; → &quot;opus&quot;",
        "<code>canonical.yaml:12</code>",
        "<code>hubctl drift --fix api</code>",
    ] in rows


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec=None), max_size=20) | st.just(ODD))
def test_no_text_can_leave_its_cell_or_become_markup(text):
    finding = Finding(
        rule="a/b",
        severity=Severity.WARNING,
        message=text or "m",
        address=text,
        expected=text,
        hint=f"hubctl {text}",
        exit_code=1,
    )
    change = samples.change("api:a", Status.DRIFTED, FileText(text=text), reason=text)
    plan = samples.plan(samples.target("api", change, findings=(finding,)))
    shown = markdown(report("drift", plan), Options(blame={"api:a": text}))
    rows = cells(shown)
    assert [len(row) for row in rows] == [5, 5, 5, 5]
    allowed = re.compile(r"</?code>|<!-- -->")
    for cell in (cell for row in rows for cell in row):
        assert "<" not in allowed.sub("", cell)
    outside = re.sub(r"<code>.*?</code>", "", " ".join(cell for row in rows for cell in row))
    assert not re.search(r"@(?!<!-- -->)", outside)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1))
def test_code_shows_exactly_its_text(text):
    shown = RENDER.render(f"x{code(text)}x").removeprefix("<p>x").removesuffix("x</p>\n")
    assert shown.startswith("<code>")
    assert shown.endswith("</code>")


@pytest.mark.parametrize("text", ["a`b", "`", "``a`", "a"])
def test_backticks_are_fenced_by_more_of_them(text):
    assert RENDER.render(code(text)) == f"<p><code>{text}</code></p>\n"


def test_a_mention_is_broken_up():
    assert escape("@ann") == "@<!-- -->ann"


def test_notes_are_folded_away_and_long_tables_cut():
    shown = markdown(report("drift", samples.FLEET), Options())
    assert "<details><summary>3 notes</summary>" in shown
    many = [samples.change(f"api:f{n}", Status.MISSING, FileText(text="a")) for n in range(200)]
    shown = markdown(report("drift", samples.plan(samples.target("api", *many))), Options())
    assert "… and 50 more" in shown
    assert len(shown) < 65_536


def test_a_clean_report_has_no_table():
    assert markdown(report("drift", samples.CLEAN), Options()) == (
        "### hubctl drift: clean\n\n**Drift: none; 40 in sync**\n"
    )


@settings(max_examples=25, deadline=None)
@given(some.plans)
def test_any_report_can_be_written(plan):
    markdown(report("drift", plan), Options()).encode()
