from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hubctl.model.change import Change
from hubctl.model.finding import Finding, Location
from hubctl.model.item import JsonValue
from hubctl.model.report import Outcome, Verdict
from hubctl.model.state import Action, Scope, Status
from hubctl.output.json_format import report_json
from hubctl.output.options import Options
from hubctl.output.verdict import report
from hubctl.shipped import read_shipped
from tests.output import samples
from tests.output import strategies as some

SCHEMAS = {
    name: json.loads(read_shipped(f"schemas/{name}.schema.json")) for name in ("report", "plan")
}
VALIDATOR = Draft202012Validator(SCHEMAS["report"])


@pytest.mark.parametrize("command", ["plan", "drift", "apply", "validate"])
@pytest.mark.parametrize("name", ["FLEET", "CLEAN", "ODD"])
def test_a_report_fits_its_schema(command, name):
    found = report(command, getattr(samples, name), outcomes=samples.APPLIED)
    VALIDATOR.validate(json.loads(report_json(found)))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["plan", "drift", "apply"]), some.plans, st.lists(some.outcomes, max_size=2))
def test_any_report_is_one_document_that_fits_its_schema(command, plan, outcomes):
    text = report_json(report(command, plan, outcomes=outcomes))
    text.encode()
    VALIDATOR.validate(json.loads(text, parse_constant=_refuse))


def _refuse(name):
    raise AssertionError(f"{name} is no JSON")


def test_json_tells_what_the_report_holds():
    found = report("drift", samples.FLEET)
    data = json.loads(
        report_json(found, Options(blame={"api:.claude/settings.json#/model": "Ann"}))
    )
    assert (data["exit_code"], data["verdict"]) == (found.exit_code, found.verdict.value)
    assert data["counts"]["drifted"] == 4
    assert data["counts"]["in-sync"] == 45
    model = next(c for c in data["targets"][0]["changes"] if c["address"].endswith("/model"))
    assert model == {
        "address": "api:.claude/settings.json#/model",
        "scope": "committed",
        "renderer": "settings",
        "status": "drifted",
        "action": "update",
        "before": {"kind": "json", "value": "sonnet"},
        "after": {"kind": "json", "value": "opus"},
        "reason": "somebody changed what hubctl wrote",
        "decided_by": {"file": "canonical.yaml", "line": 12, "column": 0},
        "sensitive": False,
        "excepted": "",
        "take": False,
        "blame": "Ann",
    }
    rules = [finding["rule"] for finding in data["findings"]]
    assert rules.count("drift/drifted") == 4
    assert {"documents/unparsable", "fleet/duplicate-skill"} <= set(rules)


def test_infinity_and_half_characters_are_still_json():
    odd = samples.change(
        "api:a.json#/x",
        Status.DRIFTED,
        JsonValue(value=[float("inf"), "\ud800"]),
        JsonValue(value=1),
    )
    text = report_json(report("drift", samples.plan(samples.target("api", odd))))
    data = json.loads(text, parse_constant=_refuse)
    assert data["targets"][0]["changes"][0]["after"]["value"] == ["inf", "\ud800"]


def test_equal_reports_are_equal_bytes():
    first, second = (report_json(report("drift", samples.FLEET)) for _ in range(2))
    assert first == second


# -- the schemas themselves ------------------------------------------------------------------------


def objects(node):
    """Every object schema with properties, and every property, below `node`."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for item in node.values():
            yield from objects(item)
    elif isinstance(node, list):
        for item in node:
            yield from objects(item)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_strict_and_describes_every_key(name):
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for found in objects(schema):
        assert found["additionalProperties"] is False
        assert found["required"] == list(found["properties"])
        for key, value in found["properties"].items():
            assert value.get("description") or "$ref" in value, key


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_and_model_have_the_same_fields(name):
    defs = SCHEMAS[name]["$defs"]
    assert set(defs["finding"]["properties"]) == {field.name for field in fields(Finding)}
    assert set(defs["location"]["properties"]) == {field.name for field in fields(Location)}
    renamed = {"desired": "after", "observed": "before"} if name == "report" else {}
    dropped, added = ({"recorded"}, {"blame"}) if name == "report" else (set(), set())
    expected = {renamed.get(f.name, f.name) for f in fields(Change)} - dropped | added
    assert set(defs["change"]["properties"]) == expected
    assert set(defs["change"]["properties"]["status"]["enum"]) == {s.value for s in Status}
    assert set(defs["change"]["properties"]["action"]["enum"]) == {a.value for a in Action}
    assert set(defs["change"]["properties"]["scope"]["enum"]) == {s.value for s in Scope}


def test_outcome_verdict_and_counts_match_the_model():
    schema = SCHEMAS["report"]
    assert set(schema["$defs"]["outcome"]["properties"]) == {f.name for f in fields(Outcome)}
    assert set(schema["properties"]["verdict"]["enum"]) == {v.value for v in Verdict}
    assert set(schema["properties"]["counts"]["properties"]) == {s.value for s in Status}


def test_an_unknown_key_does_not_fit():
    data = json.loads(report_json(report("drift", samples.CLEAN)))
    data["targets"][0]["surprise"] = 1
    assert not VALIDATOR.is_valid(data)


def test_the_schemas_lie_where_the_wheel_takes_them_from():
    assert (Path(__file__).parents[2] / "schemas/report.schema.json").is_file()
