"""What cannot be edited or set is refused in words, within bounded time and memory."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given

from hubctl.config.edit import add_to_list, keys_at, remove_value, set_value
from hubctl.config.edit_parse import parse
from hubctl.config.edit_spans import entry_spans
from hubctl.config.edit_tree import Document, Node, walk
from hubctl.errors import CanonicalError, OperationError, UsageError
from tests.config_edit.documents import documents
from tests.config_edit.test_properties import RUN


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


REFUSED_VALUES = [
    ("not a JSON value", {1, 2}, "a set is no JSON value"),
    ("bytes", b"x", "a bytes is no JSON value"),
    ("a key that is no text", {"a": {1: 2}}, "the key 1 is no text"),
    ("half a character", "\ud800", "surrogate"),
    ("half a character in a key", {"\udfff": 1}, "surrogate"),
    ("not finite", [float("nan")], "no number in JSON"),
    ("a very long number", 10**100, "more than 100 digits"),
    ("too deep", nested(101), "deeper than 100 levels"),
]


@pytest.mark.parametrize(
    ("value", "words"), [row[1:] for row in REFUSED_VALUES], ids=[row[0] for row in REFUSED_VALUES]
)
def test_values_that_canonical_cannot_hold(value: object, words: str) -> None:
    for edit in (set_value, add_to_list):
        with pytest.raises(UsageError, match=words):
            edit(b"a: null\n", ("a",), value)


def test_the_deepest_value_that_is_accepted() -> None:
    assert set_value(b"a: 1\n", ("a",), nested(98)).startswith(b"a:\n")


@pytest.mark.parametrize("path", [(), ("a", "<<"), ("\ud800",), ("a",) * 101])
def test_paths_that_name_nothing(path: tuple[str, ...]) -> None:
    for edit in (lambda: set_value(b"a: {}\n", path, 1), lambda: remove_value(b"a: {}\n", path)):
        with pytest.raises(UsageError):
            edit()


REFUSED_FILES = [
    ("not UTF-8", b"a: \xff\n", "UTF-8"),
    ("UTF-16", "a: 1\n".encode("utf-16"), "UTF-8"),
    ("too large", b"# " + b"x" * (4 << 20), "bytes"),
    ("a control character", b"a: \x00\n", r"U\+0000"),
    ("a tab", b"a:\n\tb: 1\n", "tab"),
    ("a key too long for its line", b"k" * 2000 + b": 1\n", "cannot be edited"),
    ("too deep", b"a: " + b"[" * 101 + b"]" * 101 + b"\n", "100 levels"),
    ("a root that is a list", b"- a\n", "the document is a list"),
    ("a root that is text", b"text\n", "the document is a single value"),
]


@pytest.mark.parametrize(
    ("data", "words"), [row[1:] for row in REFUSED_FILES], ids=[row[0] for row in REFUSED_FILES]
)
def test_files_that_cannot_be_edited(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        set_value(data, ("a", "b"), 1)


def test_a_broken_file_is_refused_with_its_findings_and_name() -> None:
    with pytest.raises(CanonicalError) as caught:
        set_value(b"a: 1\nb: [1\nc: 2\n", ("a",), 2, file="hub/canonical.yaml")
    (finding,) = caught.value.findings
    assert (finding.location.file, finding.location.line) == ("hub/canonical.yaml", 2)
    assert caught.value.message.startswith("hub/canonical.yaml:2:4 cannot be edited")


def test_too_many_values_are_refused(monkeypatch) -> None:
    monkeypatch.setattr("hubctl.config.edit_parse.MAX_NODES", 1000)
    assert set_value(b"a: [" + b"1," * 995 + b"]\n", ("b",), 1).endswith(b"b: 1\n")
    with pytest.raises(UsageError, match="more than 1,000 values"):
        set_value(b"a: [" + b"1," * 1000 + b"]\n", ("b",), 1)


def test_a_key_too_long_for_yaml_breaks_nothing() -> None:
    with pytest.raises(OperationError, match="would break the file"):
        set_value(b"a: 1\n", ("k" * 2000,), 2)


def bomb(first: str, link: str, count: int) -> bytes:
    """Anchors a0, a1 …, each `link` with `*` for the one before."""
    lines = [f"a{n}: &a{n} {link.replace('*', f'*a{n - 1}')}" for n in range(1, count)]
    return "\n".join([f"a0: &a0 {first}", *lines, ""]).encode()


BOMBS = {
    "lists": bomb("[x]", "[*, *, *, *, *, *, *, *, *]", 60),
    "merges": bomb("{x: 1}", "{<<: [*, *]}", 60),
    "a long chain": bomb("[x]", "[*]", 5000),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_aliases_of_aliases_cost_nothing(kind: str) -> None:
    data = BOMBS[kind]
    started = time.process_time()
    assert set_value(data, ("b",), 1) == data + b"b: 1\n"
    assert time.process_time() - started < 20  # bounded, on any machine


def test_merges_that_multiply_are_refused() -> None:
    keys = ", ".join(f"k{n}: {n}" for n in range(300))
    data = bomb("{" + keys + "}", "{<<: *, x: 1}", 1000)
    with pytest.raises(UsageError, match="200,000 entries"):
        set_value(data, ("b",), 1)


def test_what_libyaml_alone_refuses_can_be_edited() -> None:
    data = b"a: {url: https://example.org}\n"
    assert set_value(data, ("a", "size"), 1) == b"a: {url: https://example.org, size: 1}\n"


@RUN
@given(documents())
def test_the_parser_in_python_gives_the_same_places(written) -> None:
    text = written.data.decode("utf-8-sig")
    text += "" if text.endswith("\n") else "\n"
    assert shape(parse(text, "")) == shape(parse(text, "", pure=True))


def shape(doc: Document) -> list[tuple[object, ...]]:
    def seen(node: Node) -> tuple[object, ...]:
        return (node.kind, node.anchor, node.tag, node.style, node.flow, node.text)

    nodes = list(walk(doc.root)) if doc.root else []
    return [(*seen(node), entry_spans(doc, node)) for node in nodes]


def big(count: int) -> bytes:
    entry = """  repo_{0}:
    path: ~/src/repo_{0}   # here
    language: python
    profiles: [base, python]
    settings:
      env: {{A: b}}
    permissions:
      allow:
        - Bash(git status)
        - Read
"""
    return ("repositories:\n" + "".join(entry.format(n) for n in range(count))).encode()


def test_a_thousand_repositories_are_edited_in_bounded_time() -> None:
    data = big(1000)
    started = time.process_time()
    result = set_value(data, ("repositories", "repo_500", "language"), "go")
    assert time.process_time() - started < 20  # bounded, on any machine
    assert len(keys_at(result, ("repositories",))) == 1000
    pairs = zip(data.splitlines(), result.splitlines(), strict=True)
    changed = [(number, new) for number, (old, new) in enumerate(pairs, 1) if old != new]
    assert changed == [(500 * 10 + 4, b"    language: go")]
