"""Where the entries of a collection really begin and end in the text.

A parser's end marks run on to the next token; these offsets stop at the last character that
belongs to the entry, so that comments and blank lines behind it stay with what follows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hubctl.config.edit_tree import Kind

if TYPE_CHECKING:
    from hubctl.config.edit_tree import Document, Node

HEADER = re.compile(r"[|>][-+0-9]*")


class Span(NamedTuple):
    """Offsets of one entry.

    `start`: its key, `-` or `?` (its value in a flow sequence); `lead`: where its value may begin,
    behind the `:` or `-`; `end`: after its last character (after the line, for a block scalar).
    """

    start: int
    lead: int
    end: int


def entry_spans(doc: Document, node: Node) -> tuple[Span, ...]:
    """The spans of all entries of a collection, in order."""
    spans = []
    at = doc.content(node) + (1 if node.flow and not is_pair(doc, node) else 0)
    for entry in node.entries:
        start = doc.skip(at)
        if node.flow and doc.text.startswith(",", start):
            start = doc.skip(start + 1)
        lead = _lead(doc, node, entry.key, start)
        at = value_end(doc, entry.value, lead)
        spans.append(Span(start, lead, at))
    return tuple(spans)


def is_pair(doc: Document, node: Node) -> bool:
    """Whether it is the mapping of a single pair in a flow sequence: `[key: value]`."""
    return node.flow and doc.text[doc.content(node)] not in "{["


def value_end(doc: Document, value: Node, lead: int) -> int:
    """Where a value ends; `lead` is where it may begin, and the end of a value nobody wrote."""
    if value.bare:
        return lead
    if value.block:
        return _block_end(doc, value)
    return _block_scalar_end(doc, value) if value.style in ("|", ">") else value.end


def header_end(doc: Document, scalar: Node) -> int:
    """Where the `|` or `>` of a block scalar ends, indicators included."""
    found = HEADER.match(doc.text, doc.content(scalar))
    return found.end() if found else scalar.end


def keeps_blanks(doc: Document, node: Node) -> bool:
    """Whether blank lines behind the node would be its content: it ends in `|+` or `>+`."""
    while node.block:
        node = node.entries[-1].value
    return node.style in ("|", ">") and "+" in doc.text[doc.content(node) : header_end(doc, node)]


def _lead(doc: Document, node: Node, key: Node | None, start: int) -> int:
    if key is None:
        return start + (0 if node.flow else 1)
    end = start if key.bare else value_end(doc, key, start)
    colon = doc.skip(end)
    return colon + 1 if doc.text.startswith(":", colon) else end


def _block_end(doc: Document, node: Node) -> int:
    last = node.entries[-1]
    if last.value.bare:
        if node.kind is Kind.SEQUENCE or last.key is None or last.key.bare:
            return entry_spans(doc, node)[-1].end
        return _lead(doc, node, last.key, last.key.start)
    return value_end(doc, last.value, last.value.start)


def _block_scalar_end(doc: Document, node: Node) -> int:
    """Blank lines behind the text count only where they are content."""
    header = header_end(doc, node)
    if keeps_blanks(doc, node) or node.text.rstrip("\n")[-1:] in (" ", "\t"):
        return node.end
    body = doc.text[header : node.end].rstrip()
    return doc.line_after(header + len(body) - 1)
