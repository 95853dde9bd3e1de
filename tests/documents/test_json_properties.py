"""Properties of editing JSON: random documents in random layouts, random edits."""

from __future__ import annotations

import copy
import json

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hubctl.documents import DocumentError, Edit, edit_document, read_document
from hubctl.documents.same import same_json
from hubctl.model.address import Part, element_fragment, join_pointer
from hubctl.model.item import Handler, JsonValue, hash_value
from hubctl.model.state import ABSENT
from tests.documents.building import (
    EVENTS,
    KEYS,
    LAYOUTS,
    RULES,
    SETTINGS,
    VALUES,
    command,
    drop,
    put,
    settings_values,
    undo,
)

_POINTERS = st.lists(KEYS, min_size=1, max_size=3)
_FIELDS = st.builds(lambda keys, value: put(join_pointer(tuple(keys)), value), _POINTERS, VALUES)
_LISTS = st.sampled_from([("permissions", "allow"), ("permissions", "deny"), ("a",)])
_ELEMENTS = st.builds(lambda keys, rule: put(element_fragment(keys, rule), rule), _LISTS, RULES)
_HANDLERS = st.builds(
    lambda event, matcher, wait: put(
        f"hook:{event}/hubctl", command(f"/r/current/run.py {event}", matcher, timeout=wait)
    ),
    EVENTS,
    st.sampled_from(["", "Bash", "*"]),
    st.integers(1, 3),
)
SETS = st.lists(st.one_of(_FIELDS, _ELEMENTS, _HANDLERS), min_size=1, max_size=5)


def make(data: bytes | None, edits: list[Edit], containers: dict | None = None):
    """Edit, leaving out examples that are refused: contradictions and values in the way."""
    try:
        return edit_document(SETTINGS, data, edits, containers or {})
    except DocumentError:
        assume(False)
        raise


def expected(value: dict, edits: list[Edit]) -> dict:
    """What the document should say: written down a second time, on plain data, to compare with."""
    value = copy.deepcopy(value)
    for edit in edits:
        part, keys = edit.address.part, edit.address.pointer
        if part is Part.HANDLER:
            _expect_handler(value, edit)
            continue
        parent = value
        for key in keys[:-1]:
            parent = parent.setdefault(key, {})
        if part is Part.FIELD:
            parent[keys[-1]] = edit.value.value
        else:
            items = parent.setdefault(keys[-1], [])
            if not any(same_json(item, edit.address.element) for item in items):
                items.append(edit.address.element)
    return value


def _expect_handler(value: dict, edit: Edit) -> None:
    event = edit.address.name.partition("/")[0]
    groups = value.setdefault("hooks", {}).setdefault(event, [])
    matcher = {"matcher": edit.value.matcher} if edit.value.matcher else {}
    groups.append({**matcher, "hooks": [edit.value.entry]})


def common_head(one: bytes, other: bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def absent(data: bytes, edits: list[Edit]) -> bool:
    document = read_document(SETTINGS, data)
    return all(document.get(edit.address) is ABSENT for edit in edits)


@given(settings_values(), LAYOUTS, SETS)
@settings(deadline=None)
def test_edits_hold_and_nothing_else_changes(value, layout, edits):
    edits = list({edit.address: edit for edit in edits}.values())
    edited = make(layout.write(value), edits)
    found = json.loads(edited.data.decode("utf-8-sig"))
    assert same_json(found, expected(value, edits))
    document = read_document(SETTINGS, edited.data)
    for edit in edits:
        assert hash_value(document.get(edit.address)) == hash_value(edit.value)


@given(settings_values(), LAYOUTS, SETS)
@settings(deadline=None)
def test_the_same_edits_again_change_no_byte(value, layout, edits):
    once = make(layout.write(value), edits)
    again = make(once.data, edits, once.containers)
    assert again.data is once.data
    assert again.containers == once.containers


@given(settings_values(), LAYOUTS, SETS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_setting_something_new_and_removing_it_gives_the_old_bytes(value, layout, edits, random):
    data = layout.write(value)
    edits = list({edit.address: edit for edit in edits}.values())
    assume(absent(data, edits))
    edited = make(data, edits)
    removals = undo(edits)
    random.shuffle(removals)
    at_once = make(edited.data, removals, edited.containers)
    assert (at_once.data, at_once.containers) == (data, {})
    for removal in removals:
        edited = make(edited.data, [removal], edited.containers)
    assert (edited.data, edited.containers) == (data, {})


@given(SETS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_file_that_we_created_goes_when_nothing_is_left(edits, random):
    edits = list({edit.address: edit for edit in edits}.values())
    edited = make(None, edits)
    assert edited.data.endswith(b"}\n")
    removals = undo(edits)
    random.shuffle(removals)
    for removal in removals:
        edited = make(edited.data, [removal], edited.containers)
    assert (edited.data, edited.containers) == (None, {})


@given(settings_values(), LAYOUTS, st.one_of(_FIELDS, _ELEMENTS, _HANDLERS))
@settings(deadline=None)
def test_one_new_value_is_one_stretch_of_new_text(value, layout, edit):
    data = layout.write(value)
    assume(absent(data, [edit]))
    new = make(data, [edit]).data
    head = common_head(data, new)
    tail = common_head(data[head:][::-1], new[head:][::-1])
    # All that may be gone is the white space in a container that was empty.
    assert not data[head : len(data) - tail].strip()


@given(settings_values(), LAYOUTS, VALUES)
@settings(deadline=None)
def test_replacing_touches_only_the_value(value, layout, new_value):
    assume(value)
    key = next(iter(value))
    data = layout.write(value)
    new = make(data, [put(join_pointer((key,)), new_value)]).data
    first, rest = data.split(json.dumps(key, ensure_ascii=layout.ascii).encode(), 1)
    assert new.startswith(first + data[len(first) : len(data) - len(rest)])
    other = [name for name in value if name != key]
    if other:
        mark = (json.dumps(other[0], ensure_ascii=layout.ascii) + layout.colon).encode()
        assert new.endswith(data[data.rindex(mark) :])


@given(settings_values(), LAYOUTS, st.lists(st.one_of(_FIELDS, _ELEMENTS), max_size=4))
@settings(deadline=None)
def test_removing_anything_leaves_the_rest(value, layout, edits):
    removals = [drop(edit.address.fragment) for edit in edits]
    assume(removals)
    data = layout.write(value)
    edited = make(data, removals)
    assert absent(edited.data, removals)
    again = make(edited.data, removals, edited.containers)
    assert again.data is edited.data


@given(settings_values(), LAYOUTS)
@settings(deadline=None)
def test_every_part_can_be_read_at_its_address(value, layout):
    document = read_document(SETTINGS, layout.write(value))
    for fragment, found in document.parts():
        if isinstance(found, JsonValue) and not isinstance(found.value, (dict, list)):
            stands = document.get(put(fragment, 0).address)
            assert same_json(stands.value, found.value)
        if isinstance(found, Handler):
            assert document.get(put(fragment, 0).address) is not ABSENT
