"""What the listing commands print as JSON: whole, masked, and as their schemas say."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest

from tests.support.cli import ROOT, rules, validate

HUB = """\
hub:
  name: acme
  package: hubctl==1.0
defaults:
  hooks:
    pre_tool_use: [context-monitor]
    stop:
      - {type: command, command: make after, matcher: "", scope: local}
profiles:
  base:
    permissions: {allow: ["Bash(git status)"]}
  python:
    extends: base
    conventions: [Types everywhere.]
repositories:
  api:
    path: ~/src/api
    language: python
    test_command: pytest
    description: The API
    profiles: [python]
    units:
      sync: {command: /bin/true, schedule: daily, environment: {WHERE: north-of-the-river}}
    overrides:
      settings: {model: sonnet}
      env: {REGION: behind-the-hill}
      local: {env: {DESK: under-the-stairs}}
      mcp:
        docs:
          type: http
          url: https://docs.example.org
          headers: {X-Team: over-the-rainbow}
      gitignore: ["*.tmp"]
      pre_commit: true
      ci: github
  elsewhere: {}
  gone: {path: ~/src/gone}
  asleep: {path: ~/src/asleep, enabled: false}
global:
  settings: {theme: dark}
  commands: [undo/]
"""
HIDDEN = ("north-of-the-river", "behind-the-hill", "under-the-stairs", "over-the-rainbow")
DOCUMENTS = ("show", "explain", "history", "repositories")
MODEL = "api:.claude/settings.json#/model"


@pytest.fixture
def hub(account, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(account.base / "no-user-manager"))
    account.canonical(HUB)
    account.repository()
    return account


def document(account, name, *arguments):
    """What a command prints: one document that fits its schema, and nothing that is hidden."""
    ran = account.ok(*arguments, "--json")
    assert not [text for text in HIDDEN if text in ran.out]
    validate(ran.json, name)
    assert (ran.json["format"], ran.json["version"]) == (f"hubctl/{name}", 1)
    return ran.json


# -- show ------------------------------------------------------------------------------------------


def test_show_tells_every_target_with_its_spec(hub):
    found = {target["name"]: target for target in document(hub, "show", "show")["targets"]}
    assert list(found) == ["host", "api", "elsewhere", "gone"]
    assert found["api"]["root"] == str(hub.home / "src/api")
    assert found["api"]["spec"]["test_command"] == "pytest"
    assert (found["gone"]["root"], found["gone"]["items"]) == ("", [])


def test_show_tells_the_items_that_a_plan_would_create(hub):
    [target] = document(hub, "show", "show", "api")["targets"]
    report = hub.report("plan", "api")
    planned = {c["address"]: c["after"] for t in report["targets"] for c in t["changes"]}
    assert {item["address"]: item["value"] for item in target["items"]} == planned


def test_show_says_which_values_are_masked(hub):
    targets = document(hub, "show", "show")["targets"]
    masked = [i["address"] for t in targets for i in t["items"] if i["sensitive"]]
    assert "api:.claude/settings.json#/env/REGION" in masked
    assert "api:.claude/settings.local.json#/env/DESK" in masked
    spec = next(t["spec"] for t in targets if t["name"] == "api")
    assert spec["settings"]["env"]["REGION"] == "‹hidden, 15 characters›"
    assert MODEL not in masked


# -- explain ---------------------------------------------------------------------------------------

EXPLAINED = [
    (MODEL, "settings", ["repositories.api.overrides"]),
    ('api:.claude/settings.json#/permissions/allow="Bash(git status)"', None, ["profiles.base"]),
    ("api:.claude/settings.json#/env/REGION", "settings", ["repositories.api.overrides"]),
    ("api:.mcp.json#/mcpServers/docs/headers/X-Team", "mcp", ["repositories.api.overrides"]),
    ("host:.claude/settings.json#/theme", "settings", ["global"]),
    ("host:unit:hubctl-acme-api-sync.timer#enabled", "units", ["repositories.api"]),
]


@pytest.mark.parametrize(("address", "renderer", "layers"), EXPLAINED, ids=lambda x: str(x)[:40])
def test_explain_tells_the_layers(hub, address, renderer, layers):
    found = document(hub, "explain", "explain", address)
    assert found["address"] == address
    assert found["renderer"] == (renderer or "settings")
    assert [step["layer"] for step in found["steps"]] == layers
    assert found["value"] is not None


def test_explain_points_at_the_deciding_line(hub):
    [step] = document(hub, "explain", "explain", MODEL)["steps"]
    assert step["file"] == str(hub.hub / "canonical.yaml")
    line = HUB.splitlines()[step["line"] - 1]
    assert line[step["column"] - 1 :].startswith("model: sonnet")


def test_explain_follows_the_status(hub):
    def status():
        found = document(hub, "explain", "explain", MODEL)
        return found["status"], bool(found["reason"])

    assert status() == ("pending", True)
    hub.apply("api")
    assert status() == ("in-sync", False)
    text = hub.read("src/api/.claude/settings.json").decode()
    hub.put("src/api/.claude/settings.json", text.replace("sonnet", "opus"))
    assert status() == ("drifted", True)


TAKEN_AWAY = """\
      settings: {model: null}
      permissions: {allow: {remove: ["Bash(git status)"]}}
"""


@pytest.mark.parametrize(
    ("address", "steps"),
    [
        (MODEL, [("defaults", "set"), ("repositories.api.overrides", "delete")]),
        (
            'api:.claude/settings.json#/permissions/allow="Bash(git status)"',
            [("profiles.base", "add"), ("repositories.api.overrides", "remove")],
        ),
    ],
)
def test_explain_tells_who_takes_a_value_away(hub, address, steps):
    text = HUB.replace("      settings: {model: sonnet}\n", TAKEN_AWAY)
    hub.canonical(text.replace("defaults:\n", "defaults:\n  settings: {model: opus}\n"))
    found = document(hub, "explain", "explain", address)
    assert found["value"] is None
    assert [(step["layer"], step["action"]) for step in found["steps"]] == steps


def test_explain_of_what_nobody_wants_says_so(hub):
    found = document(hub, "explain", "explain", "api:.claude/settings.json#/theme")
    assert (found["value"], found["scope"], found["renderer"]) == (None, "", "")
    assert (found["status"], found["steps"]) == ("unmanaged", [])


# -- history ---------------------------------------------------------------------------------------


def states(account):
    return [
        (run["command"], run["state"]) for run in document(account, "history", "history")["runs"]
    ]


def test_history_tells_runs_newest_first(hub):
    assert states(hub) == []
    hub.apply("api")
    hub.ok("rollback", "--yes")
    back, applied = document(hub, "history", "history")["runs"]
    assert (applied["command"], applied["targets"]) == ("apply api", ["api"])
    assert applied["rolled_back_by"] == back["id"]
    assert back["command"] == f"rollback {applied['id']}"
    assert applied["files"] == back["files"] > 5
    assert len(document(hub, "history", "history", "-n", "1")["runs"]) == 1


def test_a_rollback_that_was_rolled_back_undid_nothing(hub):
    def undone_by():
        runs = document(hub, "history", "history")["runs"]
        return [(run["command"].partition(" ")[0], run["rolled_back_by"]) for run in runs]

    hub.apply("api")
    hub.ok("rollback", "--yes")
    [back, _] = document(hub, "history", "history")["runs"]
    hub.ok("rollback", "--yes", back["id"])
    [again, *_] = document(hub, "history", "history")["runs"]
    assert undone_by() == [("rollback", ""), ("rollback", again["id"]), ("apply", "")]
    hub.in_sync("api")
    hub.ok("rollback", "--yes")
    [last, *_] = document(hub, "history", "history")["runs"]
    assert undone_by()[-1] == ("apply", last["id"])
    assert not (hub.home / "src/api/CLAUDE.md").exists()


def test_history_tells_what_is_open_undone_or_damaged(hub):
    hub.apply("api")
    hub.apply("host")
    first, second = sorted((hub.state / "acme/journal").iterdir())
    (second / "done").unlink()
    (first / "entry.json").write_text("{")
    assert states(hub) == [("apply host", "open"), ("", "damaged")]
    assert rules(hub.report("drift", "api")) == ["journal/open"]
    (hub.home / "src/api/CLAUDE.md").unlink()
    hub.ok("drift", "--fix", "api")
    assert states(hub) == [("drift --fix", "done"), ("apply host", "undone"), ("", "damaged")]


# -- repos list ------------------------------------------------------------------------------------


def test_the_list_of_repositories_tells_where_each_one_is(hub):
    found = document(hub, "repositories", "repos", "list")["repositories"]
    told = {row["name"]: row["state"] for row in found}
    assert told == {
        "api": "here",
        "elsewhere": "no path",
        "gone": "missing",
        "asleep": "disabled",
    }
    assert found[0] == {
        "name": "api",
        "path": "~/src/api",
        "language": "python",
        "profiles": ["python"],
        "state": "here",
    }


# -- the schemas -----------------------------------------------------------------------------------


def schema_of(name):
    return json.loads((ROOT / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))


def objects(node):
    """Every schema of an object with keys of its own."""
    if isinstance(node, dict):
        if "properties" in node and isinstance(node["properties"], dict):
            yield node
        for inner in node.values():
            yield from objects(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from objects(inner)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_strict_and_describes_every_key(name):
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    for found in objects(schema):
        assert found["additionalProperties"] is False
        assert set(found["required"]) <= found["properties"].keys()
        for key, inner in found["properties"].items():
            described = inner.get("description") or "$ref" in inner
            assert described, key


@pytest.mark.parametrize("name", ["show", "explain", "plan"])
def test_values_are_written_in_one_way(name):
    assert schema_of(name)["$defs"]["value"] == schema_of("report")["$defs"]["value"]


def test_a_document_with_one_key_more_or_less_does_not_fit(hub):
    whole = document(hub, "explain", "explain", MODEL)
    more = copy.deepcopy(whole)
    more["steps"][0]["why"] = ""
    less = copy.deepcopy(whole)
    del less["steps"][0]["column"]
    for changed in (more, less):
        with pytest.raises(jsonschema.ValidationError):
            validate(changed, "explain")
