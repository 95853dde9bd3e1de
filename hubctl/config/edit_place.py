"""Finding the place of an edit, and refusing those that would change another place as well.

Knows aliases, merges and anchors; changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hubctl.config.edit_replace import Slot
from hubctl.config.edit_spans import Span, entry_spans
from hubctl.config.edit_style import Style, style_of
from hubctl.config.edit_tree import Document, Kind, Node, walk
from hubctl.config.edit_values import Values, is_merge
from hubctl.config.places import path_text
from hubctl.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One parse of a document that is being edited at `path`.

    `literal` says whether a text may become a `|` block (not where the file ends without a line
    end: its last line end would be lost).
    """

    doc: Document
    values: Values
    path: tuple[str, ...]
    literal: bool = True

    def style(self, near: Node | None) -> Style:
        """The style for something new inside `near`."""
        return style_of(self.doc, near, literal=self.literal)

    def name(self, *keys: str) -> str:
        """The path, or one below it, for people."""
        return f"`{path_text((*self.path, *keys))}`"


def find_slot(edit: Edit) -> tuple[Slot | None, tuple[str, ...]]:
    """The deepest place on the path that is written, and the keys below it that are not.

    Raises:
        UsageError: the path leads through an alias or a merge, through what is no mapping, or into
            something that other places share.
    """
    doc = edit.doc
    if doc.root is None:
        return None, edit.path
    slot = Slot(node=doc.root, parent=None, span=Span(doc.root.start, doc.root.start, doc.tail))
    for depth, key in enumerate(edit.path):
        node = slot.node
        here = Edit(doc=doc, values=edit.values, path=edit.path[:depth])
        own(here, node)
        if node.kind is Kind.SCALAR and edit.values.of_node(node) == edit.values.of(None):
            return slot, edit.path[depth:]
        check_mapping(here, node)
        index = index_of(here, node, key)
        if index is None:
            if depth < len(edit.path) - 1:
                check_merge(edit, node, key)
            return slot, edit.path[depth:]
        slot = slot_of(doc, slot, index, entry_spans(doc, node)[index])
    return slot, ()


def slot_of(doc: Document, above: Slot, index: int, span: Span) -> Slot:
    """The place of the value at `index` inside the collection in `above`."""
    entry = above.node.entries[index]
    return Slot(
        node=entry.value,
        parent=above.node,
        span=span,
        key=entry.key.text if entry.key is not None else "",
        in_flow=above.node.flow,
    )


def index_of(edit: Edit, node: Node, key: str) -> int | None:
    """Which entry of a mapping has the key; None if none of its own has.

    Raises:
        UsageError: two have it.
    """
    found = [i for i, e in enumerate(node.entries) if e.key and e.key.text == key]
    found = [i for i in found if not is_merge(node.entries[i])]
    if len(found) > 1:
        lines = ", ".join(str(edit.doc.line(node.entries[i].value.start)) for i in found)
        raise UsageError(
            f"{edit.name(key)} stands twice (lines {lines})", hint="delete one of them"
        )
    return found[0] if found else None


def check_written(edit: Edit, node: Node) -> None:
    """Refuse to edit the inside of what is an alias here."""
    if node.kind is Kind.ALIAS:
        line = edit.doc.line(node.start)
        raise UsageError(
            f"{edit.name()} is the alias `*{node.text}` (line {line}): "
            "an edit behind it would change another place",
            hint=f"edit the value at `&{node.text}`, or write the value out in line {line}",
        )


def check_mapping(edit: Edit, node: Node) -> None:
    """Refuse to look for keys in what is no mapping written here."""
    check_written(edit, node)
    if node.kind is not Kind.MAPPING:
        what = "a list" if node.kind is Kind.SEQUENCE else "a single value"
        where = edit.name() if edit.path else "the document"
        line = edit.doc.line(node.start)
        raise UsageError(f"{where} is {what} (line {line}): it has no keys")


def check_merge(edit: Edit, node: Node, key: str) -> None:
    """Refuse to edit the inside of what a merge brings here."""
    found = edit.values.inherited(node).get(key)
    if found is not None:
        raise UsageError(
            f"{edit.name()} comes from a merge (line {edit.doc.line(found.start)}): "
            "an edit there would change another place",
            hint=f"write `{key}` out below the `<<`, or edit what is merged",
        )


def own(edit: Edit, node: Node) -> None:
    """Refuse to change a node that other places use as well."""
    aliases = edit.doc.aliases.get(node)
    if aliases:
        _refuse_shared(edit, node, aliases[0])


def own_all(edit: Edit, node: Node) -> None:
    """Refuse to drop a node that carries an anchor which is used elsewhere."""
    inside = Counter(n.target for n in walk(node) if n.target is not None)
    for inner in walk(node):
        aliases = edit.doc.aliases.get(inner, ())
        if len(aliases) > inside[inner]:
            _refuse_shared(edit, inner, aliases[-1])


def _refuse_shared(edit: Edit, node: Node, alias: Node) -> None:
    line = edit.doc.line(alias.start)
    raise UsageError(
        f"{edit.name() if edit.path else 'the document'} holds the anchor `&{node.anchor}` "
        f"(line {edit.doc.line(node.start)}), which line {line} uses: "
        "an edit would change both places",
        hint=f"write the value out in line {line} first, or edit both by hand",
    )
