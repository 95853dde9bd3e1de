from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import FileText
from hubctl.model.state import Status
from hubctl.output.github import github
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)\Z")


def lines(plan, command="drift", **options):
    return github(report(command, plan), Options(**options)).splitlines()


def finding(message="m", file="c.yaml", line=0, column=0):
    return Finding(
        rule="a/b",
        severity=Severity.ERROR,
        message=message,
        location=Location(file=file, line=line, column=column),
        exit_code=3,
    )


def only(found, **options):
    return lines(samples.plan(samples.target("api"), findings=(found,)), **options)[0]


# finding → its command
COMMANDS = [
    (finding(), "::error file=c.yaml,title=a/b::m"),
    (finding(line=3, column=5), "::error file=c.yaml,line=3,col=5,title=a/b::m"),
    (finding(column=5), "::error file=c.yaml,title=a/b::m"),
    (finding("50%: a,b::error::x"), "::error file=c.yaml,title=a/b::50%25: a,b::error::x"),
    (finding(file="a,b:c%.md"), "::error file=a%2Cb%3Ac%25.md,title=a/b::m"),
    (finding("a\nb\rc"), "::error file=c.yaml,title=a/b::a\\nb\\rc"),
    (finding(file="/home/ann/src/api/x.md"), "::error file=x.md,title=a/b::m"),
]


@pytest.mark.parametrize(("found", "command"), COMMANDS, ids=range(len(COMMANDS)))
def test_commands_are_escaped(found, command):
    assert only(found) == command


@pytest.mark.parametrize(
    ("base", "file"),
    [
        ("/home/ann/src", "api/x.md"),
        ("/home/ann/src/api/", "x.md"),
        ("/w", "/home/ann/src/api/x.md"),
    ],
)
def test_files_are_relative_to_the_checkout(base, file):
    assert f"file={file}," in only(finding(file="/home/ann/src/api/x.md"), base=base)


def test_at_most_ten_of_a_level_and_the_rest_is_counted():
    changes = [
        samples.change(f"api:f{n:02}", Status.MISSING, FileText(text="a")) for n in range(13)
    ]
    found = lines(samples.plan(samples.target("api", *changes), findings=(finding(),)))
    assert [line.split(" ")[0] for line in found[:-2]] == ["::error"] + ["::warning"] * 10
    assert found[-2] == "hubctl drift: failed. Drift: 13 missing; 1 error"
    assert found[-1] == "3 more without an annotation; hubctl drift lists them"


@settings(max_examples=25, deadline=None)
@given(some.plans)
def test_no_text_can_smuggle_in_a_command(plan):
    plan = replace(plan, hub="x")
    found = lines(plan)
    told = report("drift", plan).findings
    by_level = [min(10, sum(f.severity is s for f in told)) for s in Severity]
    commands = [line for line in found if line.lstrip().startswith("::")]
    assert len(commands) == sum(by_level)
    assert all(COMMAND.match(line) for line in commands)
