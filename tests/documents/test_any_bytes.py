"""Whatever a file holds: it is read and edited as it should be, or refused; nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.documents import DocumentError, edit_document, read_document
from hubctl.model.item import BlockText, Handler, JsonValue
from tests.documents.building import PRE_COMMIT, SETTINGS, drop, put, value_at

MD = "CLAUDE.md"
_PIECES = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b'"a"', b'"hooks"', b'"Stop"', b"\\", b"1", b"-",
    b"true",    b" ", b"\n", b"\r\n", b"\t", b"//", b"#", b"\xff", b"\xef\xbb\xbf", b"NaN", b"'",
]  # fmt: skip
_JSON = st.lists(st.sampled_from(_PIECES), max_size=24).map(b"".join) | st.binary(max_size=30)
_MARKS = [
    b"<!-- hubctl:begin hub -->", b"<!-- hubctl:end hub -->", b"<!-- hubctl:begin", b"-->", b"```",
    b"~~~", b"\n", b"\r\n", b"\r", b" ", b"text", b"\xff", b"\xef\xbb\xbf", b"\0",
    b"# hubctl:end hub",
]  # fmt: skip
_WORDS = [
    b"repos:", b"\n- ", b"\n  ", b"\n", b" ", b"repo: a", b"hooks:", b"- id: ours", b"- id: x",
    b"[", b"]", b"{", b"}", b",", b"# c", b"&a ", b"*a", b"|", b">+", b"'", b'"', b"\t", b"---",
    b"...", b"? ", b"!t ", b"\r\n", b"\xff", b"\xef\xbb\xbf", b"ci: 1",
]  # fmt: skip
_YAML = st.lists(st.sampled_from(_WORDS), max_size=16).map(b"".join)
_TEXT = st.lists(st.sampled_from(_MARKS), max_size=16).map(b"".join)


@given(_JSON)
@settings(deadline=None)
def test_json(data):
    edits = [put("/a/b", 1), put('/l="x"', "x")]
    try:
        root = read_document(SETTINGS, data).root
    except DocumentError:
        with pytest.raises((ValueError, ZeroDivisionError)):
            json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: 1 / 0)
        return
    assert root == json.loads(data.decode("utf-8-sig"))
    try:
        edited = edit_document(SETTINGS, data, edits, {})
    except DocumentError:
        return
    assert value_at(edited.data, "/a/b") == JsonValue(value=1)


@given(_TEXT)
@settings(deadline=None)
def test_blocks(data):
    one = put("block:hub", BlockText(text="ours\n", comment="html"), MD)
    try:
        before = value_at(data, "block:hub", MD)
        edited = edit_document(MD, data, [one], {})
    except DocumentError:
        return
    assert value_at(edited.data, "block:hub", MD) == one.value
    gone = edit_document(MD, edited.data, [drop("block:hub", MD)], edited.containers)
    if not isinstance(before, BlockText):
        assert gone.data == data


@given(_YAML)
@settings(deadline=None)
def test_pre_commit(data):
    name = "hook:pre-commit/ours"
    entry = {"repo": "local", "hooks": [{"id": "ours"}]}
    value = Handler(matcher="", entry=entry)
    try:
        edited = edit_document(PRE_COMMIT, data, [put(name, value, PRE_COMMIT)], {})
    except DocumentError:
        return
    assert value_at(edited.data, name, PRE_COMMIT) == value
    gone = edit_document(PRE_COMMIT, edited.data, [drop(name, PRE_COMMIT)], edited.containers)
    if b"ours" not in data:
        assert gone.data == data
