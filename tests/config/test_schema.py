"""The schema: what it says about itself, and what a user hears about a mistake."""

# ruff: noqa: E501 - a table is read by rows

from __future__ import annotations

import dataclasses
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.config.layers import BODY_KEYS
from hubctl.config.load import load
from hubctl.config.schema import check_schema
from hubctl.config.semantics import check_semantics
from hubctl.config.shapes import KNOWN, Shapes
from hubctl.config.thresholds import DEFAULTS
from tests.config.documents import DOCUMENTS, ENTRIES, LOCALS, canonical_of, schema

SEED = Path(__file__).parents[1] / "fixtures" / "seed-002.yaml"


def findings_of(text, local=None):
    canonical = load(text.encode(), file="c.yaml", local=local, local_file="l.yaml")
    assert canonical.findings == ()
    return check_schema(canonical, schema())


def parts(rules, path=()):
    """Every sub-schema with its path."""
    yield path, rules
    for key in ("properties", "$defs"):
        for name, inner in rules.get(key, {}).items():
            yield from parts(inner, (*path, name))
    for key in ("items", "additionalProperties", "then", "else"):
        if isinstance(rules.get(key), dict):
            yield from parts(rules[key], (*path, key))


# -- the schema itself -----------------------------------------------------------------------------


def test_it_is_a_schema_with_a_version():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["properties"]["version"]["enum"] == [1]
    assert schema()["$id"]
    assert "Format version 1." in schema()["description"]


def test_every_key_is_described():
    bare = [
        ".".join(path)
        for path, rules in parts(schema())
        if not rules.get("description")
        and "$ref" not in rules
        and path[-1:] not in (("then",), ("else",))
    ]
    assert bare == []


def test_descriptions_are_sentences():
    short = [
        ".".join(path)
        for path, rules in parts(schema())
        if rules.get("description") and not rules["description"].endswith(".")
    ]
    assert short == []


def test_only_keywords_that_shapes_know():
    used = {key for _, rules in parts(schema()) for key in rules}
    assert used <= KNOWN


def test_every_mapping_is_closed_or_open_on_purpose():
    opened = {"settings", "permissions", "infrastructure", "metrics", "pacing", "budget"}
    opened |= {"queue", "healing", "learning", "options", "additionalProperties"}
    for path, rules in parts(schema()):
        if "object" in (rules.get("type") or ()) and "additionalProperties" not in rules:
            assert path[-1] in opened | {"hook"}, path


@pytest.mark.parametrize("name", ["defaults", "profile", "overrides"])
def test_profile_bodies_have_the_keys_that_are_merged(name):
    keys = set(schema()["$defs"][name]["properties"]) - {"extends", "description"}
    assert keys == BODY_KEYS


def test_thresholds_are_those_of_the_table():
    section = schema()["properties"]["thresholds"]["properties"]
    told = {
        name: {level: part["default"] for level, part in rules["properties"].items()}
        for name, rules in section.items()
    }
    assert told == {
        row.name: {"warning": row.warning, "critical": row.critical} for row in DEFAULTS
    }
    assert all(dataclasses.asdict(row)["title"] for row in DEFAULTS)


# -- valid input -----------------------------------------------------------------------------------


def test_the_yaml_of_the_seed_is_valid_as_it_stands():
    canonical = load(SEED.read_bytes(), file="c.yaml")
    assert canonical.findings == ()
    assert check_schema(canonical, schema()) == ()
    assert check_semantics(canonical, today="2030-01-01") == ()


@given(DOCUMENTS, LOCALS)
@settings(max_examples=60)
def test_documents_of_the_other_tests_are_valid(document, local):
    assert check_schema(canonical_of(document, local), schema()) == ()


@pytest.mark.parametrize("section", sorted(schema()["properties"]))
def test_an_empty_section_is_none_at_all(section):
    if section != "version":
        assert findings_of(f"{section}:\n") == ()


# -- mistakes --------------------------------------------------------------------------------------

# text, line, column, rule, path, part of expected, part of hint
MISTAKES = [
    ("versoin: 1", 1, 1, "unknown-key", "versoin", "`version`", "did you mean `version`?"),
    ("version: 2", 1, 10, "value", "version", "1", ""),
    ("version: true", 1, 10, "type", "version", "a whole number", ""),
    ("hub: {name: My Hub}", 1, 13, "format", "hub.name", "lower-case", ""),
    ("hub: {prune_limit: 3}", 1, 20, "range", "hub.prune_limit", "at least 0 and at most 1", ""),
    ("hub: {prune_limit: x}", 1, 20, "type", "hub.prune_limit", "a number", ""),
    ("hub: [x]", 1, 6, "type", "hub", "a mapping", ""),
    ("permissions: {}", 1, 1, "unknown-key", "permissions", "one of", "under `defaults:`"),
    ("infrastructure:\n  redis: {prot: 1}", 2, 11, "unknown-key", "infrastructure.redis.prot", "", "`port`"),
    ("infrastructure:\n  questdb: {ilp_port: 99999}", 2, 23, "range", "infrastructure.questdb.ilp_port", "65535", ""),
    ("defaults:\n  env: {PORT: 8080}", 2, 15, "type", "defaults.env.PORT", "text", '"8080"'),
    ("defaults:\n  env: {ON: true}", 2, 13, "type", "defaults.env.ON", "text", '"true"'),
    ("defaults:\n  env: {a b: x}", 2, 9, "name", 'defaults.env."a b"', "letters, digits", ""),
    ("defaults:\n  commands: tdd/", 2, 13, "type", "defaults.commands", "a list", "[tdd/]"),
    ("defaults:\n  commands: [1]", 2, 14, "type", "defaults.commands[0]", "text", '"1"'),
    ("defaults:\n  commands: ['']", 2, 14, "empty-value", "defaults.commands[0]", "", ""),
    ("defaults:\n  rules: {}", 2, 10, "empty-value", "defaults.rules", "", ""),
    ("defaults:\n  skills: {removed: [x]}", 2, 12, "unknown-key", "defaults.skills.removed", "", "`remove`"),
    ("defaults:\n  pre_commit: yes", 2, 15, "type", "defaults.pre_commit", "true or false", "write true"),
    ("defaults:\n  ci: jenkins", 2, 7, "value", "defaults.ci", "github", ""),
    ("defaults:\n  instructions: {bridge: imports}", 2, 26, "value", "defaults.instructions.bridge", "rules, import", "`import`"),
    ("defaults:\n  local: {hooks: {}}", 2, 11, "unknown-key", "defaults.local.hooks", "env, permissions", ""),
    ("defaults:\n  mcp: {a b: {}}", 2, 9, "name", 'defaults.mcp."a b"', "letters", ""),
    ("defaults: {hooks: {Stop: [5]}}", 1, 27, "type", "defaults.hooks.Stop[0]", "text or a mapping", '"5"'),
    ("defaults: {hooks: {Stop: [{hok: x}, a]}}", 1, 28, "unknown-key", "defaults.hooks.Stop[0].hok", "", "`hook`"),
    ("defaults: {hooks: {Stop: [{type: cmd}]}}", 1, 34, "value", "defaults.hooks.Stop[0].type", "command, http", ""),
    ("defaults: {hooks: {Stop: [{hook: a, scope: hots}]}}", 1, 44, "value", "defaults.hooks.Stop[0].scope", "", "`host`"),
    ("defaults: {hooks: {Stop: [{type: http, timeout: 0}]}}", 1, 49, "range", "defaults.hooks.Stop[0].timeout", "more than 0", ""),
    ("profiles: {a b: {}}", 1, 12, "name", 'profiles."a b"', "python-strict", ""),
    ("profiles: {a: {extend: b}}", 1, 16, "unknown-key", "profiles.a.extend", "", "`extends`"),
    ("repositories: {API: {}}", 1, 16, "name", "repositories.API", "lower-case", ""),
    ("repositories: {host: {}}", 1, 16, "name", "repositories.host", "not `host`", ""),
    ('repositories: {"a\\n": {}}', 1, 16, "name", 'repositories."a\\n"', "lower-case", ""),
    ("repositories: {a: ~/x}", 1, 19, "type", "repositories.a", "a mapping", ""),
    ("repositories: {a: {profile: [x]}}", 1, 20, "unknown-key", "repositories.a.profile", "", "`profiles`"),
    ("repositories: {a: {permissions: {}}}", 1, 20, "unknown-key", "repositories.a.permissions", "", "under `overrides:`"),
    ("repositories: {a: {path: ''}}", 1, 26, "empty-value", "repositories.a.path", "", ""),
    ("repositories: [a]", 1, 15, "type", "repositories", "a mapping", ""),
    ("global: {mcp: {}}", 1, 10, "unknown-key", "global.mcp", "", "claude mcp add"),
    ("global: {units: {}}", 1, 10, "unknown-key", "global.units", "", "at the top"),
    ("units: {a: {comand: x}}", 1, 13, "unknown-key", "units.a.comand", "", "`command`"),
    ("units: {a.b: {}}", 1, 9, "name", 'units."a.b"', "nightly-report", ""),
    ("units: {a: {nice: 40}}", 1, 19, "range", "units.a.nice", "at least -20 and at most 19", ""),
    ("units: {a: {systemd: {service: {}}}}", 1, 23, "unknown-key", "units.a.systemd.service", "", "`Service`"),
    ("exceptions: [{address: x, until: 2030-01-01}]", 1, 14, "missing-key", "exceptions[0]", "`reason:`", ""),
    ("exceptions:\n  - {address: x, reason: y, until: soon}", 2, 36, "format", "exceptions[0].until", "2030-12-31", ""),
    ("thresholds: {daily_cost_usd: 30}", 1, 30, "type", "thresholds.daily_cost_usd", "a mapping", ""),
    ("thresholds: {context_percent: {warn: 1}}", 1, 32, "unknown-key", "thresholds.context_percent.warn", "", "`warning`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [(row[0], row[1:]) for row in MISTAKES],
    ids=[row[0].replace("\n", " ") for row in MISTAKES],
)
def test_a_mistake_is_named_with_place_path_and_advice(text, told):
    line, column, rule, path, expected, hint = told
    found = [
        f for f in findings_of(text + "\n") if f.path == path and f.rule == f"canonical/{rule}"
    ]
    assert len(found) == 1
    (finding,) = found
    assert (finding.location.line, finding.location.column) == (line, column)
    assert expected in finding.expected
    assert hint in finding.hint
    assert finding.exit_code == 2


def test_no_word_of_the_validator_gets_out():
    text = "\n".join(
        [
            "hub: {name: 5, follow: x}",
            "exceptions: [{}, 5]",
            "units: {a: {command: [], restart: sometimes, cpu_quota: 5}}",
            "repositories: {a: 1, B: {path: []}}",
            "nonsense: 1",
        ]
    )
    found = findings_of(text)
    assert len(found) >= 11
    for finding in found:
        told = f"{finding.message} {finding.expected} {finding.hint}"
        for raw in (
            "is not of type",
            "does not match",
            "is not valid",
            "schema",
            "Additional prop",
        ):
            assert raw not in told
        assert not finding.message.endswith(".")


def test_all_missing_keys_of_one_entry_are_told():
    found = [f.expected.split(":")[0] for f in findings_of("exceptions: [{}]\n")]
    assert found == ["`address", "`reason", "`until"]


def test_every_repository_of_a_bad_shape_is_named():
    rows = "\n".join(f"  r{i}: {{path: ~/r{i}, profils: [x]}}" for i in range(30))
    good = "\n".join(f"  g{i}: {{path: ~/g{i}}}" for i in range(30))
    found = findings_of(f"repositories:\n{good}\n{rows}\n")
    assert [f.path for f in found] == [f"repositories.r{i}.profils" for i in range(30)]
    assert [f.location.line for f in found] == list(range(32, 62))


def test_the_local_file_has_rules_of_its_own():
    local = b"repositories: {api: ~/x, web: {pat: 1}, z: 3}\nprofiles: {}\n"
    found = findings_of("repositories: {api: {}}\n", local)
    assert [(str(f.location), f.rule, f.path) for f in found] == [
        ("l.yaml:1:32", "canonical/unknown-key", "repositories.web.pat"),
        ("l.yaml:1:44", "canonical/type", "repositories.z"),
        ("l.yaml:2:1", "canonical/unknown-key", "profiles"),
    ]


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "B"]), ENTRIES, min_size=2))
def test_checking_each_shape_once_finds_what_checking_all_finds(section):
    together = check_schema(canonical_of({"repositories": section}), schema())
    alone = [
        finding.path
        for name, entry in section.items()
        for finding in check_schema(canonical_of({"repositories": {name: entry}}), schema())
    ]
    assert sorted(f.path for f in together) == sorted(alone)


def test_shapes_tell_apart_what_the_schema_does():
    shapes = Shapes(schema())
    assert shapes.of({"path": "~/a"}) == shapes.of({"path": "~/b"})
    assert shapes.of({"ci": "github"}) != shapes.of({"ci": "gitlab"})
    assert shapes.of(["x"]) != shapes.of([])
    assert shapes.of(1) != shapes.of(True)
    assert shapes.of("API") != shapes.of("api")
