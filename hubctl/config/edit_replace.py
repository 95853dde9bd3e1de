"""One value replaced by another where it stands, whatever the two are written like.

Gives splices. The anchor of the old value stays, its tag goes with it; so do the comments inside a
collection that is replaced, while those above it and behind its key stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.edit_block import Splice, after_comments, as_lines
from hubctl.config.edit_render import Parts, behind_dash, below_key, block_lines, flow_text
from hubctl.config.edit_scalars import scalar_text
from hubctl.config.edit_spans import Span, header_end, value_end
from hubctl.config.edit_tree import Kind, Node

if TYPE_CHECKING:
    from hubctl.config.edit_style import Style
    from hubctl.config.edit_tree import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the document where a value stands.

    `parent` and `span` are the collection around it and its entry there; None at the root, whose
    span is that of the whole text.
    """

    node: Node
    parent: Node | None
    span: Span
    key: str = ""
    in_flow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What of a value stands behind its key (`start` to `end`), and its lines below."""

    start: int
    end: int
    lines_start: int
    lines_end: int


def replace(doc: Document, slot: Slot, value: object, style: Style) -> list[Splice]:
    """`value` instead of what stands in the slot."""
    if slot.in_flow:
        return [_replace_in_flow(doc, slot, value, style)]
    if slot.parent is None or _hangs(doc, slot):
        return [_replace_hanging(doc, slot, value, style)]
    shape = _shape(doc, slot)
    parts = _parts(doc, slot, value, style)
    words = [word for word in (_anchor(slot.node), parts.inline) if word]
    first = (_gap(doc, slot, style) if words else "") + " ".join(words)
    lines = as_lines(parts.lines, style.eol)
    return [
        Splice(shape.start, shape.end, first),
        Splice(shape.lines_start, shape.lines_end, lines),
    ]


def _replace_in_flow(doc: Document, slot: Slot, value: object, style: Style) -> Splice:
    node, lead = slot.node, slot.span.lead
    text = " ".join(word for word in (_anchor(node), flow_text(value, style)) if word)
    if not node.bare:
        return Splice(node.start, node.end, _like(node, value, text))
    colon = slot.parent is not None and slot.parent.kind is Kind.MAPPING
    written = colon and doc.text[lead - 1] == ":"
    return Splice(lead, lead, f" {text}" if written else f": {text}" if colon else text)


def _hangs(doc: Document, slot: Slot) -> bool:
    """Whether the value starts on a line below its key, or with its `-` on one line."""
    node, lead = slot.node, slot.span.lead
    if node.bare:
        return False
    if node.block and not node.anchor and not node.tag:
        return doc.line(node.start) == doc.line(lead)
    return doc.line(node.start) != doc.line(lead)


def _replace_hanging(doc: Document, slot: Slot, value: object, style: Style) -> Splice:
    node = slot.node
    end = _trimmed(doc, node.start, value_end(doc, node, slot.span.lead))
    anchor = f"{_anchor(node)} " if node.anchor else ""
    if isinstance(value, (dict, list, tuple)) and value and not anchor and slot.parent is not None:
        column = doc.column(node.start)
        first, *lines = block_lines(value, column, style)
        return Splice(node.start, end, style.eol.join([first[column:], *lines]))
    text = flow_text(value, style) if isinstance(value, (dict, list, tuple)) else ""
    if not text:
        text = scalar_text(value, flow=False, mark=style.mark, always=style.always)
        text = _like(node, value, text)
    return Splice(node.start, end, anchor + text)


def _shape(doc: Document, slot: Slot) -> _Shape:
    node, lead = slot.node, slot.span.lead
    if node.bare:
        column = doc.column(slot.span.start)
        below = after_comments(doc, doc.line_after(lead - 1), column)
        return _Shape(start=lead, end=lead, lines_start=below, lines_end=below)
    end = value_end(doc, node, lead)
    if node.style in ("|", ">"):
        header = header_end(doc, node)
        below = doc.line_after(header - 1)
        return _Shape(start=lead, end=header, lines_start=below, lines_end=end)
    if node.block:
        top = doc.line_start(doc.content(node))
        properties = doc.after_properties(node)
        behind = properties if properties > node.start else lead
        below = after_comments(doc, doc.line_after(end - 1), doc.column(doc.content(node)))
        return _Shape(start=lead, end=behind, lines_start=top, lines_end=below)
    below = doc.line_after(end - 1)
    return _Shape(start=lead, end=end, lines_start=below, lines_end=below)


def _parts(doc: Document, slot: Slot, value: object, style: Style) -> Parts:
    if slot.parent is not None and slot.parent.kind is Kind.SEQUENCE:
        column = doc.column(slot.span.lead) + len(_gap(doc, slot, style))
        if slot.node.anchor and isinstance(value, (dict, list, tuple)) and value:
            # A key directly behind the anchor would take it for itself.
            return Parts("", block_lines(value, column, style))
        parts = behind_dash(value, column, style)
    else:
        parts = below_key(value, doc.column(slot.span.start), style, key=slot.key)
    return parts if parts.lines else Parts(_like(slot.node, value, parts.inline))


def _like(old: Node, value: object, text: str) -> str:
    """A text takes over the quotes of the text it replaces."""
    if isinstance(value, str) and old.style in ("'", '"'):
        return scalar_text(value, flow=False, mark=old.style, always=True)
    return text


def _gap(doc: Document, slot: Slot, style: Style) -> str:
    """The space between the key or dash and its value, as it was."""
    gap = doc.text[slot.span.lead : slot.node.start]
    if not slot.node.bare and gap and not gap.strip(" \t"):
        return gap
    in_list = slot.parent is not None and slot.parent.kind is Kind.SEQUENCE
    return " " * (style.gap - 1 if in_list else 1)


def _anchor(node: Node) -> str:
    return f"&{node.anchor}" if node.anchor else ""


def _trimmed(doc: Document, start: int, end: int) -> int:
    """The end without line ends, where a block scalar's text stops."""
    return start + len(doc.text[start:end].rstrip("\r\n"))
