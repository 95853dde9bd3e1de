from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.change import Plan, TargetPlan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import FileText, JsonValue
from hubctl.model.state import Action, Status
from hubctl.output.cells import width
from hubctl.output.options import Options
from hubctl.output.text import text
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some

ANSI = re.compile(r"\x1b\[[0-9;]*m")
commands = st.sampled_from(["plan", "drift", "apply", "rollback", "validate"])


@settings(max_examples=25, deadline=None)
@given(commands, some.plans, st.integers(40, 200), st.booleans(), st.booleans())
def test_text_is_safe_to_print_whatever_stands_in_files(command, plan, columns, verbose, quiet):
    options = Options(width=columns, verbose=verbose, quiet=quiet)
    shown = text(report(command, plan), options)
    shown.encode()
    for char in shown.replace("\n", ""):
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), repr(char)


@settings(max_examples=25, deadline=None)
@given(commands, some.plans, st.booleans())
def test_colour_only_paints(command, plan, verbose):
    options = Options(verbose=verbose)
    found = report(command, plan)
    plain, painted = text(found, options), text(found, replace(options, colour=True))
    assert "\x1b" not in plain
    assert ANSI.sub("", painted) == plain


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("command", ["plan", "drift", "apply", "validate"])
@pytest.mark.parametrize("name", ["FLEET", "ODD", "INVALID"])
def test_a_line_is_wider_than_the_terminal_only_where_it_must_stay_whole(name, command, columns):
    shown = text(report(command, getattr(samples, name)), Options(width=columns))
    for line in shown.splitlines():
        if width(line) > columns:
            one_word = " " not in line.strip().lstrip("+-~!?= ")
            assert one_word or "hubctl " in line, line


def test_a_pipe_gets_whole_lines():
    shown = text(report("drift", samples.FLEET), Options(width=0))
    assert "why     canonical and the file changed, each its own way\n" in shown
    assert "web is nearly the same text [fleet/duplicate-skill]\n" in shown


def test_without_unicode_every_character_of_ours_is_ascii():
    for command in ("plan", "drift", "apply"):
        assert text(report(command, samples.FLEET), Options(unicode=False)).isascii()


def test_quiet_says_nothing_of_a_clean_world_and_one_line_for_each_drift():
    quiet = Options(quiet=True)
    assert text(report("drift", samples.CLEAN), quiet) == ""
    assert text(report("drift", samples.SMALL), quiet) == (
        "~ drifted api:.claude/settings.json#/model\n"
    )


def test_a_failure_is_said_even_quietly():
    found = report("apply", samples.CLEAN, outcomes=samples.APPLIED)
    assert text(found, Options(quiet=True)) == (
        "error: host: systemctl --user: no user manager [apply/failed]\n"
    )


def test_notes_are_not_said_quietly():
    note = samples.change("api:a.json#/x", Status.UNMANAGED, None, JsonValue(value=1))
    found = report("drift", samples.plan(samples.target("api", note)))
    assert text(found, Options(quiet=True)) == ""
    assert "? unmanaged" in text(found, Options())


def test_long_texts_are_bounded_unless_all_is_asked_for():
    new = "".join(f"line {number}\n" for number in range(100))
    change = samples.change("api:a.md", Status.PENDING, FileText(text=new))
    found = report("plan", samples.plan(samples.target("api", change)))
    short, long = text(found, Options()), text(found, Options(verbose=True))
    assert "… 96 more lines; hubctl diff api shows all" in short
    assert "line 4\n" not in short
    assert "line 99" in long
    assert "more lines" not in long


@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_every_status_is_spelled_out(command):
    found = report(command, samples.FLEET)
    shown = text(found, Options(width=0))
    for change in found.open_changes():
        assert f"{change.status.value}" in shown


def test_drift_tells_who_where_that_is_known():
    address = "api:.claude/settings.json#/model"
    found = report("drift", samples.SMALL)
    assert "who     Ann\n" in text(found, Options(blame={address: "Ann"}))
    assert "who" not in text(found, Options())


# -- what to do next -------------------------------------------------------------------------------

NEXT = [
    ("plan", [Status.PENDING], ["Run: hubctl apply api"]),
    ("plan", [Status.CONFLICT], ["Decide: hubctl apply --take api:f0"]),
    ("drift", [Status.MISSING], ["Run: hubctl drift --fix api"]),
    ("drift", [Status.ORPHAN], ["Run: hubctl apply api"]),
    (
        "drift",
        [Status.DRIFTED, Status.PENDING, Status.CONFLICT],
        [
            "Run: hubctl drift --fix api",
            "Run: hubctl apply api",
            "Decide: hubctl apply --take api:f2",
        ],
    ),
    ("drift", [Status.UNMANAGED], []),
    ("plan", [], []),
]


@pytest.mark.parametrize(("command", "statuses", "expected"), NEXT)
def test_the_summary_says_what_to_do_next(command, statuses, expected):
    changes = [
        samples.change(f"api:f{number}", status, FileText(text="a"), FileText(text="b"))
        for number, status in enumerate(statuses)
    ]
    shown = text(report(command, samples.plan(samples.target("api", *changes))), Options())
    lines = shown.splitlines()
    steps = [line for line in lines if line.startswith(("Run:", "Decide:", "Undo:"))]
    assert steps == expected == lines[len(lines) - len(expected) :]


def test_several_targets_are_applied_together():
    plan = samples.plan(
        *(
            samples.target(name, samples.change(f"{name}:f", Status.PENDING, FileText(text="a")))
            for name in ("api", "web")
        )
    )
    assert text(report("plan", plan), Options()).endswith("Run: hubctl apply\n")


def test_recording_alone_is_no_creation():
    change = samples.change(
        "api:f", Status.UNMANAGED, FileText(text="a"), FileText(text="a"), action=Action.ADOPT
    )
    shown = text(report("plan", samples.plan(samples.target("api", change))), Options())
    assert "= record" in shown
    assert "Plan: 1 to record" in shown


def test_many_agreeing_targets_are_not_listed_one_by_one():
    plan = samples.plan(*(samples.target(f"r{number}", in_sync=1) for number in range(100)))
    shown = text(report("drift", plan), Options())
    assert "in sync: r0, r1, r2, r3, r4, r5, r6, r7 and 92 more\n" in shown
    assert len(shown.splitlines()) == 3


# -- start-up --------------------------------------------------------------------------------------

HEAVY = ("rich", "jsonschema", "deepdiff", "difflib", "ruamel", "xml", "urllib")
PROBE = f"""
import sys
from hubctl.model.change import Plan, TargetPlan
from hubctl.output import FORMATS
from hubctl.output.options import Options
from hubctl.output.verdict import report
target = TargetPlan(target="api", root="/r", in_sync=9)
plan = Plan(hub="h", canonical="c", revision="", targets=(target,))
assert "9 in sync" in FORMATS["text"](report("drift", plan), Options())
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_clean_text_report_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- advice --------------------------------------------------------------------------------------


def advised(*names: str, command: str = "drift", severity: Severity = Severity.NOTE, rule: str):
    def finding(name: str) -> Finding:
        return Finding(
            rule=rule,
            severity=severity,
            message="newKey passes through",
            address=f"{name}:.claude/settings.json#/newKey",
            decided_by=Location(file="/hub/canonical.yaml", line=4),
        )

    targets = tuple(
        TargetPlan(target=name, root=f"/src/{name}", in_sync=1, findings=(finding(name),))
        for name in names
    )
    return report(command, Plan(hub="acme", canonical="", revision="", targets=targets))


def test_notes_on_what_canonical_asks_for_are_one_line_of_a_drift_report():
    found = advised("api", "web", rule="settings/unknown-key")
    shown = text(found, Options(width=0))
    assert "in sync: api, web\n" in shown
    assert "2 notes on what canonical.yaml asks for: hubctl validate\n" in shown
    assert "newKey" not in shown
    assert text(found, Options(width=0, verbose=True)).count("newKey passes through") == 2


@pytest.mark.parametrize(
    ("severity", "rule"),
    [(Severity.WARNING, "settings/unknown-key"), (Severity.NOTE, "links/broken")],
)
def test_what_was_found_in_a_target_is_told_there(severity, rule):
    shown = text(advised("api", severity=severity, rule=rule), Options(width=0))
    assert "newKey passes through" in shown


def test_advice_that_one_line_gives_to_many_targets_is_given_once():
    found = advised("api", "docs", "web", command="plan", rule="settings/unknown-key")
    shown = text(found, Options(width=0))
    assert shown.count("newKey passes through") == 1
    assert shown.count("as at api: settings/unknown-key") == 2
    assert text(found, Options(width=0, verbose=True)).count("newKey passes through") == 3
