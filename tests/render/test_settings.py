"""Settings as fields: what is refused, what is joined, and that flattening loses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.check.settings_lint import settings_of
from hubctl.config.merge import is_set_like
from hubctl.errors import UsageError
from hubctl.model.item import Handler
from hubctl.render.settings import render
from tests.render.golden_case import load_subject

SUBJECT, _ = load_subject("settings-repository")
DATE = {"type": "command", "command": "date"}


def items_of(spec):
    return list(render(replace(SUBJECT, spec={"name": "api", **spec})))


def hooks(*groups, event="PreToolUse"):
    return {"settings": {"hooks": {event: list(groups)}}}


def group(*entries, matcher=None):
    made = {"hooks": list(entries)}
    return made if matcher is None else {"matcher": matcher, **made}


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({"settings": {"hooks": [1]}}, "settings.hooks"),
        ({"local": {"hooks": "x"}}, "local.hooks"),
        ({"settings": {"hooks": {"Stop": {"hooks": []}}}}, "settings.hooks.Stop"),
        (hooks("x"), "settings.hooks.PreToolUse"),
        (hooks({"matcher": "Bash"}), "settings.hooks.PreToolUse"),
        (hooks(group(DATE, matcher=["Bash"])), "settings.hooks.PreToolUse"),
        (hooks({**group(DATE), "comment": "x"}), "settings.hooks.PreToolUse"),
        (hooks(group("date")), "settings.hooks.PreToolUse"),
        (hooks(group({})), "settings.hooks.PreToolUse"),
    ],
)
def test_hooks_without_meaning_are_refused_with_their_place(spec, place):
    with pytest.raises(UsageError) as caught:
        items_of(spec)
    assert caught.value.message.startswith(f"api: {place} ")


@pytest.mark.parametrize(
    ("matchers", "joined"),
    [
        (("Bash", "Bash"), "Bash"),
        (("Bash", "Edit|Write"), "Bash|Edit|Write"),
        (("Bash", None), ""),
        (("^Edit$", "*"), ""),
        (("*", "*"), "*"),
        (("^Edit$", "^Edit$"), "^Edit$"),
    ],
)
def test_one_handler_under_several_matchers_becomes_one(matchers, joined):
    (item,) = items_of(hooks(*(group(DATE, matcher=matcher) for matcher in matchers)))
    assert item.value == Handler(matcher=joined, entry=DATE)


@pytest.mark.parametrize(
    "groups",
    [
        (group(DATE, matcher="Bash"), group(DATE, matcher="^Edit$")),
        (group(DATE), group({**DATE, "timeout": 5})),
    ],
)
def test_what_cannot_be_one_handler_is_refused(groups):
    with pytest.raises(UsageError, match="same handler"):
        items_of(hooks(*groups))


def test_the_same_handler_on_two_events_is_two():
    spec = {"settings": {"hooks": {"Stop": [group(DATE)], "SessionEnd": [group(DATE)]}}}
    assert len({item.address for item in items_of(spec)}) == 2


def test_an_empty_set_like_list_owns_nothing_and_any_other_empty_list_is_a_value():
    assert is_set_like(("permissions", "allow"))
    spec = {"settings": {"permissions": {"allow": []}, "fallbackModel": []}}
    assert [str(item.address) for item in items_of(spec)] == [
        "api:.claude/settings.json#/fallbackModel"
    ]


def test_set_like_lists_with_objects_are_owned_whole():
    (item,) = items_of({"settings": {"permissions": {"allow": ["Bash", {"x": 1}]}}})
    assert item.address.fragment == "/permissions/allow"


@pytest.mark.parametrize("key", ["true", "1", "1.0"])
def test_scalars_of_different_type_are_different_elements(key):
    values = {"true": True, "1": 1, "1.0": 1.0}
    items = items_of({"settings": {"permissions": {"allow": [*values.values(), values[key]]}}})
    assert [item.spec[-1] for item in items] == ["=true", "=1", "=1.0"]


@pytest.mark.parametrize(
    ("spec", "sensitive"),
    [
        ({"settings": {"env": {"TOKEN": "x"}}}, True),
        ({"settings": {"apiKeyHelper": "x"}}, True),
        (hooks(group({"type": "http", "url": "http://x", "headers": {"A": "b"}})), True),
        (hooks(group({"type": "http", "url": "http://x"})), False),
        ({"settings": {"model": "opus"}}, False),
    ],
)
def test_values_that_are_shown_masked(spec, sensitive):
    assert [item.sensitive for item in items_of(spec)] == [sensitive]


LEAVES = st.booleans() | st.integers() | st.text(max_size=5)
KEYS = st.sampled_from(["a", "env", "x/y", "k=v", "~", "", "Ω"])
OBJECTS = st.recursive(
    st.dictionaries(KEYS, LEAVES | st.lists(LEAVES, max_size=3), max_size=3),
    lambda inner: st.dictionaries(KEYS, inner | LEAVES, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80)
@given(OBJECTS)
def test_fields_together_are_the_settings_again(value):
    assert settings_of(items_of({"settings": value})) == value


@settings(max_examples=80)
@given(OBJECTS, OBJECTS)
def test_two_layers_in_one_file_are_one_value_and_name_their_part_of_the_spec(shared, mine):
    items = items_of({"commit": False, "settings": shared, "local": mine})
    layers = {"settings": shared, "local": mine}
    settings_of(items)
    for item in items:
        below = layers[item.spec[0]]
        for key in item.spec[1:]:
            below = below[key]
        assert below == item.value.value
