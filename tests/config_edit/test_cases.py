"""Tricky documents with the exact result of one edit each; the table is `cases.txt`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hubctl.config.edit import add_to_list, remove_from_list, remove_value, set_value
from hubctl.errors import UsageError
from tests.config_edit.reading import read

EDITS = {
    "set": set_value,
    "remove": remove_value,
    "add": add_to_list,
    "drop": remove_from_list,
}


class Case(NamedTuple):
    title: str
    verb: str
    path: tuple[str, ...]
    value: list[Any]
    before: str
    after: str
    error: str

    def run(self, data: bytes) -> bytes:
        return EDITS[self.verb](data, self.path, *self.value)


def cases() -> list[Case]:
    text = Path(__file__).with_name("cases.txt").read_text("utf-8")
    return [case(block) for block in text.split("=== ")[1:]]


def case(block: str) -> Case:
    head, _, rest = block.partition(">>> before\n")
    title, command = head.splitlines()
    verb, _, arguments = command.partition(" ")
    path, end = json.JSONDecoder().raw_decode(arguments)
    value = [json.loads(arguments[end:])] if arguments[end:].strip() else []
    before, _, error = rest.partition(">>> error\n")
    before, _, after = before.partition(">>> after\n")
    return Case(title, verb, tuple(path), value, before, after, error.strip())


CASES = cases()
RESULTS = [case for case in CASES if not case.error]


@pytest.mark.parametrize("case", RESULTS, ids=lambda case: case.title)
def test_result(case: Case) -> None:
    result = case.run(case.before.encode()).decode()
    assert result == case.after
    read(result.encode())


@pytest.mark.parametrize("case", RESULTS, ids=lambda case: case.title)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
def test_result_with_crlf(case: Case, bom: bytes) -> None:
    before, after = (
        bom + text.replace("\n", "\r\n").encode() for text in (case.before, case.after)
    )
    assert case.run(before) == after


# A new text of many lines cannot be a block where the file ends without a line end.
NO_BLOCKS = [case for case in RESULTS if "|" not in case.after]


@pytest.mark.parametrize("case", NO_BLOCKS, ids=lambda case: case.title)
def test_result_without_a_line_end_at_the_end(case: Case) -> None:
    before, after = case.before.removesuffix("\n"), case.after.removesuffix("\n")
    assert case.run(before.encode()).decode() == after


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.error], ids=lambda case: case.title
)
def test_refused(case: Case) -> None:
    with pytest.raises(UsageError) as caught:
        case.run(case.before.encode())
    assert case.error in caught.value.message


LONG = b"x " * 40_000
BYTES = [
    ("an empty file", b"", ("a",), 1, b"a: 1\n"),
    ("a byte order mark alone", b"\xef\xbb\xbf", ("a",), 1, b"\xef\xbb\xbfa: 1\n"),
    ("no line end at the end", b"a: 1", ("b",), 2, b"a: 1\nb: 2"),
    ("no line end, a comment", b"a: 1 # x", ("b",), 2, b"a: 1 # x\nb: 2"),
    ("no line end, many lines", b"a: 1", ("b",), "x\ny\n", b'a: 1\nb: "x\\ny\\n"'),
    ("a block without a line end", b"a: |\n  x", ("b",), 2, b"a: |-\n  x\nb: 2"),
    ("a kept block without one", b"a: >2+ # c\n  x", ("b",), 2, b"a: >2- # c\n  x\nb: 2"),
    ("an old Mac's line ends", b"a: 1\rc:\r  d: 1\r", ("c", "e"), 2, b"a: 1\rc:\r  d: 1\r  e: 2\r"),
    ("mixed line ends", b"a:\r\n  b: 1\r\nc:\n", ("a", "d"), 2, b"a:\r\n  b: 1\r\n  d: 2\r\nc:\n"),
    ("an astral character", "a: 🦀 # 🦀\n".encode(), ("a",), "🦀🦀", "a: 🦀🦀 # 🦀\n".encode()),
    ("spaces behind a value", b"a: 1   \nb: \t# x\n", ("b",), 2, b"a: 1   \nb: 2 \t# x\n"),
    ("a very long line", b"a: " + LONG + b"# y\nb: 1\n", ("b",), 2, b"a: " + LONG + b"# y\nb: 2\n"),
    ("control characters", b"a: 1\n", ("a",), "\x1b[0m\x00\u2028", b'a: "\\e[0m\\0\\u2028"\n'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "path", "value", "after"), [row[1:] for row in BYTES], ids=[row[0] for row in BYTES]
)
def test_bytes(before: bytes, path: tuple[str, ...], value: object, after: bytes) -> None:
    assert set_value(before, path, value) == after


def test_the_block_above_keeps_its_line_end_when_the_last_key_goes() -> None:
    assert remove_value(b"a: |\n  x\nb: 1", ("b",)) == b"a: |\n  x\n"
