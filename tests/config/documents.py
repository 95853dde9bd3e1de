"""Strategies for canonical documents, loaded canonicals from data, and the shipped schema."""

from __future__ import annotations

import json
from functools import cache

from hypothesis import strategies as st

from hubctl.config.load import load
from hubctl.system.data import read_data


@cache
def schema():
    return json.loads(read_data("schemas/canonical.schema.json"))


def canonical_of(document, local=None):
    """A Canonical from plain data, through the real loader."""
    beside = None if local is None else json.dumps(local, indent=1).encode()
    text = json.dumps(document, indent=1).encode()
    return load(text, file="c.yaml", local=beside, local_file="l.yaml")


NAMES = st.sampled_from(["a", "b", "c", "d"])
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", "y", "z"])
FREE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
ELEMENTS = st.sampled_from(["x", "y", "z", "v", "w"])


def listings(elements):
    """A list, an edit of one, or null."""
    many = st.lists(elements, max_size=3)
    edits = st.fixed_dictionaries({}, optional={"only": many, "remove": many, "add": many})
    return many | edits.filter(bool) | st.none()


RULES = st.fixed_dictionaries(
    {},
    optional={
        "allow": listings(ELEMENTS),
        "deny": listings(ELEMENTS),
        "defaultMode": st.sampled_from(["plan", "default"]) | st.none(),
    },
)
ENV = st.dictionaries(NAMES, ELEMENTS | st.none(), max_size=3)
SETTINGS = st.dictionaries(st.sampled_from(["model", "k", "sandbox"]), FREE, max_size=3)
OURS = st.fixed_dictionaries(
    {"hook": st.sampled_from(["one-hook", "Two_Hook.py"])},
    optional={
        "scope": st.sampled_from(["local", "project", "host"]),
        "options": st.dictionaries(NAMES, SCALARS, max_size=2),
    },
)
THEIRS = st.fixed_dictionaries(
    {"type": st.just("command"), "command": st.sampled_from(["run a", "run b"])},
    optional={"matcher": st.just("Bash"), "scope": st.just("project")},
)
HOOKS = st.dictionaries(
    st.sampled_from(["pre_tool_use", "Stop"]),
    listings(st.sampled_from(["one_hook.py", "three"]) | OURS | THEIRS),
    max_size=2,
)
UNITS = st.dictionaries(
    NAMES,
    st.none()
    | st.fixed_dictionaries(
        {},
        optional={
            "command": st.just("run") | st.none(),
            "nice": st.integers(0, 3),
            "after": listings(ELEMENTS),
        },
    ),
    max_size=2,
)
BODY_PARTS = {
    "settings": SETTINGS | st.none(),
    "permissions": RULES | st.none(),
    "env": ENV | st.none(),
    "local": st.fixed_dictionaries({}, optional={"permissions": RULES, "env": ENV}),
    "hooks": HOOKS | st.none(),
    "commands": listings(ELEMENTS),
    "conventions": listings(ELEMENTS),
    "instructions": st.fixed_dictionaries({}, optional={"text": ELEMENTS | st.none()}),
    "gitignore": listings(ELEMENTS),
    "pre_commit": st.booleans() | st.none(),
    "units": UNITS | st.none(),
    "language": ELEMENTS | st.none(),
}
BODIES = st.fixed_dictionaries({}, optional=BODY_PARTS)
GLOBAL = st.fixed_dictionaries(
    {},
    optional={
        key: BODY_PARTS[key]
        for key in ("settings", "permissions", "env", "hooks", "commands", "conventions")
    },
)
PROFILE_NAMES = st.lists(NAMES, max_size=3, unique=True)


@st.composite
def _profiles(draw):
    bodies = draw(st.dictionaries(NAMES, BODIES, max_size=4))
    for body in bodies.values():
        body["extends"] = draw(PROFILE_NAMES)
    return bodies


REPOSITORIES = st.dictionaries(
    st.sampled_from(["api", "web", "lib"]),
    st.fixed_dictionaries(
        {},
        optional={
            "path": st.just("~/src/x"),
            "profiles": PROFILE_NAMES,
            "overrides": BODIES,
            "units": UNITS,
            "enabled": st.booleans(),
            "language": ELEMENTS,
            "conventions": listings(ELEMENTS),
        },
    ),
    min_size=1,
    max_size=3,
)
DOCUMENTS = st.fixed_dictionaries(
    {"repositories": REPOSITORIES},
    optional={
        "defaults": BODIES,
        "profiles": _profiles(),
        "global": GLOBAL,
        "units": UNITS,
    },
)
LOCALS = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "global": GLOBAL,
        "repositories": st.dictionaries(
            st.sampled_from(["api", "web"]),
            st.just("~/elsewhere")
            | st.fixed_dictionaries({}, optional={"overrides": BODIES, "enabled": st.booleans()}),
            max_size=2,
        ),
    },
)

# What people may write by mistake where a mapping of ours is expected.
ODD_TEXTS = st.sampled_from(
    ["", "x", "local", "API", "a b", "api", "10%", "2030-01-01", "host", "http"]
)
ENTRIES = st.recursive(
    ODD_TEXTS | st.none() | st.booleans() | st.integers(-30, 30) | st.just(1.0),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["path", "overrides", "hooks", "Stop", "type", "hook", "scope", "units", "a b"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
