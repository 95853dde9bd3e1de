"""Entries put into and taken out of collections in brackets, with the commas between them.

Gives splices of the text; line breaks and comments between other entries stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hubctl.config.edit_block import Splice, behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.config.edit_spans import Span
    from hubctl.config.edit_tree import Document, Node

_REST = re.compile(r"[ \t]*(,?)[ \t]*(?:#.*)?[\r\n]*\Z")


class Brackets(NamedTuple):
    """A collection in brackets and the spans of its entries."""

    doc: Document
    node: Node
    spans: Sequence[Span]


def insert(inside: Brackets, index: int, text: str, eol: str) -> list[Splice]:
    """New entries, written as `text`, in front of the entry at `index` (or at the end)."""
    doc, node, spans = inside
    if not spans:
        return [_fill(doc, node, text)]
    beside = spans[max(index - 1, 0)]
    if _on_own_lines(doc, beside):
        return _insert_line(inside, index, text, eol)
    if index == 0:
        return [Splice(beside.start, beside.start, text + ", ")]
    at, lead = beside.end, ""
    if beside.lead == beside.end and doc.text[at - 1] == ":":
        # The null of `key:`: without a space before the comma, the colon would join the key.
        at, lead = (at + 1, "") if doc.text[at] == " " else (at, " ")
    return [Splice(at, at, f"{lead}, {text}")]


def remove(inside: Brackets, index: int) -> list[Splice]:
    """One entry, and the comma that it no longer needs."""
    doc, node, spans = inside
    span = spans[index]
    comma = _comma(doc, span)
    if len(spans) == 1:
        return [_empty(doc, node, span)]
    before = _comma(doc, spans[index - 1]) if index else -1
    needless = [Splice(before, before + 1, "")] if index and comma < 0 else []
    if _on_own_lines(doc, span):
        return [*needless, Splice(doc.line_start(span.start), behind(doc, span), "")]
    if index and doc.skip(before + 1) == span.start and _is_inline(doc, before, span.start):
        return [Splice(before, span.end, "")]
    if comma >= 0:
        end = comma + 1
        return [Splice(span.start, end + _spaces(doc, end), "")]
    return [*needless, Splice(span.start, span.end, "")]


def _fill(doc: Document, node: Node, text: str) -> Splice:
    start, end = doc.content(node) + 1, node.end - 1
    inside = doc.text[start:end]
    if inside.strip() or "\n" in inside or "\r" in inside:
        return Splice(start, start, text)
    return Splice(start, end, f" {text} " if inside else text)


def _empty(doc: Document, node: Node, span: Span) -> Splice:
    start, end = doc.content(node) + 1, node.end - 1
    if _is_inline(doc, start, end):
        return Splice(start, end, "")
    comma = _comma(doc, span)
    return Splice(span.start, comma + 1 if comma >= 0 else span.end, "")


def _insert_line(inside: Brackets, index: int, text: str, eol: str) -> list[Splice]:
    doc, spans = inside.doc, inside.spans
    beside = spans[max(index - 1, 0)]
    indent = doc.before(beside.start)
    if index == 0:
        at = doc.line_start(beside.start)
        return [Splice(at, at, f"{indent}{text},{eol}")]
    at, comma = behind(doc, beside), _comma(doc, beside) >= 0
    missing = [] if comma else [Splice(beside.end, beside.end, ",")]
    return [*missing, Splice(at, at, f"{indent}{text}{',' if comma else ''}{eol}")]


def _on_own_lines(doc: Document, span: Span) -> bool:
    rest = doc.rest(span.end)
    return not doc.before(span.start).strip() and bool(_REST.match(rest))


def _comma(doc: Document, span: Span) -> int:
    """Where the comma behind an entry stands; -1 if there is none."""
    at = doc.skip(span.end)
    return at if doc.text.startswith(",", at) else -1


def _is_inline(doc: Document, start: int, end: int) -> bool:
    return not any(mark in doc.text[start:end] for mark in "\n\r#")


def _spaces(doc: Document, offset: int) -> int:
    rest = doc.rest(offset)
    return len(rest) - len(rest.lstrip(" \t"))
