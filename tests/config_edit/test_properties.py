"""What must hold for every edit of every text that people might write."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from hubctl.config.edit import add_to_list, keys_at, remove_from_list, remove_value, set_value
from hubctl.errors import UsageError
from tests.config_edit import reading
from tests.config_edit.documents import KEYS, PLAIN, Written, documents
from tests.config_edit.reading import changed, lookup, value, without

RUN = settings(
    max_examples=int(os.environ.get("HUBCTL_TEST_EXAMPLES", "60")),
    deadline=None,
    database=None,
    # A text from a seed does not shrink.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
NEW = "new-key"
TEXTS = st.one_of(
    st.sampled_from(
        (*PLAIN, *KEYS, "", " ", "two\nlines\n", "a\n\nb", "\n", "x\t", "-", "<<", "é")
    ),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: 1, 1.0 and true differ, the order of keys does not matter."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


def attempt(written: Written, edit: Any, *arguments: Any) -> bytes:
    """The edited bytes; being refused is right only where aliases share something."""
    try:
        return edit(written.data, *arguments)
    except UsageError as error:
        assert written.shared, error.message
        assume(False)
        raise AssertionError from error


def some_path(written: Written, data: st.DataObject) -> tuple[str, ...]:
    found = reading.paths(value(written.data))
    return data.draw(st.sampled_from(found), label="path")


@RUN
@given(documents(), st.data(), VALUES)
def test_setting_a_key_changes_its_value_and_its_lines_only(written, data, wanted):
    path = some_path(written, data)
    result = attempt(written, set_value, path, wanted)
    assert same(value(result), changed(value(written.data), path, wanted))
    if not written.shared:
        assert reading.only_changes(written.data, result, *reading.own_lines(written.data, path))


@RUN
@given(documents(), st.data(), VALUES)
def test_a_new_key_is_inserted_and_removing_it_restores_the_bytes(written, data, wanted):
    document = value(written.data)
    parent = data.draw(st.sampled_from(list(reading.mapping_paths(document))), label="parent")
    result = attempt(written, set_value, (*parent, NEW), wanted)
    assert same(value(result), changed(document, (*parent, NEW), wanted))
    assert keys_at(result, parent)[-1] == NEW
    if written.data.endswith(b"end"):
        return  # a block without a line end at its end: its header has to say so from now on
    if lookup(document, parent):
        assert remove_value(result, (*parent, NEW)) == written.data
    if not written.shared and not in_brackets(written.data, parent):
        assert reading.is_insertion(written.data, result)


def in_brackets(data: bytes, path: tuple[str, ...]) -> bool:
    text = data.decode("utf-8-sig").splitlines()
    found = reading.read(data)
    places = [found.location(path[: n + 1], value=True) for n in range(len(path))]
    return any(text[p.line - 1][p.column - 1 :].startswith(("{", "&")) for p in places)


@RUN
@given(documents(), st.data())
def test_removing_a_key_takes_its_own_lines_only(written, data):
    path = some_path(written, data)
    result = attempt(written, remove_value, path)
    assert same(value(result), without(value(written.data), path))
    if written.shared:
        return
    first, last = reading.own_lines(written.data, path)
    text = reading.lines_of(written.data)
    blank_above = first > 1 and not text[first - 2].strip()
    if len(lookup(value(written.data), path[:-1])) == 1:
        # The only key: the line of its parent gets the braces.
        first = reading.own_lines(written.data, path[:-1])[0] if path[1:] else first
        last, blank_above = (last, False) if path[1:] else (len(text), False)
    assert reading.only_changes(written.data, result, first - blank_above, last)


@RUN
@given(documents(), st.data(), VALUES, st.lists(TEXTS, min_size=1, max_size=3))
def test_missing_mappings_on_the_way_are_made(written, data, wanted, keys):
    assume("<<" not in keys)
    document = value(written.data)
    empty = [p for p in reading.paths(document) if lookup(document, p) in (None, {})]
    parent = data.draw(st.sampled_from([(), *empty]), label="parent")
    path = (*parent, NEW, *keys)
    result = attempt(written, set_value, path, wanted)
    assert same(value(result), changed(document, path, wanted))
    assert remove_value(set_value(result, path, "other"), path) == remove_value(result, path)


@RUN
@given(documents(), st.data(), VALUES)
def test_lists_grow_at_their_end_and_shrink_again(written, data, item):
    document = value(written.data)
    lists = [p for p in reading.paths(document) if isinstance(lookup(document, p), list)]
    assume(lists)
    path = data.draw(st.sampled_from(lists), label="path")
    items = lookup(document, path)
    result = attempt(written, add_to_list, path, item)
    if any(same(item, old) for old in items):
        assert result == written.data
        return
    assert same(value(result), changed(document, path, [*items, item]))
    if items and not written.data.endswith(b"end"):
        assert remove_from_list(result, path, item) == written.data


@RUN
@given(documents(), st.data())
def test_removing_an_element_keeps_the_others(written, data):
    document = value(written.data)
    lists = [
        p
        for p in reading.paths(document)
        if lookup(document, p) and list in map(type, [lookup(document, p)])
    ]
    assume(lists)
    path = data.draw(st.sampled_from(lists), label="path")
    items = lookup(document, path)
    gone = data.draw(st.sampled_from(items), label="element")
    result = attempt(written, remove_from_list, path, gone)
    kept = [item for item in items if not same(item, gone)]
    assert same(value(result), changed(document, path, kept))
    if not written.shared:
        assert reading.only_changes(written.data, result, *reading.own_lines(written.data, path))


@RUN
@given(documents(), st.data())
def test_an_edit_that_changes_nothing_returns_the_same_bytes(written, data):
    document, path = value(written.data), some_path(written, data)
    here = lookup(document, path)
    assert set_value(written.data, path, here) == written.data
    assert remove_value(written.data, (*path, NEW)) == written.data
    assert remove_value(written.data, (NEW, *path)) == written.data
    if isinstance(here, list):
        assert remove_from_list(written.data, path, [[NEW]]) == written.data
        for item in here:
            assert add_to_list(written.data, path, item) == written.data


@RUN
@given(documents(), st.data(), VALUES)
def test_values_inside_a_mapping_or_list_are_changed_one_by_one(written, data, wanted):
    document = value(written.data)
    path = data.draw(st.sampled_from(reading.paths(document)), label="path")
    target = nudged(lookup(document, path), wanted, data)
    result = attempt(written, set_value, path, target)
    assert same(value(result), changed(document, path, target))


def nudged(here: Any, wanted: Any, data: st.DataObject) -> Any:
    """The value with a few of its parts dropped, replaced or added."""
    keep = st.sampled_from(("keep", "keep", "drop", "nudge", "add"))
    if isinstance(here, dict):
        parts = {k: (data.draw(keep), v) for k, v in here.items()}
        result = {
            k: nudged(v, wanted, data) if d == "nudge" else v
            for k, (d, v) in parts.items()
            if d != "drop"
        }
        return result if data.draw(st.booleans()) else {**result, NEW: wanted, "more": [wanted]}
    if isinstance(here, list):
        items = []
        for item in here:
            what = data.draw(keep)
            items += (
                [] if what == "drop" else [nudged(item, wanted, data) if what == "nudge" else item]
            )
            items += [wanted] if what == "add" else []
        return items
    return wanted
