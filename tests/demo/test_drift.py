"""The demo world after the edits: what drift reports there, and what --fix leaves."""

from __future__ import annotations

import json

import jsonschema

from hubctl.demo.edits import EDITS
from tests.demo.conftest import ROOT

DRIFTS = {edit.address: edit.status for edit in EDITS if edit.status != "unmanaged"}
[KEY] = [edit for edit in EDITS if edit.status == "unmanaged"]


def drift(played, *options):
    done = played.run("hubctl", "drift", "--format", "json", *options)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def differing(report):
    return {c["address"]: c["status"] for t in report["targets"] for c in t["changes"]}


def test_exactly_the_injected_drifts_are_reported_and_the_key_is_a_note(drifted):
    code, report = drift(drifted)
    assert code == report["exit_code"] == 1
    assert len(DRIFTS) == 3
    assert differing(report) == {**DRIFTS, KEY.address: "unmanaged"}
    told = {f["address"]: (f["severity"], f["exit_code"]) for f in report["findings"]}
    assert told == {**dict.fromkeys(DRIFTS, ("warning", 1)), KEY.address: ("note", 0)}
    assert len(report["findings"]) == 4


def test_the_report_validates_against_its_schema(drifted):
    _, report = drift(drifted, "--blame")
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report)


def test_each_drift_has_its_cause(drifted):
    _, report = drift(drifted, "--blame")
    blame = {c["address"]: c["blame"] for t in report["targets"] for c in t["changes"]}
    model, link, block = (blame[address] for address in DRIFTS)
    assert model.startswith("a colleague in commit ")
    assert model.endswith(": Use the smaller model")
    assert link == "the file is gone, so nothing records who removed it"
    assert block == "not committed yet: it was changed in the working copy"


def test_fix_repairs_the_drifts_and_leaves_the_key(drifted):
    """Runs last here: it mends the world that the others look at."""
    path = drifted.home / "src" / KEY.repository / KEY.path
    before = path.read_bytes()
    code, report = drift(drifted, "--fix")
    assert (code, differing(report)) == (0, {KEY.address: "unmanaged"})
    assert sum(outcome["written"] for outcome in report["outcomes"]) == 3
    code, report = drift(drifted)
    assert (code, differing(report)) == (0, {KEY.address: "unmanaged"})
    assert path.read_bytes() == before
    assert KEY.new.encode() in before
