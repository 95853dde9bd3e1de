"""What has to be spliced so that one place of a document means something else.

Compares what is written with what is wanted and touches only what differs: a mapping entry by
entry, a list element by element. One call does as much as can be done on one parse;
`edit_source` calls again until nothing differs.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from hubctl.config import edit_block, edit_flow
from hubctl.config.edit_block import Splice, as_lines
from hubctl.config.edit_place import (
    Edit,
    check_mapping,
    check_merge,
    check_written,
    find_slot,
    index_of,
    own,
    own_all,
    slot_of,
)
from hubctl.config.edit_render import entry_lines, flow_entry, flow_text, item_lines
from hubctl.config.edit_replace import Slot, replace
from hubctl.config.edit_spans import entry_spans, is_pair
from hubctl.config.edit_tree import Document, Kind, Node
from hubctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def set_value(edit: Edit, value: object) -> list[Splice]:
    """Splices that bring the place to `value`."""
    slot, missing = find_slot(edit)
    if slot is None:
        return [_into_nothing(edit, _nested(missing, value))]
    if not missing:
        return _change(edit, slot, value)
    return _add(edit, slot, {missing[0]: _nested(missing[1:], value)})


def remove_value(edit: Edit) -> list[Splice]:
    """Splices that take the place away, which exists."""
    slot, missing = find_slot(Edit(doc=edit.doc, values=edit.values, path=edit.path[:-1]))
    if slot is None:
        return []
    if missing:
        check_merge(edit, slot.node, missing[0])
        return []
    return _remove(edit, slot, [edit.path[-1]])


def append_item(edit: Edit, value: object) -> list[Splice]:
    """Splices that put `value` behind the elements of the list at the place."""
    slot, missing = find_slot(edit)
    if slot is None or missing:
        if slot is not None:
            check_merge(edit, slot.node, missing[0])
        return set_value(edit, [value])
    node = slot.node
    check_written(edit, node)
    own(edit, node)
    if node.kind is not Kind.SEQUENCE or not node.entries:
        return _change(edit, slot, [value])
    return _insert_items(edit, slot, len(node.entries), [value])


def remove_items(edit: Edit, number: int) -> list[Splice]:
    """Splices that take out the elements whose value has this number, at least one of them."""
    slot, missing = find_slot(edit)
    if slot is None:
        return []
    if missing:
        check_merge(edit, slot.node, missing[0])
        return []
    node = slot.node
    check_written(edit, node)
    own(edit, node)
    found = [i for i, e in enumerate(node.entries) if edit.values.of_node(e.value) == number]
    if len(found) == len(node.entries):
        own_all(edit, node)
        return replace(edit.doc, slot, [], edit.style(node))
    return _remove_items(edit, slot, found) if found else []


# -- changing one value into another -------------------------------------------------------------


def _change(edit: Edit, slot: Slot, value: object) -> list[Splice]:
    node = slot.node
    if edit.values.of_node(node) == edit.values.of(value):
        return []
    written = node.entries and not is_pair(edit.doc, node)
    if written and node.kind is Kind.MAPPING and isinstance(value, dict) and value:
        return _change_mapping(edit, slot, value)
    if written and node.kind is Kind.SEQUENCE and isinstance(value, (list, tuple)) and value:
        return _change_list(edit, slot, value)
    own_all(edit, node)
    if _is_open(edit.doc, node) and isinstance(value, dict) and value:
        return _add(edit, slot, value)
    return replace(edit.doc, slot, value, edit.style(slot.parent))


def _is_open(doc: Document, node: Node) -> bool:
    """Whether it is an empty `{}` with a comment or a line break inside, which stays."""
    inside = doc.text[doc.content(node) : node.end]
    return node.kind is Kind.MAPPING and not node.entries and bool(set(inside) & set("\r\n#"))


def _change_mapping(edit: Edit, slot: Slot, value: Mapping[str, object]) -> list[Splice]:
    node = slot.node
    own(edit, node)
    inherited, spans = edit.values.inherited(node), entry_spans(edit.doc, node)
    splices, missing = [], {}
    for key, wanted in value.items():
        index = index_of(edit, node, key)
        if index is not None:
            inner = slot_of(edit.doc, slot, index, spans[index])
            splices += _change(edit, inner, wanted)
        elif key not in inherited or edit.values.of_node(inherited[key]) != edit.values.of(wanted):
            missing[key] = wanted
    gone = [key for key in edit.values.merged(node) if key not in value]
    # Both at once only where they cannot meet: the entries of a block that keeps some.
    kept = len(node.entries) - len(gone)
    if gone and (not missing or (not node.flow and kept > 0)):
        splices += _remove(edit, slot, gone)
    return splices + (_add(edit, slot, missing) if missing else [])


def _change_list(edit: Edit, slot: Slot, value: Sequence[object]) -> list[Splice]:
    node = slot.node
    own(edit, node)
    old = [edit.values.of_node(entry.value) for entry in node.entries]
    new = [edit.values.of(item) for item in value]
    spans, splices = entry_spans(edit.doc, node), []
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = min(i_end - i, j_end - j)
        for offset in range(pairs):
            inner = slot_of(edit.doc, slot, i + offset, spans[i + offset])
            splices += _change(edit, inner, value[j + offset])
        if j + pairs < j_end:
            splices += _insert_items(edit, slot, i_end, value[j + pairs : j_end])
        elif i + pairs < i_end:
            splices += _remove_items(edit, slot, range(i + pairs, i_end))
        if node.flow and splices:
            break
    return splices


# -- entries of mappings -------------------------------------------------------------------------


def _add(edit: Edit, slot: Slot, entries: Mapping[str, object]) -> list[Splice]:
    """New keys in a mapping; a null becomes one."""
    node, doc = slot.node, edit.doc
    if node.kind is not Kind.MAPPING or not (node.entries or _is_open(doc, node)):
        if slot.parent is None:
            return _fill_root(edit, node, entries)
        return replace(doc, slot, entries, edit.style(slot.parent))
    style, mark = edit.style(node), _key_mark(node)
    spans = entry_spans(doc, node)
    if node.flow:
        text = ", ".join(flow_entry(k, v, style, key_mark=mark) for k, v in entries.items())
        inside = edit_flow.Brackets(doc, node, spans)
        return edit_flow.insert(inside, len(spans), text, style.eol)
    column = doc.column(spans[0].start)
    groups = [entry_lines(k, v, column, style, key_mark=mark) for k, v in entries.items()]
    return [edit_block.append(doc, node, groups, style.eol)]


def _remove(edit: Edit, slot: Slot, keys: Sequence[str]) -> list[Splice]:
    node, doc = slot.node, edit.doc
    check_mapping(edit, node)
    own(edit, node)
    inherited = edit.values.inherited(node)
    for key in keys:
        if key in inherited:
            line, here = doc.line(inherited[key].start), doc.line(node.start)
            raise UsageError(
                f"`{key}` of the mapping in line {here} comes from a merge (line {line})",
                hint="remove it where it is written, or drop the `<<`",
            )
    found = [index for key in keys if (index := index_of(edit, node, key)) is not None]
    for index in found:
        own_all(edit, node.entries[index].value)
    if len(found) == len(node.entries):
        return replace(doc, slot, {}, edit.style(node))
    return _remove_items(edit, slot, sorted(found))


def _key_mark(node: Node) -> str:
    """The quote of a mapping whose keys all have it; "" where some are plain."""
    marks = {entry.key.style for entry in node.entries if entry.key is not None}
    return marks.pop() if marks in ({"'"}, {'"'}) else ""


def _fill_root(edit: Edit, root: Node, entries: Mapping[str, object]) -> list[Splice]:
    doc = edit.doc
    if root.bare:
        return [_into_nothing(edit, entries)]
    style = edit.style(None)
    alone = not doc.before(root.start) and not doc.rest(root.end).strip()
    if not alone or root.anchor or root.tag:
        text = ", ".join(flow_entry(k, v, style) for k, v in entries.items())
        return [Splice(doc.content(root), root.end, "{" + text + "}")]
    lines = [line for k, v in entries.items() for line in entry_lines(k, v, 0, style)]
    return [Splice(root.start, root.end, style.eol.join(lines))]


def _into_nothing(edit: Edit, value: object) -> Splice:
    """The first entries of a document that holds comments only."""
    style, doc = edit.style(None), edit.doc
    entries = value if isinstance(value, dict) else {}
    lines = [line for k, v in entries.items() for line in entry_lines(k, v, 0, style)]
    return Splice(doc.tail, doc.tail, as_lines(lines, style.eol))


def _nested(keys: tuple[str, ...], value: object) -> object:
    for key in reversed(keys):
        value = {key: value}
    return value


# -- elements of lists -------------------------------------------------------------------------


def _insert_items(edit: Edit, slot: Slot, index: int, items: Sequence[object]) -> list[Splice]:
    doc, node = edit.doc, slot.node
    style, spans = edit.style(node), entry_spans(doc, node)
    if node.flow:
        text = ", ".join(flow_text(item, style) for item in items)
        return edit_flow.insert(edit_flow.Brackets(doc, node, spans), index, text, style.eol)
    column = doc.column(spans[0].start)
    groups = [item_lines(item, column, style) for item in items]
    if index == len(spans):
        return [edit_block.append(doc, node, groups, style.eol)]
    lines = [line for group in groups for line in group]
    if index == 0 and edit_block.is_compact(doc, spans):
        first = "".join(as_lines(lines, style.eol)) + " " * column
        return [Splice(spans[0].start, spans[0].start, first[column:])]
    return [edit_block.insert(doc, spans, index, as_lines(lines, style.eol))]


def _remove_items(edit: Edit, slot: Slot, indexes: Sequence[int]) -> list[Splice]:
    doc, node = edit.doc, slot.node
    spans = entry_spans(doc, node)
    for index in indexes:
        own_all(edit, node.entries[index].value)
    if node.flow:
        return edit_flow.remove(edit_flow.Brackets(doc, node, spans), indexes[0])
    return edit_block.remove(doc, node, indexes)
