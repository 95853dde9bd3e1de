"""Every row of a literal table is complete: help, docs, golden case, test. Schemas know enums."""

from __future__ import annotations

import json
import re
from itertools import chain

import click
import pytest

from hubctl.cli.app import COMMANDS, app
from hubctl.config import trace
from hubctl.model.finding import Severity
from hubctl.model.report import Verdict
from hubctl.model.state import Action, Scope, Status
from hubctl.output import FORMATS
from hubctl.output.verdict import worst
from hubctl.render import RENDERERS
from hubctl.render.ci import WORKFLOWS
from hubctl.render.hook_selection import HOST, LOCAL, PROJECT
from hubctl.system.hooks_package import contract, registry
from tests.guards.tree import ROOT, modules

# Renderers whose golden cases are trees of files, not lists of items.
GOLDEN_TREES = {"units": "units/golden/*/systemd/*.timer", "launchd": "units/golden/*/launchd/*"}
CONTEXT = click.Context(app, info_name="hubctl")
TESTS = {module.path: module.source for module in modules("tests")}
REFERENCE = ROOT / "docs" / "reference"


def reference(page):
    return (REFERENCE / f"{page}.md").read_text(encoding="utf-8")


def below(command, name, parent):
    # Its own words for help: a command keeps those that it is asked with first.
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def leaves(command, context):
    """Every command that does something, with its words: `repos add`."""
    if not isinstance(command, click.Group):
        return [(context.command_path.removeprefix("hubctl "), command)]
    inner = ((name, command.get_command(context, name)) for name in command.list_commands(context))
    made = ((found, below(found, n, context)) for n, found in inner)
    return list(chain.from_iterable(leaves(found, its_own) for found, its_own in made))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help_docs_and_a_test(name):
    command = app.get_command(CONTEXT, name)
    for words, leaf in leaves(command, below(command, name, CONTEXT)):
        assert (leaf.help or "").strip().endswith((".", ":")) or leaf.get_short_help_str(), words
        for parameter in leaf.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{words} {parameter.opts}"
        assert f"\n## hubctl {words}\n" in reference("commands")
        assert [path for path, text in TESTS.items() if mentions(text, words.split())], words


def mentions(text, words):
    """Whether a test runs a command: its words as arguments, or as one line."""
    quoted = ", ".join(f'"{word}"' for word in words)
    line = " ".join(words)
    return quoted in text or f"hubctl {line}" in text or f'"{line} ' in text or f'"{line}"' in text


@pytest.mark.parametrize("row", RENDERERS, ids=lambda row: row.name)
def test_a_renderer_has_docs_and_a_golden_case(row):
    assert f"| `{row.name}` |" in reference("renderers")
    cases = [
        path
        for path in (ROOT / "tests/render/golden").glob("*/expected.jsonl")
        if f'"renderer": "{row.name}"' in path.read_text("utf-8")
    ]
    assert cases or list((ROOT / "tests").glob(GOLDEN_TREES.get(row.name, "none")))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_docs_and_a_golden_file(name):
    assert f"| `{name}` |" in reference("formats")
    suffix = {"text": "txt", "markdown": "md", "junit": "xml"}.get(name, name)
    folder = ROOT / "tests/output/golden"
    assert [*folder.glob(f"*.{suffix}"), *folder.glob(f"{name}.*")]


@pytest.mark.parametrize("hook", registry.HOOKS, ids=lambda hook: hook.id)
def test_a_hook_has_docs_and_a_test(hook):
    assert f"\n## {hook.id}\n" in reference("hooks")
    module = hook.module.rpartition(".")[2]
    tests = [p for p, text in TESTS.items() if p.startswith("tests/hooks/") and module in text]
    assert tests


CLOSED = {
    "status": {status.value for status in Status},
    "action": {action.value for action in Action},
    "scope": {scope.value for scope in Scope},
    "severity": {severity.value for severity in Severity},
    "verdict": {verdict.value for verdict in Verdict},
    "exit_code": {code for code in range(256) if worst((code,)) == code},
    "comment": {"html", "hash"},
}


@pytest.mark.parametrize("name", ["plan", "report"])
def test_enums_of_a_format_are_those_of_the_code(name):
    schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
    found = list(enums(schema))
    assert {key for key, _ in found} <= CLOSED.keys()
    assert [(key, values) for key, values in found if values != CLOSED[key]] == []


# Their `action` is that of a layer, their `state` that of a run or a repository.
OF_LISTS = {
    "show": {"scope": [CLOSED["scope"], {LOCAL, PROJECT, HOST}, {LOCAL, PROJECT, HOST}]},
    "explain": {
        "scope": [CLOSED["scope"] | {""}],
        "status": [CLOSED["status"]],
        "action": [{trace.SET, trace.ADD, trace.REMOVE, trace.DELETE}],
    },
}


@pytest.mark.parametrize("name", OF_LISTS)
def test_enums_of_a_list_are_those_of_the_code(name):
    schema = json.loads((ROOT / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
    found = {}
    for key, values in enums(schema):
        found.setdefault(key, []).append(values)
    assert {key: found[key] for key in OF_LISTS[name]} == OF_LISTS[name]


def printed_documents():
    """Every document that a command prints as JSON: the name behind `hubctl/`."""
    calls = re.compile(r"""print_json\(\s*"hubctl/([a-z-]+)\"""")
    return {name for module in modules("hubctl/cli") for name in calls.findall(module.source)}


def test_every_json_document_has_a_schema_and_a_page():
    documents = printed_documents() | {"report"}
    assert {"show", "explain", "history", "repositories"} <= documents
    for name in documents:
        path = ROOT / f"schemas/{name}.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["properties"]["format"]["const"] == f"hubctl/{name}"
        assert schema["properties"]["version"]["const"] == 1
        assert f"`schemas/{name}.schema.json`" in reference(name)
        assert f"({name}.md)" in reference("formats")


OF_CANONICAL = {
    "scope": {LOCAL, PROJECT, HOST},
    "ci": {"", *WORKFLOWS},
    "type": {frozenset(contract.ALL_TYPES), frozenset({"oneshot", "simple"})},
}


def test_enums_of_canonical_are_those_of_the_code():
    text = (ROOT / "schemas/canonical.schema.json").read_text(encoding="utf-8")
    found = dict.fromkeys(OF_CANONICAL, ())
    for key, values in enums(json.loads(text)):
        if key in found:
            found[key] = (*found[key], frozenset(values - {None}))
    assert found["scope"] == (frozenset(OF_CANONICAL["scope"]),)
    assert found["ci"] == (frozenset(OF_CANONICAL["ci"]),)
    assert set(found["type"]) == OF_CANONICAL["type"]


def enums(node, key=""):
    """Every enum below a schema, with the name of the key or definition that it is the type of."""
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield key, set(node["enum"])
        for name, inner in node.items():
            yield from enums(inner, name if isinstance(inner, dict) else key)
    elif isinstance(node, list):
        for inner in node:
            yield from enums(inner, key)
