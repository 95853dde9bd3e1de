"""Reports as data → the files in golden/. `HUBCTL_WRITE_GOLDEN=1 pytest …` writes them anew."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from hubctl.output import FORMATS
from hubctl.output.diff import unified
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples

GOLDEN = Path(__file__).parent / "golden"
SOURCES = {
    f"{samples.HOME}/src/web/.claude/settings.json": {3: "    // mine, do not touch"},
    "canonical.yaml": {70: "    skills: [pytest, 日本]"},
}
PLAIN = Options(
    width=80,
    home=samples.HOME,
    blame={"api:.claude/settings.json#/model": "Ann Example in 1a2b3c4 “try sonnet”, 3 days ago"},
    line=lambda file, line: SOURCES.get(file, {}).get(line),
)
NARROW, PIPE = replace(PLAIN, width=40), replace(PLAIN, width=0)
COLOUR, ASCII = replace(PLAIN, colour=True), replace(PLAIN, unicode=False)
VERBOSE, QUIET = replace(PLAIN, verbose=True), replace(PLAIN, quiet=True)

# golden file → command, plan, format, options
CASES = {
    "plan.txt": ("plan", "FLEET", "text", PLAIN),
    "plan-40.txt": ("plan", "FLEET", "text", NARROW),
    "plan-pipe.txt": ("plan", "FLEET", "text", PIPE),
    "plan-colour.txt": ("plan", "FLEET", "text", COLOUR),
    "plan-verbose.txt": ("plan", "FLEET", "text", VERBOSE),
    "plan-quiet.txt": ("plan", "FLEET", "text", QUIET),
    "plan-clean.txt": ("plan", "CLEAN", "text", PLAIN),
    "plan-odd.txt": ("plan", "ODD", "text", PLAIN),
    "drift.txt": ("drift", "FLEET", "text", PLAIN),
    "drift-40.txt": ("drift", "FLEET", "text", NARROW),
    "drift-colour.txt": ("drift", "FLEET", "text", COLOUR),
    "drift-ascii.txt": ("drift", "FLEET", "text", ASCII),
    "drift-clean.txt": ("drift", "CLEAN", "text", PLAIN),
    "drift-odd.txt": ("drift", "ODD", "text", PLAIN),
    "apply.txt": ("apply", "FLEET", "text", PLAIN),
    "rollback.txt": ("rollback", "CLEAN", "text", PLAIN),
    "validate.txt": ("validate", "INVALID", "text", PLAIN),
    "validate-clean.txt": ("validate", "EMPTY", "text", PLAIN),
    "report.json": ("drift", "FLEET", "json", PLAIN),
    "report.sarif": ("drift", "FLEET", "sarif", PLAIN),
    "junit.xml": ("drift", "FLEET", "junit", PLAIN),
    "report.md": ("drift", "FLEET", "markdown", PLAIN),
    "report-odd.md": ("drift", "ODD", "markdown", PLAIN),
    "github.txt": ("drift", "FLEET", "github", PLAIN),
    "diff.txt": ("diff", "FLEET", "diff", PLAIN),
    "diff-odd.txt": ("diff", "ODD", "diff", PLAIN),
}


def show(command, name, form, options):
    outcomes = samples.APPLIED if command in ("apply", "rollback") else ()
    found = report(command, getattr(samples, name), outcomes=outcomes)
    return {**FORMATS, "diff": unified}[form](found, options)


@pytest.mark.parametrize("name", CASES)
def test_a_report_reads_as_agreed(name):
    shown = show(*CASES[name])
    path = GOLDEN / name
    if os.environ.get("HUBCTL_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(shown.encode())
    assert shown == path.read_bytes().decode()


def test_every_golden_file_has_its_case():
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)
