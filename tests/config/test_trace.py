"""Tracing: the steps agree with what resolving does, and each names its line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings

from hubctl.config.load import load
from hubctl.config.resolve import Resolver
from hubctl.config.trace import decided_by, trace
from tests.config.documents import DOCUMENTS, LOCALS, canonical_of

TEXT = """\
global:
  hooks:
    stop: [context_preservation.py]
  commands: [tdd/, undo/]
units:
  own: {command: run}
defaults:
  permissions: {allow: [a, b]}
  env: {A: "1", B: "2"}
profiles:
  base:
    permissions:
      allow: [c]
      deny: [x]
    hooks:
      Stop: [{hook: context-preservation, options: {n: 1}}]
    settings: {model: one, permissions: {allow: [s]}}
  top:
    extends: base
    env: {A: null}
    permissions:
      allow: {remove: [a], add: [z]}
      deny: {only: [y]}
repositories:
  api:
    path: ~/api
    profiles: [top]
    conventions: [Be brief.]
    units: {nightly: {command: go, schedule: daily}}
    overrides:
      settings:
        fallbackModel: [m, n]
      hooks:
        stop:
          - type: command
            command: mine
      language: go
  bare: {}
"""
LOCAL = """\
repositories:
  api: {path: ~/here, overrides: {env: {B: "3"}}}
"""


@pytest.fixture(scope="module")
def canonical():
    loaded = load(TEXT.encode(), file="c", local=LOCAL.encode(), local_file="l")
    assert loaded.findings == ()
    return loaded


ROWS = [
    # path, steps as (layer, place, action)
    (
        ("settings", "permissions", "allow"),
        [
            ("defaults", "c:8:17", "add"),
            ("profiles.base", "c:17:42", "add"),
            ("profiles.base", "c:13:7", "add"),
            ("profiles.top", "c:22:15", "remove"),
            ("profiles.top", "c:22:28", "add"),
        ],
    ),
    (("settings", "permissions", "allow", "=b"), [("defaults", "c:8:28", "add")]),
    (("settings", "permissions", "allow", '="b"'), [("defaults", "c:8:28", "add")]),
    (("settings", "permissions", "allow", "1"), [("profiles.base", "c:17:50", "add")]),
    (
        ("settings", "permissions", "allow", "=a"),
        [("defaults", "c:8:25", "add"), ("profiles.top", "c:22:24", "remove")],
    ),
    (
        ("settings", "permissions", "deny", "=x"),
        [("profiles.base", "c:14:14", "add"), ("profiles.top", "c:23:14", "remove")],
    ),
    (("settings", "permissions", "deny", "=y"), [("profiles.top", "c:23:21", "set")]),
    (
        ("settings", "env", "A"),
        [("defaults", "c:9:9", "set"), ("profiles.top", "c:20:11", "delete")],
    ),
    (
        ("settings", "env", "B"),
        [("defaults", "c:9:17", "set"), ("canonical.local.yaml", "l:2:41", "set")],
    ),
    (("settings", "model"), [("profiles.base", "c:17:16", "set")]),
    (("settings", "fallbackModel"), [("repositories.api.overrides", "c:32:9", "set")]),
    (("path",), [("repositories.api", "c:26:5", "set"), ("canonical.local.yaml", "l:2:9", "set")]),
    (("language",), [("repositories.api.overrides", "c:37:7", "set")]),
    (("instructions", "conventions", "=Be brief."), [("repositories.api", "c:28:19", "add")]),
    (("instructions",), [("repositories.api", "c:28:5", "add")]),
    (("units", "nightly", "schedule"), [("repositories.api", "c:29:36", "set")]),
    (
        ("hooks", "Stop", "=context-preservation"),
        [("global", "c:3:12", "add"), ("profiles.base", "c:16:14", "add")],
    ),
    (("hooks", "Stop", "1"), [("repositories.api.overrides", "c:35:13", "add")]),
    (("hooks", "PreToolUse"), []),
    (("ci",), []),
]


@pytest.mark.parametrize(("path", "steps"), ROWS, ids=[".".join(row[0]) for row in ROWS])
def test_each_layer_that_says_something_is_a_step(canonical, path, steps):
    found = trace(canonical, "api", path)
    assert [(s.layer, str(s.location), s.action) for s in found] == steps
    if steps:
        assert str(decided_by(canonical, "api", path)) == steps[-1][1]


def test_values_of_steps(canonical):
    (first, second) = trace(canonical, "api", ("settings", "env", "A"))
    assert (first.value, second.value) == ("1", None)
    (step,) = trace(canonical, "api", ("hooks", "Stop", "1"))
    assert step.value["handler"] == {"type": "command", "command": "mine"}


def test_where_nothing_is_said_the_target_itself_decides(canonical):
    assert str(decided_by(canonical, "api", ("ci",))) == "c:25:3"
    assert str(decided_by(canonical, "bare", ("commit",))) == "c:38:3"
    assert str(decided_by(canonical, "host", ("settings", "model"))) == "c:1:1"
    assert decided_by(canonical, "unknown", ("language",)) is None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("commands", "=undo/"), "c:4:20"),
        (("units", "own", "command"), "c:6:9"),
        (("units", "api/nightly", "schedule"), "c:29:36"),
        (("units", "api/nightly"), "c:29:13"),
    ],
)
def test_lines_that_decide_for_the_host(canonical, path, place):
    assert str(decided_by(canonical, "host", path)) == place


def test_all_units_of_the_host_have_their_steps(canonical):
    layers = {step.layer for step in trace(canonical, "host", ("units",))}
    assert layers == {"units", "repositories.api"}


def test_an_element_of_a_replaced_list_is_removed_by_the_list_that_replaces():
    document = {
        "defaults": {"settings": {"fallbackModel": ["q", "m"]}},
        "repositories": {"api": {"overrides": {"settings": {"fallbackModel": ["m"]}}}},
    }
    canonical = canonical_of(document)
    gone = trace(canonical, "api", ("settings", "fallbackModel", "=q"))
    assert [(s.layer, s.action) for s in gone] == [
        ("defaults", "set"),
        ("repositories.api.overrides", "remove"),
    ]
    kept = trace(canonical, "api", ("settings", "fallbackModel", "=m"))
    assert [s.action for s in kept] == ["set", "set"]


def elements(value, path=()):
    """Paths of every element and of every scalar in a spec."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from elements(member, (*path, key))
    elif isinstance(value, list):
        yield from ((*path, str(index)) for index in range(len(value)))
    else:
        yield path


def value_at(spec, path):
    for key in path:
        spec = spec[int(key)] if isinstance(spec, list) else spec[key]
    return spec


PLACES = {
    "settings",
    "local",
    "hooks",
    "commands",
    "gitignore",
    "instructions",
    "units",
    "language",
}


@given(DOCUMENTS, LOCALS)
@settings(max_examples=60)
def test_everything_in_a_spec_was_put_there_by_the_last_step(document, local):
    canonical = canonical_of(document, local)
    for name in canonical.document["repositories"]:
        spec = Resolver(canonical.document).spec(name)
        for path in elements({key: spec[key] for key in PLACES & set(spec)}):
            steps = trace(canonical, name, path)
            if not steps:
                assert path in {("instructions", "text"), ("instructions", "bridge")}
                continue
            last = steps[-1]
            if path == ("instructions", "text") and last.action == "delete":
                assert spec["instructions"]["text"] == ""
                continue
            assert last.action in {"set", "add"}, (path, steps)
            assert last.location.line > 0
            if path[:2] == ("settings", "env"):
                assert last.value == value_at(spec, path)


@given(DOCUMENTS, LOCALS)
@settings(max_examples=60)
def test_what_is_not_in_a_spec_was_taken_out_by_the_last_step(document, local):
    canonical = canonical_of(document, local)
    for name in canonical.document["repositories"]:
        spec = Resolver(canonical.document).spec(name)
        for path in (("commands",), ("settings", "permissions", "deny")):
            try:
                present = value_at(spec, path)
            except KeyError:
                present = []
            for element in "xyzvw":
                steps = trace(canonical, name, (*path, f"={element}"))
                gone = not steps or steps[-1].action in {"remove", "delete"}
                assert gone == (element not in present), (path, element, steps)


@given(DOCUMENTS)
@settings(max_examples=30)
def test_steps_follow_the_order_of_layers(document):
    canonical = canonical_of(document)
    for name in canonical.document["repositories"]:
        order = [layer.text for layer in Resolver(canonical.document).layers(name)]
        places = [order.index(step.layer) for step in trace(canonical, name, ())]
        assert all(a <= b for a, b in pairwise(places))
