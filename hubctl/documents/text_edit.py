"""Editing owned blocks of a text file; every line outside of them stays byte for byte.

A new block stands at the end, after exactly one blank line. What had to be put before it is
recorded under its own address, so that removing the block gives the file back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.documents.arrange import arrange
from hubctl.documents.edits import DocumentError, Edited
from hubctl.documents.places import newline_of
from hubctl.documents.text_document import (
    BOM,
    HASH,
    HTML,
    Block,
    TextDocument,
    decode_text,
    has_markers,
    is_markdown,
)
from hubctl.errors import OperationError
from hubctl.model.address import Part
from hubctl.model.item import BlockText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.documents.edits import Edit

ABSENT = "absent"
_ABOUT = "· from canonical.yaml, edit there and run hubctl apply"
_FRAMES = {HTML: ("<!-- ", " -->"), HASH: ("# ", "")}
_SEPARATORS = ("", "\n", "\r\n", "\n\n", "\r\n\r\n")
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\Z")


def edit_text(
    path: str, data: bytes | None, edits: Sequence[Edit], containers: Mapping[str, str]
) -> Edited:
    """Make all edits; see `hubctl.documents.edit_document`."""
    ordered = arrange(edits).every()
    before = "" if data is None else decode_text(data)
    records = {path: ABSENT} if data is None else {**containers}
    text = before
    for edit in ordered:
        text = _make(path, text, edit, records)
    if records.get(path) == ABSENT and not text.removeprefix(BOM).strip():
        return Edited(data=None)
    prove_text(path, before, text, ordered)
    return Edited(data=data if text == before else _encode(path, text), containers=records)


def _encode(path: str, text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise DocumentError(f"{path}: a block holds a character that UTF-8 cannot say") from None


def _make(path: str, text: str, edit: Edit, records: dict[str, str]) -> str:
    if edit.address.part is not Part.BLOCK or not isinstance(edit.value, BlockText | None):
        raise DocumentError(f"{edit.address} cannot stand in a text file")
    document = TextDocument(path, text)
    block = next((b for b in document.blocks if b.id == edit.address.name), None)
    if edit.value is None:
        return _remove(path, text, document, block, records) if block else text
    wanted = _checked(path, edit, edit.value)
    if block:
        return _replace(document, block, wanted)
    separator = _separator(text)
    records[edit.address.local] = separator
    return text + separator + _frame(edit.address.name, edit.value.comment, wanted, text)


def _checked(path: str, edit: Edit, value: BlockText) -> str:
    """The block's text with LF, if it can stand between two markers and be found again."""
    text = value.text.replace("\r\n", "\n")
    problem = ""
    if not _ID.match(edit.address.name):
        problem = "a block id has letters, digits and . _ - / only"
    elif value.comment not in _FRAMES or (is_markdown(path) and value.comment != HTML):
        problem = f"markers of the style {value.comment!r} cannot stand in this file"
    elif (text and not text.endswith("\n")) or "\r" in text or "\0" in text:
        problem = "the text of a block is whole lines ending in a line feed"
    elif has_markers(text, markdown=is_markdown(path)):
        problem = "the text of a block holds a hubctl marker itself"
    if problem:
        raise DocumentError(f"{edit.address}: {problem}")
    return text


def _frame(name: str, comment: str, wanted: str, text: str) -> str:
    head, tail = _FRAMES[comment]
    begin = f"{head}hubctl:begin {name} {_ABOUT}{tail}\n"
    return f"{begin}{wanted}{head}hubctl:end {name}{tail}\n".replace("\n", newline_of(text))


def _separator(text: str) -> str:
    """What has to follow a text so that it ends in exactly one blank line, or is empty."""
    body = text.removeprefix(BOM)
    newline = newline_of(text)
    if not body:
        return ""
    if body.endswith("\n"):
        return "" if _is_blank(body[:-1].rpartition("\n")[2]) else newline
    return newline if _is_blank(body.rpartition("\n")[2]) else newline * 2


def _is_blank(line: str) -> bool:
    return not line.strip(" \t\r")


def _replace(document: TextDocument, block: Block, wanted: str) -> str:
    lines = list(document.lines)
    end = "\r" if lines[block.begin].endswith("\r") else ""
    new = [line + end for line in wanted.split("\n")[:-1]]
    old = lines[block.begin + 1 : block.end]
    # Line ends alone are no difference.
    if [line.removesuffix("\r") for line in old] != wanted.split("\n")[:-1]:
        lines[block.begin + 1 : block.end] = new
    return "\n".join(lines)


def _remove(
    path: str, text: str, document: TextDocument, block: Block, records: dict[str, str]
) -> str:
    start = sum(len(line) + 1 for line in document.lines[: block.begin])
    end = min(sum(len(line) + 1 for line in document.lines[: block.end + 1]), len(text))
    if start == 0 and text.startswith(BOM):
        start = len(BOM)
    head, tail = text[:start], text[end:]
    separator = records.pop(f"{path}#block:{block.id}", None)
    separator = separator if separator in _SEPARATORS else None
    following = _follower(path, document, block, records)
    if following and separator is not None:
        # Our next block moves up: what stood before this one now stands before that one.
        name, gap = following
        records[name] = separator
        return head + tail.removeprefix(gap)
    return _without_separator(head, separator or "", tail) + tail


def _follower(
    path: str, document: TextDocument, block: Block, records: Mapping[str, str]
) -> tuple[str, str] | None:
    """The record of the block that stands right behind this one, and the gap between them."""
    for other in document.blocks:
        if other.begin > block.end:
            gap = "".join(f"{line}\n" for line in document.lines[block.end + 1 : other.begin])
            name = f"{path}#block:{other.id}"
            return (name, gap) if records.get(name) == gap else None
    return None


def _without_separator(head: str, separator: str, tail: str) -> str:
    """The text before a removed block without what we had put there, if that still stands."""
    if not separator or not head.endswith(separator):
        return head
    rest = head.removesuffix(separator)
    newline = newline_of(separator)
    body = rest.removeprefix(BOM)
    if separator == newline and not _is_blank(body.rpartition("\n")[2]):
        return head
    # Lines that the user put behind the block must not join the line before it.
    joins = tail and body and not body.endswith("\n")
    return rest + newline if joins else rest


def prove_text(path: str, before: str, after: str, edits: Iterable[Edit]) -> None:
    """Check that every edit holds and every line outside of the edited blocks is still there.

    Raises:
        OperationError: it is not so.
    """
    now = TextDocument(path, after)
    for edit in edits:
        stands = now.get(edit.address)
        wanted = (
            edit.value.text.replace("\r\n", "\n") if isinstance(edit.value, BlockText) else None
        )
        if wanted != (stands.text if isinstance(stands, BlockText) else None):
            raise OperationError(f"{edit.address}: the edited file would not hold this block")
    edited = {edit.address.name for edit in edits}
    if _foreign(path, before, edited) != _foreign(path, after, edited):
        raise OperationError(f"{path}: editing would change lines that are not ours")


def _foreign(path: str, text: str, edited: set[str]) -> list[str]:
    ours: set[int] = set()
    for block in TextDocument(path, text).blocks:
        if block.id in edited:
            ours.update(range(block.begin, block.end + 1))
    lines = [line for n, line in enumerate(text.split("\n")) if n not in ours]
    bare = [line.rstrip("\r").removeprefix(BOM) for line in lines]
    return [line for line in bare if not _is_blank(line)]
