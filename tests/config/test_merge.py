"""Merging: the laws of null, only, remove and add; sets keep their order; nothing is changed."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubctl.config.merge import (
    SET_LIKE,
    SPEC_SET_LIKE,
    copy_json,
    is_edit,
    is_set_like,
    is_set_like_in_spec,
    merge,
)
from tests.config.documents import ELEMENTS, FREE, NAMES

ALLOW = ("settings", "permissions", "allow")
PLAIN = ("settings", "fallbackModel")
LISTS = st.lists(ELEMENTS, max_size=5)
MAPS = st.dictionaries(NAMES, FREE, max_size=4)


CASES = [
    # path, base, over, result
    (ALLOW, ["a", "b"], ["c", "a"], ["a", "b", "c"]),
    (ALLOW, None, ["c", "c"], ["c"]),
    (ALLOW, ["a", "b"], {"remove": ["a", "x"]}, ["b"]),
    (ALLOW, ["a", "b"], {"only": ["c"]}, ["c"]),
    (ALLOW, ["a"], {"only": []}, []),
    (ALLOW, ["a", "b"], {"remove": ["a"], "add": ["c", "b"]}, ["b", "c"]),
    (ALLOW, ["a"], {"only": ["b", "c"], "remove": ["b"], "add": ["d"]}, ["c", "d"]),
    (ALLOW, None, {"remove": ["a"]}, []),
    (PLAIN, ["a", "b"], ["c"], ["c"]),
    (PLAIN, ["a", "b"], {"remove": ["a"]}, ["b"]),
    (PLAIN, ["a"], {"add": ["b"]}, ["a", "b"]),
    (PLAIN, ["a", "b", "b"], {"remove": ["a"], "add": ["b", "c"]}, ["b", "b", "c"]),
    (PLAIN, ["a"], {"only": ["c", "c"]}, ["c", "c"]),
    (("settings",), {"a": 1, "b": {"c": 2}}, {"b": {"d": 3}}, {"a": 1, "b": {"c": 2, "d": 3}}),
    (("settings",), {"a": 1}, {"a": None, "z": None}, {}),
    (("settings",), {}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
    (("settings",), {"a": {"b": 1}}, {"a": 5}, {"a": 5}),
    (("settings",), {"a": 5}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    (("settings",), {"a": ["x"]}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    (("settings",), {}, {"l": [None, {"k": None}]}, {"l": [None, {"k": None}]}),
    (ALLOW, [1, True], [1.0, "1", 1], [1, True, 1.0, "1"]),
    (("settings", "allowedMcpServers"), [{"a": 1, "b": 2}], [{"b": 2, "a": 1}], [{"a": 1, "b": 2}]),
    (
        ("hooks", "Stop"),
        [{"hook": "a", "scope": "project", "options": {"x": 1, "y": 2}}, {"hook": "b"}],
        [{"hook": "a", "options": {"y": 3, "x": None}}, {"hook": "c"}],
        [{"hook": "a", "scope": "project", "options": {"y": 3}}, {"hook": "b"}, {"hook": "c"}],
    ),
    (
        ("hooks", "Stop"),
        [{"hook": "a", "options": {}}, {"hook": "b"}],
        {"remove": [{"hook": "a"}]},
        [{"hook": "b"}],
    ),
]


@pytest.mark.parametrize(("path", "base", "over", "result"), CASES)
def test_one_layer_over_another(path, base, over, result):
    before = copy.deepcopy((base, over))
    merged = merge(base, over, path)
    assert repr(merged) == repr(result)
    assert (base, over) == before


@given(LISTS, LISTS)
def test_uniting_keeps_order_and_repeats_nothing(base, more):
    united = merge(base, more, ALLOW)
    assert united == list(dict.fromkeys([*base, *more]))


@pytest.mark.parametrize("path", [ALLOW, PLAIN])
@given(base=st.lists(ELEMENTS, unique=True), removed=LISTS)
def test_removing_takes_away_exactly_those(path, base, removed):
    kept = merge(base, {"remove": removed}, path)
    assert kept == [element for element in base if element not in removed]


@given(LISTS, LISTS)
def test_only_forgets_what_was_inherited(base, wanted):
    assert merge(base, {"only": wanted}, ALLOW) == list(dict.fromkeys(wanted))


@given(MAPS, MAPS)
def test_a_layer_laid_twice_is_laid_once(base, over):
    once = merge(base, over, ("settings",))
    assert merge(once, over, ("settings",)) == once


@given(MAPS)
def test_an_empty_layer_changes_nothing(base):
    assert merge(base, {}, ("settings",)) == base


@given(MAPS, NAMES)
def test_null_deletes_and_nothing_else(base, key):
    merged = merge(base, {key: None}, ("settings",))
    assert merged == {name: value for name, value in base.items() if name != key}


@given(MAPS, MAPS)
def test_arguments_are_never_changed(base, over):
    before = copy.deepcopy((base, over))
    merge(base, over, ("settings",))
    assert (base, over) == before


@given(FREE)
def test_a_copy_is_equal_and_shares_nothing(value):
    copied = copy_json(value)
    assert copied == value
    assert not containers(copied) & containers(value)


def containers(value):
    """Identities of every map and list in a value."""
    found = set()
    if isinstance(value, dict | list):
        found.add(id(value))
        for member in value.values() if isinstance(value, dict) else value:
            found |= containers(member)
    return found


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (("permissions", "allow"), True),
        (("permissions", "defaultMode"), False),
        (("permissions",), False),
        (("sandbox", "network", "allowedDomains"), True),
        (("sandbox", "network"), False),
        (("enabledMcpjsonServers",), True),
        (("fallbackModel",), False),
        (("availableModels",), False),
        (("commands",), False),
        ((), False),
    ],
)
def test_set_like_paths_of_client_settings(path, wanted):
    assert is_set_like(path) is wanted
    assert is_set_like_in_spec(("settings", *path)) is (wanted and bool(path))
    assert is_set_like_in_spec(("local", *path)) is (wanted and bool(path))


def test_set_like_paths_of_a_spec():
    assert is_set_like_in_spec(("commands",))
    assert is_set_like_in_spec(("hooks", "Stop"))
    assert not is_set_like_in_spec(("permissions", "allow"))
    assert not is_set_like_in_spec(("hooks", "Stop", "0"))


def test_no_row_stands_twice():
    assert len(set(SET_LIKE)) == len(SET_LIKE)
    assert len(set(SPEC_SET_LIKE)) == len(SPEC_SET_LIKE)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"remove": []}, True),
        ({"only": ["a"], "add": []}, True),
        ({}, False),
        ({"remove": "x"}, False),
        ({"remove": [], "other": []}, False),
        ([], False),
    ],
)
def test_what_is_an_edit(value, wanted):
    assert is_edit(value) is wanted
