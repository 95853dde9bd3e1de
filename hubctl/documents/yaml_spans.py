"""Where list entries stand in YAML text, and taking them out or putting them in.

Marks of block nodes end where the next token begins, behind comments and blank lines that are not
theirs; the true end is that of the last scalar inside. Text in, text out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.places import newline_of
from hubctl.documents.yaml_nodes import Node, members, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence


def is_flow(node: Node) -> bool:
    """Whether a node is a list or mapping written with brackets."""
    return node is not None and node.id != "scalar" and bool(node.flow_style)


def dash_column(text: str, sequence: Node) -> int:
    """The column of the dashes of a block list; an anchor or tag may stand before the first."""
    offset: int = sequence.start_mark.index
    while text[offset : offset + 1] not in ("-", ""):
        start = line_end(text, offset)
        line = text[start : line_end(text, start)]
        offset = start + len(line) - len(line.lstrip(" "))
    return offset - line_start(text, offset)


def root_column(text: str, root: Node | None) -> int:
    """The column of the keys of a document's mapping, 0 where there is none."""
    pairs = members(root)
    if root is None or not pairs:
        return 0
    start: int = root.start_mark.index
    if text[start] in "&!" and pairs[0][0].start_mark.index > start:
        # An anchor or tag of the mapping itself stands on a line before its keys.
        offset = line_end(text, start)
        while text[offset : line_end(text, offset)].lstrip(" ")[:1] in ("#", "\r", "\n"):
            offset = line_end(text, offset)
        line = text[offset : line_end(text, offset)]
        return len(line) - len(line.lstrip(" "))
    return start - line_start(text, start)


def content_end(text: str, node: Node) -> int:
    """The offset behind the last character of a node's own content."""
    if node.id == "scalar" or is_flow(node):
        start: int = node.start_mark.index
        own = text[start : node.end_mark.index]
        return start + len(own if _keeps_blank_lines(node, own) else own.rstrip())
    children = [part for pair in members(node) for part in pair] or node.value
    inside = [c for c in children if _is_inside(c, node) and not is_left_out(c)]
    return max([content_end(text, child) for child in inside] or [int(node.start_mark.index)])


def _keeps_blank_lines(node: Node, inside: str) -> bool:
    """Whether blank lines after a text are part of it: a block scalar with the sign `+`."""
    header = inside.partition("\n")[0].partition("#")[0]
    return node.id == "scalar" and node.style in ("|", ">") and "+" in header


def _is_inside(child: Node, node: Node) -> bool:
    # The node behind an alias stands elsewhere.
    return bool(node.start_mark.index <= child.start_mark.index <= node.end_mark.index)


def is_left_out(node: Node) -> bool:
    """Whether a node has no text at all; some parsers say it stands where the next thing does."""
    return bool(node.id == "scalar" and node.start_mark.index == node.end_mark.index)


def refuse_aliases(text: str, node: Node) -> None:
    """Raise DocumentError if part of a node is written as an alias: its end is not known then."""
    if node.id == "scalar":
        return
    children = [part for pair in members(node) for part in pair] or node.value
    for child in children:
        if not _is_inside(child, node) and not is_left_out(child):
            at = node.start_mark.index
            raise wrong(text, at, "an alias stands in this entry", "write it out, then try again")
        refuse_aliases(text, child)


def line_start(text: str, offset: int) -> int:
    """The offset at which the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """The offset behind the line end of the line of an offset."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def _lines_end(text: str, offset: int) -> int:
    """The offset behind the lines of a content that ends at an offset."""
    return offset if text.endswith("\n", 0, offset) else line_end(text, offset)


def entry_lines(text: str, sequence: Node, number: int) -> tuple[int, int]:
    """Begin and end of the whole lines that an entry of a block list takes."""
    node = sequence.value[number]
    refuse_aliases(text, node)
    column = dash_column(text, sequence)
    start = line_start(text, node.start_mark.index)
    # The content may begin on a later line than its dash.
    while text[start : start + column + 1].strip() != "-" and start > 0:
        start = line_start(text, start - 1)
    return start, _lines_end(text, content_end(text, node))


def list_end(text: str, sequence: Node) -> int:
    """Where a new entry of a block list goes: behind the last one and comments that are its own."""
    column = dash_column(text, sequence)
    offset = end = _lines_end(text, content_end(text, sequence.value[-1]))
    while offset < sequence.end_mark.index:
        start, offset = offset, line_end(text, offset)
        line = text[start:offset]
        comment = line.lstrip(" \t").startswith("#")
        deeper = len(line) - len(line.lstrip(" \t")) > column
        # Content that the marks do not show, such as an alias, or a comment inside the entry.
        if (comment and deeper and start == end) or (line.strip() and not comment):
            end = offset
    return end


def put_lines(text: str, offset: int, lines: Sequence[str]) -> str:
    """Insert whole lines; a text without a final line end stays without one."""
    newline = newline_of(text)
    new = newline.join(lines)
    if offset == len(text) and text and not text.endswith("\n"):
        return f"{text}{newline}{new}"
    return f"{text[:offset]}{new}{newline}{text[offset:]}"


def ends_block_text(text: str, root: Node, offset: int) -> bool:
    """Whether a block scalar ends at an offset, so that the line end before it is its content."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "scalar":
            end: int = node.end_mark.index
            if node.style in ("|", ">") and end <= offset and not text[end:offset].strip():
                return True
        else:
            waiting += [part for pair in members(node) for part in pair] or node.value
    return False


def cut_lines(text: str, start: int, end: int, root: Node) -> str:
    """Take whole lines out; the inverse of `put_lines`."""
    open_end = end == len(text) and not text.endswith("\n")
    if open_end and start > 0 and not ends_block_text(text, root, start):
        return text[:start].removesuffix("\n").removesuffix("\r")
    return text[:start] + text[end:]


def cut_flow(text: str, sequence: Node, number: int) -> str:
    """Take an item out of a list in brackets, with one comma."""
    nodes = sequence.value
    refuse_aliases(text, sequence)
    if number > 0:
        start, end = nodes[number - 1].end_mark.index, nodes[number].end_mark.index
    elif len(nodes) > 1:
        start, end = nodes[0].start_mark.index, nodes[1].start_mark.index
    else:
        start, end = sequence.start_mark.index + 1, sequence.end_mark.index - 1
    return text[:start] + text[end:]
