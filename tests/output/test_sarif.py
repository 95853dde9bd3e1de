from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.item import JsonValue
from hubctl.model.state import Status
from hubctl.output.options import Options
from hubctl.output.rules import RULES
from hubctl.output.sarif import sarif
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some

SCHEMA = json.loads((Path(__file__).parent / "sarif_subset.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def run_of(plan, command="drift", **more):
    log = json.loads(sarif(report(command, plan, **more), Options()))
    VALIDATOR.validate(log)
    return log["runs"][0]


def result_of(run, address):
    for result in run["results"]:
        for location in result["locations"]:
            names = location.get("logicalLocations", [])
            if {"fullyQualifiedName": address} in names:
                return result
    raise AssertionError(f"no result about {address}")


@settings(max_examples=25, deadline=None)
@given(some.plans)
def test_any_report_is_valid_sarif(plan):
    run = run_of(plan)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_drift_points_to_its_file_and_to_the_line_that_decides():
    run = run_of(samples.FLEET)
    result = result_of(run, "api:.claude/settings.json#/model")
    assert result["ruleId"] == "drift/drifted"
    assert result["level"] == "warning"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": ".claude/settings.json", "uriBaseId": "api"}
    }
    assert result["relatedLocations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "canonical.yaml"},
        "region": {"startLine": 12},
    }
    assert run["originalUriBaseIds"]["api"] == {"uri": "file:///home/ann/src/api/"}


def test_a_place_inside_a_target_is_relative_to_its_root():
    result = result_of(run_of(samples.FLEET), "web:.claude/settings.json")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": ".claude/settings.json", "uriBaseId": "web"},
        "region": {"startLine": 3, "startColumn": 5},
    }


def test_a_unit_is_no_file_so_the_deciding_line_stands_for_it():
    result = result_of(run_of(samples.FLEET), "host:unit:hub-sync.timer#enabled")
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri == {"uri": "canonical.yaml"}
    assert "relatedLocations" not in result


def test_an_allowed_drift_is_suppressed_not_dropped():
    result = result_of(run_of(samples.FLEET), "api:.claude/settings.json#/spinnerTipsEnabled")
    assert result["suppressions"] == [
        {"kind": "external", "justification": "trial until 2030-01-01"}
    ]


def fingerprint(status, line, reason="x"):
    change = samples.change(
        "api:a.json#/x", status, JsonValue(value=1), JsonValue(value=2), line=line, reason=reason
    )
    run = run_of(samples.plan(samples.target("api", change)))
    return run["results"][0]["partialFingerprints"]


def test_a_result_stays_the_same_alert_when_line_status_or_words_change():
    first = fingerprint(Status.DRIFTED, 1)
    assert first == fingerprint(Status.CONFLICT, 9, "y")
    addresses = ("api:a.json#/x", "api:a.json#/y")
    two = [
        samples.change(a, Status.DRIFTED, JsonValue(value=1), JsonValue(value=2)) for a in addresses
    ]
    prints = [
        r["partialFingerprints"]["hubctlAddress/v1"]
        for r in run_of(samples.plan(samples.target("api", *two)))["results"]
    ]
    assert prints[0] == first["hubctlAddress/v1"] != prints[1]


def test_odd_paths_are_quoted():
    finding = Finding(
        rule="a/b",
        severity=Severity.NOTE,
        message="m",
        location=Location(file="/home/ann/src/api/a b/ü#?.md", line=1),
    )
    plan = samples.plan(replace(samples.target("api"), findings=(finding,)))
    uri = run_of(plan)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri == {"uri": "a%20b/%C3%BC%23%3F.md", "uriBaseId": "api"}


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_rule_with_help(status):
    rule = RULES[f"drift/{status.value}"]
    assert rule.short
    assert "hubctl" in rule.help


def test_the_invocation_tells_the_exit_code():
    assert run_of(samples.FLEET)["invocations"] == [
        {"executionSuccessful": False, "exitCode": 3, "exitCodeDescription": "failed"}
    ]
    assert run_of(samples.SMALL)["invocations"][0]["executionSuccessful"] is True
