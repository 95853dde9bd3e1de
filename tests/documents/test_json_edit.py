"""Editing JSON: the layouts and oddities that people's files have."""

from __future__ import annotations

import difflib
import json
import time

import pytest

from hubctl.documents import DocumentError, edit_document
from hubctl.model.item import BlockText
from tests.documents.building import SETTINGS, drop, edit, put, undo

RULE = '/permissions/allow="Bash(x)"'

# before, fragment, value, after; taking it away again gives the first text
NEW = [
    ('{"a": 1}', "/b", 2, '{"a": 1, "b": 2}'),
    ('{"a":1}', "/b", {"c": [1, 2]}, '{"a":1,"b":{"c":[1,2]}}'),
    ('{ "a" : 1 }', "/b", 2, '{ "a" : 1, "b" : 2 }'),
    ('{"a": 1 , "b": 2 }\n', "/c", 3, '{"a": 1 , "b": 2, "c": 3 }\n'),
    ('{\n  "a": 1\n}\n', "/b", 2, '{\n  "a": 1,\n  "b": 2\n}\n'),
    ('{\n\t"a": 1\n}', "/b", {"c": 2}, '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 2\n\t}\n}'),
    ('{\r\n  "a": 1\r\n}\r\n', "/b", [2], '{\r\n  "a": 1,\r\n  "b": [\r\n    2\r\n  ]\r\n}\r\n'),
    ('{\n"a": 1\n}', "/b/c", 2, '{\n"a": 1,\n"b": {\n"c": 2\n}\n}'),
    ('{\n  "a": 1,\n\n  "b": 2\n}', "/c", 3, '{\n  "a": 1,\n\n  "b": 2,\n  "c": 3\n}'),
    ('{\n    "a": 1\n  , "b": 2\n}', "/c", 3, '{\n    "a": 1\n  , "b": 2, "c": 3\n}'),
    ("{}", "/a/b", "é", '{\n  "a": {\n    "b": "é"\n  }\n}'),
    ("{ }", "/a", 1, '{\n  "a": 1\n}'),
    ("{\n}\n", "/a", 1, '{\n  "a": 1\n}\n'),
    ("{\r\n}\r\n", "/a", 1, '{\r\n  "a": 1\r\n}\r\n'),
    ('{\n  "e": {}\n}', "/e/a", 1, '{\n  "e": {\n    "a": 1\n  }\n}'),
    ('{"e": { }}', "/e/a", 1, '{"e": {"a": 1}}'),
    ('\ufeff{"a": "\\u00e9\\/"}', "/b", "\u2028", '\ufeff{"a": "\\u00e9\\/", "b": "\u2028"}'),
    ('{"a": 1, "a": 2}', "/b", 3, '{"a": 1, "a": 2, "b": 3}'),
    (
        '{"permissions": {\n    "allow": [\n      "a",\n      "b"\n    ]\n  }}',
        RULE,
        "Bash(x)",
        '{"permissions": {\n    "allow": [\n      "a",\n      "b",\n      "Bash(x)"\n    ]\n  }}',
    ),
    (
        '{\n  "permissions": {"allow": ["a"], "deny": []}\n}',
        RULE,
        "Bash(x)",
        '{\n  "permissions": {"allow": ["a", "Bash(x)"], "deny": []}\n}',
    ),
    (
        '{"permissions": {"allow": ["a",\n "b", "c", "c"]}}',
        RULE,
        "Bash(x)",
        '{"permissions": {"allow": ["a",\n "b", "c", "c", "Bash(x)"]}}',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "fragment", "value", "after"), NEW)
def test_a_new_value_looks_like_its_neighbours_and_goes_without_a_trace(
    before, fragment, value, after
):
    one = put(fragment, value)
    edited = edit(before.encode(), one)
    assert edited.data.decode() == after
    back = edit(edited.data, *undo([one]), containers=edited.containers)
    assert (back.data.decode(), back.containers) == (before, {})


def test_a_new_file_is_two_space_json_and_goes_again():
    edits = [put("/model", "opus"), put(RULE, "Bash(x)")]
    edited = edit(None, *edits)
    wanted = {"model": "opus", "permissions": {"allow": ["Bash(x)"]}}
    assert edited.data.decode() == json.dumps(wanted, indent=2) + "\n"
    assert edited.containers[SETTINGS] == "absent"
    back = edit(edited.data, *undo(edits), containers=edited.containers)
    assert (back.data, back.containers) == (None, {})
    assert edit(None, drop("/model")).data is None


def test_a_new_file_in_which_the_user_has_written_stays():
    edited = edit(None, put("/model", "opus"))
    theirs = edited.data.replace(b'"opus"', b'"opus",\n  "mine": 1')
    back = edit(theirs, drop("/model"), containers=edited.containers)
    assert back.data == b'{\n  "mine": 1\n}\n'


@pytest.mark.parametrize("rules", [["a", "b"], ["a"], ["a", "b", "c"]])
def test_one_more_permission_is_a_one_line_difference(rules):
    text = json.dumps({"permissions": {"allow": rules, "ask": ["q"]}, "z": 1}, indent=4)
    new = edit(text.encode(), put(RULE, "Bash(x)")).data.decode()
    difference = list(difflib.unified_diff(text.split("\n"), new.split("\n"), n=0))[2:]
    assert [line.replace(" ", "") for line in difference if line[0] in "+-"] == [
        f'-"{rules[-1]}"',
        f'+"{rules[-1]}",',
        '+"Bash(x)"',
    ]


REPLACED = [
    ('{"a": 1, "b": [1,2]}', "/a", "x", '{"a": "x", "b": [1,2]}'),
    ('{\n\t"a" :  {},\n\t"b": 2}', "/a", [1], '{\n\t"a" :  [\n\t\t1\n\t],\n\t"b": 2}'),
    ('{\n\t"a"   : {},\n\t"b": 2}', "/a", {"y": 1}, '{\n\t"a"   : {\n\t\t"y": 1\n\t},\n\t"b": 2}'),
    ('{"a": true}', "/a", 1, '{"a": 1}'),
    ('{"a": 1}', "/a", 1.0, '{"a": 1.0}'),
    ('{"a": 1}', "/a", None, '{"a": null}'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "fragment", "value", "after"), REPLACED)
def test_replacing_changes_the_value_alone(before, fragment, value, after):
    assert edit(before.encode(), put(fragment, value)).data.decode() == after


@pytest.mark.parametrize(
    ("text", "fragment", "value"),
    [
        ('{"a": {"y":2,"x":1.50}}', "/a", {"x": 1.5, "y": 2}),
        ('{"a": "\\u00e9"}', "/a", "é"),
        ('{"l": [ "x" ,"x"]}', '/l="x"', "x"),
    ],
)
def test_an_equal_value_keeps_its_bytes(text, fragment, value):
    data = text.encode()
    assert edit(data, put(fragment, value)).data is data


REMOVED = [
    ('{"a": 1, "b": 2, "c": 3}', ["/a"], '{"b": 2, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3}', ["/b"], '{"a": 1, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3 }', ["/c"], '{"a": 1, "b": 2 }'),
    ('{\n  "a": 1,\n  "b": 2\n}', ["/a"], '{\n  "b": 2\n}'),
    ('{\n  "a": 1,\n  "b": 2\n}', ["/b"], '{\n  "a": 1\n}'),
    ('{"a": {"b": 1}}', ["/a/b"], '{"a": {}}'),
    ('{"l": ["x", 1, "x", true, "y"]}', ['/l="x"'], '{"l": [1, true, "y"]}'),
    ('{"l": ["x", 1, "x", true, "y"]}', ["/l=1"], '{"l": ["x", "x", true, "y"]}'),
    ('{"a": 1, "b": 2, "c": 3}', ["/a", "/c", "/nothing", "/x/y"], '{"b": 2}'),
]


@pytest.mark.parametrize(("before", "fragments", "after"), REMOVED)
def test_removing_takes_one_comma_along(before, fragments, after):
    assert edit(before.encode(), *map(drop, fragments)).data.decode() == after


def test_exchanging_the_last_element_keeps_the_list_in_its_place():
    first = edit(b'{"z": 1}', put(RULE, "Bash(x)"))
    second = edit(
        first.data.replace(b"}}", b'}, "after": 1}'),
        drop(RULE),
        put('/permissions/allow="Bash(y)"', "Bash(y)"),
        containers=first.containers,
    )
    assert second.data == b'{"z": 1, "permissions": {"allow": ["Bash(y)"]}, "after": 1}'
    assert second.containers == first.containers


def test_a_whole_value_may_take_the_place_of_its_parts_and_back():
    first = edit(b"{}", put("/env/A", "1"))
    whole = edit(first.data, drop("/env/A"), put("/env", {"A": "2"}), containers=first.containers)
    assert json.loads(whole.data) == {"env": {"A": "2"}}
    assert f"{SETTINGS}#/env" not in whole.containers
    parts = edit(whole.data, drop("/env"), put("/env/B", "3"), containers=whole.containers)
    assert json.loads(parts.data) == {"env": {"B": "3"}}
    assert edit(parts.data, drop("/env/B"), containers=parts.containers).data == b"{}"


CONTRADICTIONS = [
    (put("/a", 1), put("/a", 2)),
    (put("/a", 1), drop("/a")),
    (put("/a", {}), put("/a/b", 1)),
    (put("/a", []), put("/a=1", 1)),
]


@pytest.mark.parametrize("edits", CONTRADICTIONS)
def test_contradicting_edits_are_refused(edits):
    with pytest.raises(DocumentError, match=r"both|different"):
        edit(b"{}", *edits)


IN_THE_WAY = [
    ('{\n"a": "text"}', put("/a/b", 1), "/a is not an object", 2),
    ('{"a": {\n"b": null}}', put("/a/b/c", 1), "/a/b is not an object", 2),
    ('{"a": {}}', put("/a=1", 1), "/a is not a list", 1),
    ("[]", put("/a", 1), "holds no JSON object", 1),
    ('{"a": 1,\n"b": 2,\n"a": 3}', put("/a", 4), "'a' stands here a second time", 3),
    ('{"p": {"x": 1},\n"p": {}}', put("/p/y", 4), "'p' stands here a second time", 2),
    ('{"a": 1 // c\n}', put("/b", 1), "comment", 1),
]


@pytest.mark.parametrize(("text", "one", "message", "line"), IN_THE_WAY)
def test_what_stands_in_the_way_is_refused_with_its_line(text, one, message, line):
    with pytest.raises(DocumentError) as caught:
        edit(text.encode(), one)
    assert message in caught.value.message
    assert caught.value.line == line


@pytest.mark.parametrize(
    "one",
    [
        put("/a", float("nan")),
        put("/a", {1, 2}),
        put("block:x", BlockText(text="", comment="html")),
        put("/a", BlockText(text="", comment="html")),
        put("hook:Stop/x", 1),
    ],
)
def test_what_json_cannot_hold_is_refused(one):
    with pytest.raises(DocumentError):
        edit(b"{}", one)


def test_a_lone_surrogate_is_escaped():
    assert edit(b"{}", put("/a", "\ud800")).data == b'{\n  "a": "\\ud800"\n}'


def test_a_forged_record_puts_nothing_into_a_file():
    edited = edit(b'{"a": {"b": 1}}', drop("/a/b"), containers={f"{SETTINGS}#/a": '"evil": 1'})
    assert edited.data == b'{"a": {}}'


def test_a_container_that_the_user_emptied_and_left_stays():
    first = edit(b"{}", put(RULE, "Bash(x)"))
    emptied = first.data.replace(b'"Bash(x)"', b"")
    again = edit(emptied, put(RULE, "Bash(x)"), containers=first.containers)
    assert edit(again.data, drop(RULE), containers=again.containers).data == emptied


def test_thirty_foreign_keys_with_tabs_crlf_and_bom_stay_byte_for_byte():
    foreign = [f'\t"x-{n}"  :\t[ {n},{n} ,\t"\\u00{n + 32:02x}" ]' for n in range(30)]
    body = ",\r\n".join(
        [*foreign[:20], '\t"permissions":{\r\n\t\t"allow":["Bash(ls)"]}', *foreign[20:]]
    )
    data = f"\ufeff{{\r\n{body}\r\n}}".encode()
    edits = [put(RULE, "Bash(x)"), put("/model", "opus"), put("/env/A", "1"), put("/x-3", [])]
    edited = edit(data, *edits)
    text = edited.data.decode()
    assert all(line in text for number, line in enumerate(foreign) if number != 3)
    assert text.startswith("\ufeff{\r\n") and text.endswith("\r\n}")
    assert "\n" not in text.replace("\r\n", "")
    back = edit(edited.data, *undo(edits[:3]), containers=edited.containers)
    restored = back.data.decode().replace('\t"x-3"  :\t[]', foreign[3])
    assert restored.encode() == data


def test_five_megabytes_of_permissions_take_bounded_time():
    rules = [f"Bash(some rather long command {number}:*)" for number in range(110_000)]
    data = json.dumps({"permissions": {"allow": rules}}, indent=2).encode()
    assert len(data) > 5_000_000
    edits = [put(f'/permissions/allow="Bash({n})"', f"Bash({n})") for n in range(300)]
    start = time.process_time()
    edited = edit_document(SETTINGS, data, edits, {})
    back = edit_document(SETTINGS, edited.data, undo(edits), edited.containers)
    assert time.process_time() - start < 20
    assert back.data == data
