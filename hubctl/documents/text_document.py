"""Text with owned blocks: finding them, and reading what they hold.

    <!-- hubctl:begin ID … -->        # hubctl:begin ID …
    <!-- hubctl:end ID -->            # hubctl:end ID

Bytes that are no UTF-8 survive. In Markdown, markers inside a fenced code block are an example, not
markers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.model.address import Part
from hubctl.model.item import BlockText
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent

BOM = "\ufeff"
HTML = "html"
HASH = "hash"
_MARK = "hubctl:"
_MARKDOWN = (".md", ".markdown", ".mdc")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One owned block: lines count from 0, `begin` and `end` are its marker lines."""

    id: str
    comment: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marker:
    line: int
    begins: bool
    id: str
    comment: str


def decode_text(data: bytes) -> str:
    """The text of a file; bytes that are no UTF-8 become surrogates and come back unchanged.

    Raises:
        DocumentError: it is UTF-16 or binary, where a UTF-8 block would be rubbish.
    """
    if data.startswith(_WIDE) or b"\0" in data:
        raise DocumentError("not a UTF-8 text file", hint="save the file as UTF-8")
    return data.decode("utf-8", "surrogateescape")


def is_markdown(path: str) -> bool:
    """Whether fences and headings mean something in a file."""
    return path.endswith(_MARKDOWN)


def read_text(path: str, data: bytes) -> TextDocument:
    """Parse a text file; raises DocumentError where its markers do not pair up."""
    return TextDocument(path, decode_text(data))


class TextDocument:
    """One text file; `root` is None, text has no fields."""

    __slots__ = ("blocks", "hashes", "lines", "root")

    def __init__(self, path: str, text: str) -> None:
        self.root: object = None
        self.hashes: dict[tuple[str, str], str] = {}
        # The one cheap test that decides for nearly every file without a block of ours.
        has_mark = _MARK in text
        self.lines: list[str] = text.split("\n") if has_mark else []
        self.blocks = find_blocks(self.lines, markdown=is_markdown(path)) if has_mark else ()

    def get(self, address: Address, recorded: str = "") -> Value | Absent:
        """The block at an address, its text with LF; `recorded` is not needed to find it."""
        del recorded
        if address.part is Part.BLOCK:
            for block in self.blocks:
                if block.id == address.name:
                    return self._value(block)
        return ABSENT

    def _value(self, block: Block) -> BlockText:
        inside = self.lines[block.begin + 1 : block.end]
        return BlockText(
            text="".join(line.removesuffix("\r") + "\n" for line in inside), comment=block.comment
        )

    def blocked(self, address: Address) -> str | None:
        """Nothing can be in the way of a block: it stands at the end of the file."""
        del address
        return None

    def parts(self) -> Iterator[tuple[str, Value]]:
        """Every block: fragment and value, in order."""
        for block in self.blocks:
            yield f"block:{block.id}", self._value(block)


def find_blocks(lines: list[str], *, markdown: bool) -> tuple[Block, ...]:
    """The blocks of a text split at LF.

    Raises:
        DocumentError: a marker without its partner, one block inside another, or an id twice.
    """
    markers = list(_markers(lines, markdown=markdown))
    if markdown:
        markers = _outside_fences(lines, markers)
    blocks: dict[str, Block] = {}
    opened: _Marker | None = None
    for marker in markers:
        if marker.begins:
            _check_begin(marker, opened, blocks)
            opened = marker
        elif opened is None or (opened.id, opened.comment) != (marker.id, marker.comment):
            raise _wrong(marker, f"the block {marker.id!r} ends here but does not begin before")
        else:
            blocks[marker.id] = Block(
                id=marker.id, comment=marker.comment, begin=opened.line, end=marker.line
            )
            opened = None
    if opened:
        raise _wrong(opened, f"the block {opened.id!r} begins here and never ends")
    return tuple(blocks.values())


def _check_begin(marker: _Marker, opened: _Marker | None, blocks: dict[str, Block]) -> None:
    if opened:
        raise _wrong(marker, f"a block begins here inside the block {opened.id!r}")
    if marker.id in blocks:
        raise _wrong(marker, f"the block {marker.id!r} stands here a second time")


def _wrong(marker: _Marker, message: str) -> DocumentError:
    return DocumentError(
        message, line=marker.line + 1, column=1, hint="put the hubctl markers right, or remove them"
    )


def has_markers(text: str, *, markdown: bool) -> bool:
    """Whether a text holds a line that would be taken for a marker."""
    return any(True for _ in _markers(text.split("\n"), markdown=markdown))


def _markers(lines: list[str], *, markdown: bool) -> Iterator[_Marker]:
    for number, line in enumerate(lines):
        if _MARK in line:
            marker = _marker(number, line.removeprefix(BOM) if number == 0 else line, markdown)
            if marker:
                yield marker


def _marker(number: int, line: str, markdown: bool) -> _Marker | None:
    html = re.match(r" {0,3}<!--\s*hubctl:(begin|end)\s+([^\s>]+)(?:\s.*)?-->\s*\Z", line)
    # In Markdown a line with # is a heading that somebody may have written about us.
    hash_ = None if html or markdown else re.match(r"\s*#+\s*hubctl:(begin|end)\s+(\S+)", line)
    found = html or hash_
    if found is None:
        return None
    return _Marker(
        line=number, begins=found[1] == "begin", id=found[2], comment=HTML if html else HASH
    )


def _outside_fences(lines: list[str], markers: list[_Marker]) -> list[_Marker]:
    pairs = [
        (one.line, two.line)
        for one, two in pairwise(markers)
        if one.begins and not two.begins and one.id == two.id
    ]
    hidden = {line for top, bottom in _fences(lines, pairs) for line in range(top + 1, bottom)}
    return [marker for marker in markers if marker.line not in hidden]


def _fences(lines: list[str], pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """First and last line of each fenced code block that is closed.

    Fences inside of a pair of markers do not count, and one that nobody closes hides nothing:
    otherwise a forgotten fence of the user would make our block vanish.
    """
    inside = {line for begin, end in pairs for line in range(begin + 1, end)}
    top, opening = -1, ""
    for number, line in enumerate(lines):
        found = None if number in inside else re.match(r" {0,3}(`{3,}|~{3,})(.*)", line)
        if found is None:
            continue
        if not opening:
            if found[1][0] == "~" or "`" not in found[2]:
                top, opening = number, found[1]
        elif found[1].startswith(opening) and not found[2].strip():
            yield top, number
            opening = ""
