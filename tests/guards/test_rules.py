"""How rule ids are read from the source: every way of writing one that the program uses."""

from __future__ import annotations

import importlib

import pytest

from tests.guards.tree import ROOT

FINDING = """
import enum
class Severity(enum.Enum):
    ERROR = "error"
    NOTE = "note"
class Finding: ...
"""
HEAD = "from hubctl.model.finding import Finding, Severity\n"

CASES = {
    "a literal": (
        'Finding(rule="a/b", severity=Severity.ERROR, message="it is wrong")',
        {("a/b", "error", "it is wrong")},
    ),
    "a parameter, with what each call says": (
        """
def make(rule, message, severity=Severity.NOTE):
    return Finding(rule=f"a/{rule}", severity=severity, message=message)
def f(x):
    make("one", f"first {x}")
    make("two", "second", severity=Severity.ERROR)
""",
        {("a/one", "note", "first …"), ("a/two", "error", "second")},
    ),
    "a method": (
        """
class Fields:
    def refuse(self, key, message):
        return Finding(rule="a/b", severity=Severity.ERROR, message=f"{key}: {message}")
    def check(self):
        self.refuse("x", "no")
""",
        {("a/b", "error", "x: no")},
    ),
    "rows of a literal table": (
        """
ROWS = (("one", "first"), ("two", "second"))
def f(text):
    for rule, message in ROWS:
        if message in text:
            return Finding(rule=f"a/{rule}", severity=Severity.NOTE, message=message)
""",
        {("a/one", "note", "first"), ("a/two", "note", "second")},
    ),
    "fields of rows": (
        """
class Row: ...
TABLE = (Row(id="a/one", reason="first"), Row(id="a/two", reason="second"))
def f(row: Row, what):
    return Finding(rule=row.id, severity=Severity.NOTE, message=f"{what}: {row.reason}")
""",
        {("a/one", "note", "…: first"), ("a/two", "note", "…: second")},
    ),
    "fields of rows that no annotation names": (
        """
class Row:
    rule: str
    words: str
ROWS = (Row("one", "first"), Row("two", "second"))
PATTERNS = tuple((row, compiled(row)) for row in ROWS)
def f(x):
    row = next(row for row, pattern in PATTERNS if pattern.match(x))
    return Finding(rule=f"a/{row.rule}", severity=Severity.NOTE, message=f"{row.words} stand here")
""",
        {("a/one", "note", "first stand here"), ("a/two", "note", "second stand here")},
    ),
    "a condition, taken the same way in both": (
        """
def f(x):
    return Finding(
        rule="a/one" if x else "a/two",
        severity=Severity.NOTE,
        message="first" if x else "second",
    )
""",
        {("a/one", "note", "first"), ("a/two", "note", "second")},
    ),
    "a literal map": (
        """
NAMES = {Severity.ERROR: "one", Severity.NOTE: "two"}
def make(severity):
    return Finding(rule=f"a/{NAMES[severity]}", severity=severity, message="x")
def f():
    make(Severity.NOTE)
""",
        {("a/two", "note", "x")},
    ),
    "the assignment that reaches it": (
        """
def f(x):
    if x:
        message = "first"
        return Finding(rule="a/one", severity=Severity.NOTE, message=message)
    message = "second"
    return Finding(rule="a/two", severity=Severity.NOTE, message=message)
""",
        {("a/one", "note", "first"), ("a/two", "note", "second")},
    ),
    "what a function returns": (
        """
def name(x):
    return "one" if x else "two"
def f(x):
    return Finding(rule=f"a/{name(x)}", severity=Severity.NOTE, message="x")
""",
        {("a/one", "note", "x"), ("a/two", "note", "x")},
    ),
}


@pytest.fixture
def rules(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    findings = importlib.import_module("generate.findings")

    def read(body):
        for path, text in {"model/finding.py": FINDING, "x.py": HEAD + body}.items():
            file = tmp_path / "hubctl" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return findings.rules(tmp_path)

    return read


@pytest.mark.parametrize("case", CASES)
def test_a_rule_is_read_with_what_it_says(rules, case):
    body, expected = CASES[case]
    told, unclear = rules(body)
    assert {(one.rule, one.severity, one.message) for one in told} == expected
    assert unclear == []


def test_a_rule_that_only_a_run_knows_is_named_with_its_place(rules):
    told, unclear = rules(
        "def f(x):\n    Finding(rule=x.y(), severity=Severity.NOTE, message='z')\n"
    )
    assert told == set()
    assert [one.place for one in unclear] == ["hubctl.x:3"]
