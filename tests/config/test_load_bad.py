"""Files that are no canonical.yaml: each mistake has its place, the same with both parsers."""

from __future__ import annotations

import pytest

from hubctl.config.load import load
from hubctl.model.finding import Severity

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])

# name, bytes, then every finding as (rule, line, column, part of the message)
BAD = [
    ("empty", b"", [("empty", 1, 1, "empty")]),
    ("only comments", b"# a\n\n# b\n", [("empty", 1, 1, "empty")]),
    ("null", b"\n~\n", [("empty", 2, 1, "empty")]),
    ("list", b"# x\n- a\n", [("no-mapping", 2, 1, "a list")]),
    ("text", b"hello\n", [("no-mapping", 1, 1, "a single value")]),
    ("duplicate", b"a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1, "first in line 1")]),
    (
        "duplicates at every depth",
        b"a:\n  x: 1\n  x: 2\n  x: 3\nb: {y: 1, 'y': 2}\n",
        [
            ("duplicate-key", 3, 3, "`x` stands twice (first in line 2)"),
            ("duplicate-key", 4, 3, "`x`"),
            ("duplicate-key", 5, 11, "`y` stands twice (first in line 5)"),
        ],
    ),
    ("two merges", b"a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", [("duplicate-key", 4, 3, "<<")]),
    ("merge of text", b"a: {<<: x}\n", [("merge", 1, 9, "cannot merge")]),
    ("merge of a list of texts", b"a: {<<: [x]}\n", [("merge", 1, 9, "cannot merge")]),
    ("number as key", b"ok: 1\n1: x\n", [("key", 2, 1, "`1` is no text")]),
    ("boolean as key", b"{true: x, on: y}\n", [("key", 1, 2, "`true` is no text")]),
    ("null as key", b"a: {~: x}\n", [("key", 1, 5, "`~` is no text")]),
    ("missing key", b"a: 1\n?\n: x\n", [("key", 2, 2, "a key is missing")]),
    ("list as key", b"? [a]\n: x\n", [("key", 1, 3, "cannot be a key")]),
    ("map as key", b"? {a: 1}\n: x\n", [("key", 1, 3, "cannot be a key")]),
    ("tab indents", b"a:\n\tb: 1\n", [("tab", 2, 1, "a tab stands in the indentation")]),
    ("tab after spaces", b"a:\n  b: 1\n\tc: 2\n", [("tab", 3, 1, "tab")]),
    ("second document", b"a: 1\n---\nb: 2\n", [("several-documents", 2, 1, "second document")]),
    ("empty second document", b"a: 1\n---\n", [("several-documents", 2, 1, "second document")]),
    ("text after the end", b"a: 1\n... x\n", [("several-documents", 2, 5, "end of the document")]),
    ("missing anchor", b"base: &base 1\nb: *bas\n", [("alias", 2, 4, "`*bas` has no anchor")]),
    ("alias of itself", b"a: &x [1, *x]\n", [("alias", 1, 11, "contains itself")]),
    ("alias of a holder", b"a: &x {b: {c: *x}}\n", [("alias", 1, 15, "contains itself")]),
    ("unknown tag", b"a: !secret x\n", [("tag", 1, 4, "`!secret`")]),
    ("unknown tag on a map", b"a: !x {b: 1}\n", [("tag", 1, 4, "`!x`")]),
    ("python tag", b"a: !!python/object:os.system x\n", [("tag", 1, 4, "!!python/object")]),
    ("binary tag", b"a: !!binary aGk=\n", [("tag", 1, 4, "`!!binary`")]),
    ("wrong tag", b"a: !!int x\n", [("tag", 1, 4, "not what its tag")]),
    ("tag handle", b"%TAG !e! tag:x,2000:\n---\na: 1\n", [("tag", 1, 1, "tag handles")]),
    ("infinite", b"a: [.inf, -.INF, .nan]\n", [("number", 1, c, "JSON") for c in (5, 11, 18)]),
    ("too large a float", b"a: 1e999\n", [("number", 1, 4, "too large")]),
    ("too long an integer", b"a: " + b"9" * 5000 + b"\n", [("number", 1, 4, "5000 characters")]),
    ("colon in a value", b"a: b: c\n", [("syntax", 1, 5, "`:`")]),
    ("no colon", b"a: 1\nfoo\nb: 2\n", [("syntax", 2, 1, "no `:`")]),
    ("deeper than its neighbour", b"a: 1\n  b: 2\n", [("syntax", 2, 4, "`:`")]),
    ("between two levels", b"a:\n   b: 1\n  c: 2\n", [("indentation", 3, 3, "fits no line")]),
    ("text after a quote", b"a: 'b' c\n", [("indentation", 1, 8, "fits no line")]),
    ("key in a list", b"- a\nb: 1\n", [("indentation", 2, 1, "no list element")]),
    ("open list", b"a: 1\nb: [1, 2\nc: 3\n", [("syntax", 2, 4, "no `]`")]),
    ("open to the end", b"a:\n  - [x,\n", [("syntax", 3, 1, "file ends before")]),
    ("open map", b"a: {x: 1 y: 2}\n", [("syntax", 1, 4, "no `}`")]),
    ("open quote", b'a: 1\nb: "abc\nc: 1\n', [("syntax", 2, 4, "never closed")]),
    ("at sign", b"a: @x\n", [("syntax", 1, 4, "`@`")]),
    ("back tick", b"a: `x`\n", [("syntax", 1, 4, "```")]),
    ("list on the line of its key", b"a: - b\n", [("syntax", 1, 4, "list with `-`")]),
    ("star alone", b"a: *\n", [("syntax", 1, 4, "name is missing")]),
    ("lone bracket", b"a: ]\n", [("syntax", 1, 4, "value is missing")]),
    ("undefined tag handle", b"a: !e!x 1\n", [("tag", 1, 4, "no handle")]),
    ("other version", b"%YAML 3.0\n---\na: 1\n", [("syntax", 1, 1, "version of YAML")]),
    ("directive", b"%\n---\na: 1\n", [("syntax", 1, 1, "directive")]),
    ("nul", b"a: 1\nb: x\x00y\n", [("control-character", 2, 5, "U+0000")]),
    ("escape", b"a: \x1b[31m\n", [("control-character", 1, 4, "U+001B")]),
    ("c1", "é: a\x85b\n".encode(), [("control-character", 1, 5, "U+0085")]),
    (
        "hidden line ends",
        "a: 1 # x\u2028b: 2\nc: \u2029\n".encode(),
        [("control-character", 1, 9, "U+2028"), ("control-character", 2, 4, "U+2029")],
    ),
    ("byte order mark inside", "a: \ufeffx\n".encode(), [("control-character", 1, 4, "U+FEFF")]),
    ("latin 1", "a: 1\nb: grün\n".encode("latin-1"), [("encoding", 2, 6, "0xfc")]),
    ("cut utf-8", "a: é".encode()[:-1], [("encoding", 1, 4, "0xc3")]),
    ("surrogate", b"a: \xed\xa0\x80\n", [("encoding", 1, 4, "0xed")]),
    ("utf-16", "a: 1\n".encode("utf-16"), [("encoding", 1, 1, "UTF-16")]),
    ("utf-16 be", b"\xfe\xff" + "a: 1\n".encode("utf-16-be"), [("encoding", 1, 1, "UTF-16")]),
    ("utf-32", "a: 1\n".encode("utf-32"), [("encoding", 1, 1, "UTF-32")]),
    ("utf-16 without mark", "a: 1\n".encode("utf-16-le"), [
        ("control-character", 1, c, "U+0000") for c in (2, 4, 6, 8)
    ] + [("control-character", 2, 1, "U+0000")]),
]  # fmt: skip


@PARSERS
@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in BAD], ids=[r[0] for r in BAD])
def test_each_mistake_has_its_place(data, expected, pure):
    canonical = load(data, file="c.yaml", pure=pure)
    found = [(f.rule, f.location.line, f.location.column) for f in canonical.findings]
    assert found == [(f"canonical/{rule}", line, column) for rule, line, column, _ in expected]
    for finding, (*_, words) in zip(canonical.findings, expected, strict=True):
        assert words in finding.message
        assert finding.message.isprintable()
        assert not finding.message.endswith(".")
        assert (finding.severity, finding.exit_code) == (Severity.ERROR, 2)
        assert finding.location.file == "c.yaml"
    assert not canonical.usable()


@PARSERS
def test_all_mistakes_at_once_in_order_of_place(pure):
    text = "a: *nope\na: .nan\n2: {x: 1, x: 2}\nb: [\n"
    canonical = load(text.encode(), file="c.yaml", pure=pure)
    rules = [(f.location.line, f.rule.removeprefix("canonical/")) for f in canonical.findings]
    assert rules == [
        (1, "alias"),
        (2, "duplicate-key"),
        (2, "number"),
        (3, "key"),
        (3, "duplicate-key"),
        (5, "syntax"),
    ]


def test_a_near_anchor_is_suggested():
    (finding,) = load(b"a: &defaults 1\nb: *default\n", file="c.yaml").findings
    assert finding.hint == "did you mean `*defaults`?"
