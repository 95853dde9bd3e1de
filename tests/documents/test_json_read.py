"""Reading JSON: what is refused and where, and the values at addresses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from hubctl.documents import DocumentError, read_document
from hubctl.documents.json_syntax import open_container
from hubctl.model.item import Handler, JsonValue
from hubctl.model.state import ABSENT
from tests.documents.building import (
    LAYOUTS,
    SETTINGS,
    address,
    command,
    settings_values,
    value_at,
)

# bytes, part of the message, line, column
REFUSED = [
    (b'{"a": 1 // c\n}', "a // comment is not JSON", 1, 9),
    (b'{\n  // c\n  "a": 1}', "a // comment is not JSON", 2, 3),
    (b'{"a": /* c */ 1}', "a /* comment is not JSON", 1, 7),
    (b'{\n# c\n"a": 1}', "a # comment is not JSON", 2, 1),
    (b'{"a": 1}\n// c', "a // comment is not JSON", 2, 1),
    (b'{"a": 1,\n}', "a trailing comma is not JSON", 1, 8),
    (b'{"a": [1, ]}', "a trailing comma is not JSON", 1, 9),
    (b'{\n<<<<<<< HEAD\n"a": 1\n', "merge-conflict", 2, 1),
    (b'{\n"a": 1,\n=======\n"a": 2\n}', "merge-conflict", 3, 1),
    (b'{\n"a": 1\n>>>>>>> theirs\n}', "merge-conflict", 3, 1),
    (b"", "the file is empty", 1, 1),
    (b" \n\n", "the file is empty", 3, 1),
    (b'{"a": ', "ends too early", 1, 7),
    (b'{"a": "b\n"}', "invalid control character", 1, 9),
    (b"{'a': 1}", "double quotes", 1, 2),
    (b'{"a": 1} {}', "extra data", 1, 10),
    (b'{"NaN": "NaN",\n "a": NaN}', "NaN is not JSON", 2, 7),
    (b'{"a": -Infinity}', "-Infinity is not JSON", 1, 7),
    (b'{"a": ' + b"1" * 5000 + b"}", "a number of 5000 digits", 1, 7),
    (b'{"\xc3\xa9": "\xff"}', "the byte 0xff", 1, 8),
    (b'\xef\xbb\xbf{\n"\xe9": 1}', "the byte 0xe9", 2, 2),
    (b"\xff\xfe{\0}\0", "UTF-16", 1, 1),
    (b"[" * 2000 + b"]" * 2000, "nested deeper than 200 levels", 1, 201),
    (b"[" * 201 + b"]" * 201, "nested deeper than 200 levels", 1, 201),
    (b'{"[[": ' * 300 + b"1" + b"}" * 300, "nested deeper than 200 levels", 1, 1401),
    (b"[" * 100_000, "", 1, 201),
]


@pytest.mark.parametrize(("data", "message", "line", "column"), REFUSED)
def test_what_the_client_would_ignore_is_refused_with_its_place(data, message, line, column):
    with pytest.raises(DocumentError) as caught:
        read_document(SETTINGS, data)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200 + b"]" * 200,
        b'{"a": "' + b"[" * 5000 + b'"}',
        b"[" + b"[]," * 5000 + b"[]]",
        b'\xef\xbb\xbf{"a": "// no comment, }"}\n',
    ],
)
def test_what_only_looks_wrong_is_read(data):
    read_document(SETTINGS, data)


@given(settings_values(), LAYOUTS)
@settings(deadline=None)
def test_the_pieces_of_a_text_are_the_text_and_say_the_same(value, layout):
    text = layout.write(value).decode("utf-8-sig").strip()
    pieces = open_container(text)
    assert {member.key: json.loads(member.raw_value()) for member in pieces.members} == value
    for member in pieces.members:
        assert text[member.offset :].startswith(member.head + member.text)
        inside = member.open()
        if inside is not None:
            assert [json.loads(m.raw_value()) for m in inside.members] == list(
                value[member.key].values()
                if isinstance(value[member.key], dict)
                else value[member.key]
            )
            for inner in inside.members:
                assert text[inner.offset :].startswith(inner.head + inner.text)
    assert pieces.raw() == text


def test_fields_are_read_with_their_type():
    data = b'{"a": {"b": [1], "c/d": true}, "n": null, "x": 1, "y": 1.0}'
    for fragment, value in [
        ("/a", {"b": [1], "c/d": True}),
        ("/a/b", [1]),
        ("/a/c~1d", True),
        ("/n", None),
        ("/x", 1),
    ]:
        assert value_at(data, fragment) == JsonValue(value=value)
    assert type(value_at(data, "/y").value) is float
    for fragment in ("/b", "/a/b/c", "/x/y", "/a/b/0", "block:x", "hook:Stop/hubctl"):
        assert value_at(data, fragment) is ABSENT


def test_elements_are_told_apart_by_type():
    data = b'{"l": [1, true, "x=y", null, {"a": 1}]}'
    present = ["/l=1", "/l=true", '/l="x=y"', "/l=null"]
    assert all(value_at(data, fragment) is not ABSENT for fragment in present)
    assert value_at(data, "/l=true").value is True
    assert all(value_at(data, f) is ABSENT for f in ("/l=1.0", "/l=false", '/l="1"', "/m=1"))


BLOCKED = [
    ("/a/b", b'{"a": "text"}', "/a"),
    ("/a/b", b'{"a": null}', "/a"),
    ("/a/b/c", b'{"a": {"b": []}}', "/a/b"),
    ("/a/b", b'{"a": {"b": 1}}', None),
    ("/a/b", b"{}", None),
    ("/a", b"[]", "(the whole file)"),
    ("/a", b'"x"', "(the whole file)"),
    ('/p/allow="x"', b'{"p": {"allow": {}}}', "/p/allow"),
    ('/p/allow="x"', b'{"p": {"allow": []}}', None),
    ('/p/allow="x"', b'{"p": []}', "/p"),
    ("hook:Stop/hubctl", b'{"hooks": []}', "/hooks"),
    ("hook:Stop/hubctl", b'{"hooks": {"Stop": {}}}', "/hooks/Stop"),
    ("hook:Stop/hubctl", b'{"hooks": {"Stop": []}}', None),
    ("hook:Stop/hubctl", b"{}", None),
]


@pytest.mark.parametrize(("fragment", "data", "pointer"), BLOCKED)
def test_what_stands_in_the_way_is_named(fragment, data, pointer):
    document = read_document(SETTINGS, data)
    assert document.blocked(address(fragment)) == pointer


def test_parts_list_what_can_be_addressed():
    data = json.dumps(
        {
            "model": "opus",
            "permissions": {"allow": ["a", "a", 1, True], "deny": []},
            "hooks": {
                "Stop": [
                    {"hooks": [{"type": "command", "command": "/r/current/run.py"}]},
                    {"matcher": "x", "hooks": [{"type": "prompt", "prompt": "ok?"}]},
                ],
                "Odd": "text",
            },
        }
    ).encode()
    parts = dict(read_document(SETTINGS, data).parts())
    assert list(parts)[:6] == [
        "/model",
        '/permissions/allow="a"',
        "/permissions/allow=1",
        "/permissions/allow=true",
        "/permissions/deny",
        "hook:Stop/hubctl",
    ]
    assert parts["hook:Stop/hubctl"] == command("/r/current/run.py").__class__(
        matcher="", entry={"type": "command", "command": "/r/current/run.py"}, ours=True
    )
    prompt = [f for f in parts if f.startswith("hook:Stop/") and f != "hook:Stop/hubctl"]
    assert isinstance(parts[prompt[0]], Handler)
    assert parts["/hooks/Odd"] == JsonValue(value="text")
