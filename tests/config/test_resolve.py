"""Resolving: order of layers, scopes of hooks, units of the host, and nothing shared."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings

from hubctl.config.layers import profile_order
from hubctl.config.resolve import Resolver, resolve, target_names
from tests.config.documents import DOCUMENTS, LOCALS, canonical_of
from tests.config.test_merge import containers

EMPTY = {
    "name": "api",
    "path": "",
    "enabled": True,
    "commit": True,
    "settings": {},
    "local": {},
    "hooks": {},
    "commands": [],
    "skills": [],
    "agents": [],
    "rules": [],
    "output_styles": [],
    "instructions": {"conventions": [], "fragments": [], "text": "", "bridge": "rules"},
    "mcp": {},
    "gitignore": [],
    "pre_commit": False,
    "ci": "",
    "units": {},
}


def hook(name, scope="local", **options):
    return {"hook": name, "scope": scope, "options": options}


def repository(**entry):
    return {"repositories": {"api": entry}}


@pytest.mark.parametrize("entry", [{}, None])
def test_an_empty_repository_has_every_key(entry):
    assert resolve({"repositories": {"api": entry}}, "api") == EMPTY


def test_own_keys_of_a_repository():
    entry = {
        "path": "~/src/api",
        "language": "go",
        "test_command": "go test ./...",
        "description": "the API",
        "commit": False,
        "conventions": ["Wrap errors."],
        "units": {"nightly": {"command": "run", "schedule": "daily"}},
    }
    spec = resolve(repository(**entry), "api")
    own = {key: entry[key] for key in entry if key != "conventions"}
    instructions = {**EMPTY["instructions"], "conventions": ["Wrap errors."]}
    assert spec == {**EMPTY, **own, "instructions": instructions}


def test_short_forms_are_folded_into_settings_and_win():
    body = {
        "settings": {"model": "m", "permissions": {"allow": ["a"]}, "env": {"A": "1", "B": "1"}},
        "permissions": {"allow": ["b"], "defaultMode": "plan"},
        "env": {"A": "2"},
        "local": {
            "settings": {"env": {"L": "1"}},
            "permissions": {"ask": ["c"]},
            "env": {"M": "2"},
        },
    }
    spec = resolve(repository(overrides=body), "api")
    assert spec["settings"] == {
        "model": "m",
        "permissions": {"allow": ["a", "b"], "defaultMode": "plan"},
        "env": {"A": "2", "B": "1"},
    }
    assert spec["local"] == {"env": {"L": "1", "M": "2"}, "permissions": {"ask": ["c"]}}


LAYERED = {
    "defaults": {"commands": ["d"], "env": {"X": "defaults"}},
    "profiles": {
        "base": {"commands": ["base"], "env": {"X": "base", "Y": "base"}},
        "left": {"extends": "base", "commands": ["left"], "env": {"X": "left"}},
        "right": {"extends": ["base"], "commands": ["right"], "env": {"Y": None}},
        "top": {"extends": ["left", "right"], "commands": {"remove": ["left"]}},
    },
    "repositories": {
        "api": {"profiles": ["top", "base"], "overrides": {"commands": ["own"], "env": {"Z": "1"}}},
        "web": {"profiles": ["right", "left"]},
        "lib": {"profiles": "base"},
        "bare": {},
    },
}


@pytest.mark.parametrize(
    ("name", "order", "commands", "env"),
    [
        (
            "api",
            ("base", "left", "right", "top"),
            ["d", "base", "right", "own"],
            {"X": "left", "Z": "1"},
        ),
        ("web", ("base", "right", "left"), ["d", "base", "right", "left"], {"X": "left"}),
        ("lib", ("base",), ["d", "base"], {"X": "base", "Y": "base"}),
        ("bare", (), ["d"], {"X": "defaults"}),
    ],
)
def test_layers_lie_in_order_and_a_diamond_counts_once(name, order, commands, env):
    assert profile_order(LAYERED, name) == order
    spec = resolve(LAYERED, name)
    assert spec["commands"] == commands
    assert spec["settings"]["env"] == env


def test_a_cycle_or_an_unknown_profile_ends():
    profiles = {"a": {"extends": "b", "commands": ["a"]}, "b": {"extends": ["a", "nope"]}}
    document = {"profiles": profiles, "repositories": {"api": {"profiles": ["a", "zz"]}}}
    assert profile_order(document, "api") == ("b", "a")
    assert resolve(document, "api")["commands"] == ["a"]


def test_a_chain_of_thousands_of_profiles_is_no_recursion():
    profiles = {f"p{i}": {"extends": f"p{i + 1}", "env": {"N": str(i)}} for i in range(3000)}
    document = {"profiles": profiles, "repositories": {"api": {"profiles": ["p0"]}}}
    assert resolve(document, "api")["settings"] == {"env": {"N": "0"}}


def test_the_local_file_lies_on_top():
    document = canonical_of(
        {
            "repositories": {
                "api": {"path": "~/a", "overrides": {"env": {"A": "1"}, "commands": ["x"]}},
                "web": {"path": "~/w"},
                "lib": {},
            }
        },
        {
            "repositories": {
                "api": {"path": "~/b", "overrides": {"env": {"A": None}, "commands": {"only": []}}},
                "web": "~/elsewhere",
                "lib": {"enabled": False},
            }
        },
    ).document
    api = resolve(document, "api")
    assert (api["path"], api["settings"], api["commands"]) == ("~/b", {"env": {}}, [])
    assert resolve(document, "web")["path"] == "~/elsewhere"
    assert target_names(document) == ("api", "web")


DELETED = ("settings", "hooks", "instructions", "commands", "units", "language", "pre_commit")


def test_null_deletes_whole_parts():
    document = {
        "defaults": {
            "settings": {"model": "m"},
            "permissions": {"allow": ["a"]},
            "hooks": {"Stop": ["a"], "PreToolUse": ["b"]},
            "instructions": {"text": "t", "bridge": "import"},
            "conventions": ["c"],
            "commands": ["x"],
            "units": {"u": {"command": "c", "nice": 1}},
            "language": "go",
            "pre_commit": True,
        },
        "repositories": {
            "all": {"overrides": dict.fromkeys(DELETED)},
            "some": {
                "overrides": {
                    "permissions": None,
                    "hooks": {"stop": None},
                    "instructions": {"text": None},
                    "conventions": None,
                    "units": {"u": {"nice": None}},
                }
            },
        },
    }
    assert resolve(document, "all") == {**EMPTY, "name": "all"}
    some = resolve(document, "some")
    assert some["settings"] == {"model": "m"}
    assert some["hooks"] == {"PreToolUse": [hook("b")]}
    assert some["instructions"] == {**EMPTY["instructions"], "bridge": "import"}
    assert some["units"] == {"u": {"command": "c"}}


HANDLER = {"type": "command", "command": "run", "timeout": 5}


def test_hooks_of_every_kind_are_brought_into_one_form():
    document = {
        "global": {"hooks": {"pre_tool_use": ["Smart_Safety-check.py"], "stop": ["far"]}},
        "defaults": {"hooks": {"PreToolUse": [{"hook": "two", "scope": "project"}]}},
        **repository(
            overrides={
                "hooks": {
                    "pre-tool-use": [
                        {**HANDLER, "matcher": "Bash"},
                        {"hook": "TWO", "options": {"x": 1}},
                    ],
                    "Stop": {"remove": ["FAR.py"], "add": ["near"]},
                }
            }
        ),
    }
    assert resolve(document, "api")["hooks"] == {
        "PreToolUse": [
            hook("smart-safety-check"),
            hook("two", "project", x=1),
            {"handler": HANDLER, "matcher": "Bash", "scope": "local"},
        ],
        "Stop": [hook("near")],
    }
    assert resolve(document, "host")["hooks"] == {}


def test_hooks_of_the_host_leave_the_repositories():
    document = {
        "global": {"hooks": {"stop": [{"hook": "a", "scope": "host"}, "b"]}},
        "defaults": {"hooks": {"stop": ["a", {**HANDLER, "scope": "host"}]}},
        "repositories": {"api": {}},
    }
    assert resolve(document, "api")["hooks"] == {"Stop": [hook("b")]}
    handler = {"handler": HANDLER, "matcher": "", "scope": "host"}
    assert resolve(document, "host")["hooks"] == {"Stop": [hook("a", "host"), handler]}


def test_personal_hooks_of_the_local_file():
    document = canonical_of(
        {"repositories": {"api": {}}},
        {"global": {"hooks": {"stop": ["mine", {"hook": "host-only", "scope": "host"}]}}},
    ).document
    assert resolve(document, "api")["hooks"] == {"Stop": [hook("mine")]}
    assert resolve(document, "host")["hooks"] == {"Stop": [hook("host-only", "host")]}


def test_the_host_has_its_own_units_and_those_of_enabled_repositories():
    document = {
        "units": {"own": {"command": "a"}},
        "profiles": {"p": {"units": {"shared": {"command": "b", "after": ["x"]}}}},
        "repositories": {
            "api": {
                "path": "~/api",
                "profiles": ["p"],
                "units": {"mine": {"command": "c"}, "shared": {"after": ["y"]}},
            },
            "off": {"profiles": ["p"], "enabled": False},
        },
    }
    owner = {"repository": "api", "directory": "~/api"}
    assert resolve(document, "host")["units"] == {
        "own": {"command": "a"},
        "api/shared": {"command": "b", "after": ["x", "y"], **owner},
        "api/mine": {"command": "c", **owner},
    }
    assert resolve(document, "api")["units"]["mine"] == {"command": "c"}


def test_the_host_does_not_get_the_defaults_of_repositories():
    document = {"defaults": {"commands": ["d"]}, "global": {"commands": ["g"], "env": {"A": "1"}}}
    host = resolve(document, "host")
    assert host["commands"] == ["g"]
    assert host["settings"] == {"env": {"A": "1"}}
    assert set(host) == set(EMPTY) - {"path", "enabled", "commit", "local", "mcp"} - {
        "gitignore",
        "pre_commit",
        "ci",
    }


@pytest.mark.parametrize(
    ("more", "host"),
    [
        ({}, False),
        ({"global": {}}, False),
        ({"global": {"hooks": {"stop": ["a"]}}}, False),
        ({"global": {"hooks": {"stop": [{"hook": "a", "scope": "host"}]}}}, True),
        ({"defaults": {"hooks": {"stop": [{"hook": "a", "scope": "host"}]}}}, True),
        ({"global": {"commands": ["x"]}}, True),
        ({"units": {"u": {"command": "x"}}}, True),
        ({"defaults": {"units": {"u": {"command": "x"}}}}, True),
        ({"profiles": {"p": {"units": {"u": {"command": "x"}}}}}, False),
    ],
)
def test_the_host_is_a_target_only_where_something_is_wanted_of_it(more, host):
    names = target_names({**more, "repositories": {"zoo": {}, "api": {}}})
    assert names == (("host",) if host else ()) + ("zoo", "api")


@given(DOCUMENTS, LOCALS)
@settings(max_examples=60)
def test_resolving_is_deterministic_and_changes_nothing(document, local):
    loaded = canonical_of(document, local).document
    before = copy.deepcopy(loaded)
    resolver = Resolver(loaded)
    for name in [*loaded["repositories"], "host"]:
        spec = resolve(loaded, name)
        assert (
            json.dumps(spec) == json.dumps(resolver.spec(name)) == json.dumps(resolver.spec(name))
        )
    assert loaded == before


@given(DOCUMENTS, LOCALS)
@settings(max_examples=60)
def test_one_repository_never_leaks_into_another(document, local):
    loaded = canonical_of(document, local).document
    resolver = Resolver(loaded)
    specs = {name: resolver.spec(name) for name in [*loaded["repositories"], "host"]}
    source = containers(loaded)
    for name, spec in specs.items():
        assert not containers(spec) & source
        others = [containers(other) for key, other in specs.items() if key != name]
        assert not any(containers(spec) & other for other in others)
    for name in loaded["repositories"]:
        alone = {**loaded, "repositories": {name: loaded["repositories"][name]}}
        assert resolve(alone, name) == specs[name]


def test_a_list_is_not_shared_even_where_it_is_an_alias():
    shared = ["x"]
    document = {"repositories": {n: {"overrides": {"settings": {"l": shared}}} for n in "ab"}}
    resolver = Resolver(document)
    resolver.spec("a")["settings"]["l"].append("y")
    assert resolver.spec("b")["settings"]["l"] == ["x"]
    assert shared == ["x"]
