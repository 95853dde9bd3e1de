from __future__ import annotations

import pytest

from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.options import Options
from hubctl.output.text import text
from hubctl.output.verdict import report
from tests.output import samples


def shown(line, column, columns=60, number=7):
    finding = Finding(
        rule="canonical/x",
        severity=Severity.ERROR,
        message="wrong",
        location=Location(file="c.yaml", line=number, column=column),
        exit_code=2,
    )
    options = Options(width=columns, line=lambda _file, _line: line)
    lines = text(report("validate", samples.plan(findings=(finding,))), options).splitlines()
    assert lines[0].startswith(f"c.yaml:{number}")
    return lines[1 : lines.index("")]


# line, column, and what stands below the first line
EXCERPTS = [
    ("    skils: [a]", 5, ["  7 │     skils: [a]", "    │     ^^^^^"]),
    ("a: [b, cd]", 8, ["  7 │ a: [b, cd]", "    │        ^^"]),
    ("\tname: x", 2, ["  7 │     name: x", "    │     ^^^^"]),
    ("日本: x", 5, ["  7 │ 日本: x", "    │       ^"]),
    ("a: 日本", 4, ["  7 │ a: 日本", "    │    ^^^^"]),
    ("a: \x1b[2J", 4, ["  7 │ a: \\x1b[2J", "    │    ^^^^"]),
    ("end", 99, ["  7 │ end"]),
    ("no column", 0, ["  7 │ no column"]),
    ("   ", 1, []),
    (None, 1, []),
]


@pytest.mark.parametrize(("line", "column", "expected"), EXCERPTS, ids=range(len(EXCERPTS)))
def test_the_line_is_shown_with_its_place(line, column, expected):
    assert shown(line, column) == expected


def test_a_place_far_right_stays_visible():
    line = "x" * 200 + " here: " + "y" * 200
    excerpt, caret = shown(line, 202, columns=60)
    assert len(excerpt) <= 60
    assert excerpt[caret.index("^") : caret.rindex("^") + 1] == "here"


def test_findings_come_in_the_order_of_the_file():
    rows = text(report("validate", samples.INVALID), Options()).splitlines()
    heads = [row for row in rows if row.startswith("canonical.yaml:") and row[15].isdigit()]
    assert [head.split(": ")[0] for head in heads] == [
        "canonical.yaml:9:12",
        "canonical.yaml:70",
        "canonical.yaml:70:5",
    ]


def test_a_place_below_home_is_written_as_people_write_it():
    finding = Finding(
        rule="a/b",
        severity=Severity.NOTE,
        message="m",
        location=Location(file="/home/ann/c", line=1),
    )
    shown = text(report("validate", samples.plan(findings=(finding,))), Options(home="/home/ann/"))
    assert shown.startswith("~/c:1: note: m [a/b]\n")
    assert Options(home="/home/an").place("/home/ann/c") == "/home/ann/c"


def test_a_line_that_holds_a_secret_is_never_shown_by_any_finding():
    at = Location(file="c.yaml", line=3, column=2)
    rules = ("secret/token", "canonical/unknown-key")
    findings = tuple(
        Finding(rule=rule, severity=Severity.ERROR, message="wrong", location=at, exit_code=2)
        for rule in rules
    )
    options = Options(line=lambda _file, _line: "key: the-secret")
    told = text(report("validate", samples.plan(findings=findings)), options)
    assert all(f"wrong [{rule}]" in told for rule in rules)
    assert "the-secret" not in told
