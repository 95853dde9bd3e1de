"""Entries put into and taken out of block collections, whole lines at a time.

Gives splices of the text; every line that is not of the entry itself stays as it is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hubctl.config.edit_spans import entry_spans, keeps_blanks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hubctl.config.edit_spans import Span
    from hubctl.config.edit_tree import Document, Node


class Splice(NamedTuple):
    """`text` instead of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """The text with all splices done; they must not overlap."""
    parts, at = [], 0
    # The sort is stable: what is inserted at one place keeps its order.
    for splice in sorted(splices, key=lambda s: s[:2]):
        parts += [text[at : splice.start], splice.text]
        at = splice.end
    return "".join([*parts, text[at:]])


def as_lines(lines: Sequence[str], eol: str) -> str:
    """Whole lines."""
    return "".join(line + eol for line in lines)


def behind(doc: Document, span: Span) -> int:
    """Where the line behind an entry begins."""
    return doc.line_after(span.end - 1)


def after_comments(doc: Document, offset: int, column: int) -> int:
    """Where the comments end that stand deeper than `column`: they belong to what is above."""
    at = end = offset
    while at < len(doc.text):
        line = doc.rest(at)
        inner = line.lstrip(" \t")
        if inner.startswith("#") and len(line) - len(inner) > column:
            end = doc.line_after(at)
        elif inner.strip():
            break
        at = doc.line_after(at)
    return end


def is_compact(doc: Document, spans: Sequence[Span]) -> bool:
    """Whether the first entry stands on the line of its parent's `-`."""
    return bool(doc.before(spans[0].start).strip())


def append(doc: Document, node: Node, groups: Sequence[Sequence[str]], eol: str) -> Splice:
    """New entries, each some lines, behind the last one."""
    spans = entry_spans(doc, node)
    at = after_comments(doc, behind(doc, spans[-1]), doc.column(spans[0].start))
    apart = _is_spaced(doc, spans) and not keeps_blanks(doc, node)
    above = not doc.is_blank(doc.line_start(at - 1))
    text = ""
    for lines in groups:
        text += (eol if apart and above else "") + as_lines(lines, eol)
        above = True
    return Splice(at, at, text)


def insert(doc: Document, spans: Sequence[Span], index: int, text: str) -> Splice:
    """Whole lines in front of the entry at `index`, which is not the first of a compact list."""
    at = behind(doc, spans[index - 1]) if index else doc.line_start(spans[0].start)
    return Splice(at, at, text)


def remove(doc: Document, node: Node, gone: Collection[int]) -> list[Splice]:
    """The own lines of some entries, in order and not of all; comments above them stay.

    Of a compact list whose first entry goes only that one: the next moves up to the dash.
    """
    spans = entry_spans(doc, node)
    if 0 in gone and is_compact(doc, spans):
        return [_remove_compact(doc, spans)]
    splices, kept, gone = [], None, frozenset(gone)
    for index, entry in enumerate(node.entries):
        if index in gone:
            blanks = kept is not None and keeps_blanks(doc, kept)
            splices.append(_remove_lines(doc, spans, index, blanks=blanks))
        else:
            kept = entry.value
    return splices


def _remove_lines(doc: Document, spans: Sequence[Span], index: int, *, blanks: bool) -> Splice:
    """`blanks`: blank lines below go too, for they would become the content of what is above."""
    span = spans[index]
    start = doc.line_start(span.start)
    end = after_comments(doc, behind(doc, span), doc.column(span.start))
    if index and _drops_blank(doc, spans, index, start, end):
        start = doc.line_start(start - 1)
    while blanks and doc.is_blank(end):
        end = doc.line_after(end)
    return Splice(start, end, "")


def _is_spaced(doc: Document, spans: Sequence[Span]) -> bool:
    """Whether a blank line stands in front of every entry but the first."""
    return len(spans) > 1 and all(
        any(not line.strip() for line in _lines(doc, behind(doc, a), b.start))
        for a, b in pairwise(spans)
    )


def _lines(doc: Document, start: int, offset: int) -> list[str]:
    """The whole lines from `start` to the one at `offset`."""
    return doc.text[start : doc.line_start(offset)].splitlines()


def _drops_blank(doc: Document, spans: Sequence[Span], index: int, start: int, end: int) -> bool:
    """Whether the blank line above goes too: two in a row, or one at the end, would be left."""
    above = doc.line_start(start - 1)
    if above < behind(doc, spans[index - 1]) or not doc.is_blank(above):
        return False
    last = index == len(spans) - 1
    return end == len(doc.text) or doc.is_blank(end) or (last and _is_spaced(doc, spans))


def _remove_compact(doc: Document, spans: Sequence[Span]) -> Splice:
    first, second = spans[0], spans[1]
    if not doc.text[first.end : second.start].strip():
        return Splice(first.start, second.start, "")
    # Comments stand between the two: the dash stays alone on its line.
    kept = doc.text[: first.start].rstrip(" \t")
    line = doc.rest(first.end - 1)
    return Splice(len(kept), behind(doc, first) - len(line) + len(line.rstrip("\r\n")), "")
