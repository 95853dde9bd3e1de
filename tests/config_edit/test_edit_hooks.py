"""Switching hooks in any list of any layer: what is asked for happens, and nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.config.edit_hooks import at, changed, everywhere, is_listed, listed_anew
from hubctl.config.load import load
from hubctl.config.resolve import Resolver

HOOK = "context-monitor"
NAMES = [HOOK, "Context_Monitor.py", "dora-tracker", "session-summary"]
EVENTS = ["PreToolUse", "pre_tool_use", "Stop"]

entries = st.sampled_from(NAMES).flatmap(
    lambda name: st.sampled_from(
        [name, {"hook": name}, {"hook": name, "options": {"a": 1}},
         {"hook": name, "enabled": False}, {"type": "command", "command": "true"}]
    )
)  # fmt: skip
lists = st.lists(entries, max_size=3)
values = lists | st.fixed_dictionaries({}, optional={"only": lists, "add": lists}).filter(bool)
hooks = st.dictionaries(st.sampled_from(EVENTS[1:]), values, max_size=2)
documents = st.fixed_dictionaries(
    {
        "defaults": st.fixed_dictionaries({"hooks": hooks}),
        "profiles": st.fixed_dictionaries({"p": st.fixed_dictionaries({"hooks": hooks})}),
        "repositories": st.fixed_dictionaries(
            {
                "api": st.fixed_dictionaries(
                    {"overrides": st.fixed_dictionaries({"hooks": hooks})}
                ),
                "web": st.fixed_dictionaries({"profiles": st.just(["p"])}),
            }
        ),
    }
)


def running(document, hook=None):
    """(target, event, hook) of everything that would run, or of all but one hook."""
    resolver = Resolver(document)
    return {
        (name, event, entry["hook"])
        for name in resolver.names()
        for event, found in resolver.spec(name)["hooks"].items()
        for entry in found
        if "hook" in entry and entry["hook"] != hook
    }


def edited(document, changes):
    return load(changed(json.dumps(document).encode(), changes), file="x").document


@settings(max_examples=80, deadline=None)
@given(documents)
def test_off_everywhere_is_off_and_on_again_is_on_everywhere(document):
    off = edited(document, everywhere(document, HOOK, on=False))
    assert {hook for _, _, hook in running(off)} <= {"dora-tracker", "session-summary"}
    assert running(off) == running(document, HOOK)
    on = edited(off, everywhere(off, HOOK, on=True))
    assert running(on, HOOK) == running(document, HOOK)
    assert running(on) >= running(document)
    assert is_listed(on, HOOK) == is_listed(document, HOOK)


@settings(max_examples=80, deadline=None)
@given(documents, st.booleans(), st.sampled_from(["api", "web"]))
def test_at_one_target_the_others_stay(document, on, name):
    where = ("repositories", name, "overrides")
    new = edited(document, at(document, where, HOOK, ["PreToolUse", "Stop"], on=on))
    assert running(new, HOOK) == running(document, HOOK)
    other = {row for row in running(document) if row[0] != name}
    assert {row for row in running(new) if row[0] != name} == other
    events = {event for target, event, hook in running(new) if (target, hook) == (name, HOOK)}
    assert events == ({"PreToolUse", "Stop"} if on else set())


@settings(max_examples=40, deadline=None)
@given(documents)
def test_the_same_again_changes_nothing(document):
    where = ("repositories", "api", "overrides")
    for changes in (
        lambda one: everywhere(one, HOOK, on=False),
        lambda one: at(one, where, HOOK, ["Stop"], on=False),
    ):
        data = changed(json.dumps(document).encode(), changes(document))
        again = load(data, file="x").document
        assert changed(data, changes(again)) == data


@pytest.mark.parametrize(
    "defaults", [{}, {"hooks": {"stop": ["x"]}}, {"hooks": {"Stop": {"add": ["x"]}}}]
)
def test_a_new_hook_stands_behind_the_others(defaults):
    document = {"defaults": defaults, "repositories": {"api": {}}}
    new = edited(document, listed_anew(document, HOOK, ["Stop", "PreToolUse"]))
    assert {("api", "Stop", HOOK), ("api", "PreToolUse", HOOK)} <= running(new)
    assert running(new, HOOK) == running(document)
