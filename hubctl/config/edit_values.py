"""What nodes mean: every value, written or wanted, becomes a number, equal for equal values.

JSON types count (`true`, `1` and `1.0` differ), key order does not. Aliases and merges are followed
without ever expanding them, so that aliases of aliases cost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.edit_tree import MERGE, Kind
from hubctl.config.scalars import TAGS, NotJson, plain_value
from hubctl.config.values import MAX_NODES
from hubctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from hubctl.config.edit_tree import Document, Entry, Node

_STANDARD = "tag:yaml.org,2002:"
_COLLECTIONS = {
    Kind.MAPPING: ("", "!", f"{_STANDARD}map"),
    Kind.SEQUENCE: ("", "!", f"{_STANDARD}seq"),
}


def is_merge(entry: Entry) -> bool:
    """Whether the entry is a merge key."""
    return entry.key is not None and entry.key.plain and entry.key.text == MERGE


def resolved(node: Node) -> Node:
    """The node itself, or what the alias stands for."""
    return node.target if node.target is not None else node


class Values:
    """Numbers for values; those of one Values can be compared with each other.

    Raises:
        UsageError: the merges of the document multiply beyond the limit.
    """

    def __init__(self, doc: Document) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._nodes: dict[Node, int] = {}
        self._merged: dict[Node, Mapping[str, Node]] = {}
        self._budget = MAX_NODES
        self.learn(doc)

    def learn(self, doc: Document) -> None:
        """Number what aliases stand for, in the order in which they need each other.

        Without it a long chain of aliases would recurse as deep as the chain is long.
        """
        self._nodes.clear()
        self._merged.clear()
        for target in doc.aliases:
            self.of_node(target)

    def of(self, value: object) -> int:
        """The number of a JSON value."""
        if isinstance(value, dict):
            return self.of_mapping({key: self.of(inner) for key, inner in value.items()})
        if isinstance(value, (list, tuple)):
            return self.of_list(self.of(inner) for inner in value)
        return self._number(_scalar(value))

    def of_mapping(self, entries: Mapping[str, int]) -> int:
        """The number of a mapping whose values have these numbers."""
        return self._number(("mapping", frozenset(entries.items())))

    def of_list(self, items: Iterable[int]) -> int:
        """The number of a list whose elements have these numbers."""
        return self._number(("list", *items))

    def of_node(self, node: Node) -> int:
        """The number of what a node means."""
        node = resolved(node)
        if node not in self._nodes:
            self._nodes[node] = self._of_node(node)
        return self._nodes[node]

    def _of_node(self, node: Node) -> int:
        if node.kind is Kind.SCALAR:
            return self._number(_node_scalar(node))
        if node.kind is Kind.MAPPING:
            found = self.of_mapping({k: self.of_node(v) for k, v in self.merged(node).items()})
        else:
            found = self.of_list(self.of_node(entry.value) for entry in node.entries)
        known = node.tag in _COLLECTIONS[node.kind]
        return found if known else self._number(("tagged", node.tag, found))

    def merged(self, node: Node) -> Mapping[str, Node]:
        """Key → value of a mapping, merges included; the keys of its own win."""
        if node not in self._merged:
            own = {e.key.text: e.value for e in node.entries if e.key and not is_merge(e)}
            self._merged[node] = {**self.inherited(node), **own}
        return self._merged[node]

    def _spend(self, merged: int) -> None:
        self._budget -= merged
        if self._budget < 0:
            raise UsageError(
                f"the merges of this file make more than {MAX_NODES:,} entries",
                hint="use profiles with `extends` instead",
            )

    def inherited(self, node: Node) -> dict[str, Node]:
        """Key → value of what a mapping's merges bring; the first source wins."""
        found: dict[str, Node] = {}
        for entry in filter(is_merge, node.entries):
            source = resolved(entry.value)
            parts = [source, *(resolved(inner.value) for inner in source.entries)]
            for part in parts if source.kind is Kind.SEQUENCE else parts[:1]:
                if part.kind is Kind.MAPPING:
                    self._spend(len(self.merged(part)))
                    found = {**self.merged(part), **found}
        return found

    def find(self, root: Node | None, path: tuple[str, ...]) -> Node | None:
        """What stands at a path, aliases and merges followed; None if nothing does."""
        node = root
        for key in path:
            inside = resolved(node) if node is not None else None
            if inside is None or inside.kind is not Kind.MAPPING:
                return None
            node = self.merged(inside).get(key)
        return node

    def at(self, root: Node | None, path: tuple[str, ...]) -> int | None:
        """The number of what stands at a path; None if nothing does."""
        node = self.find(root, path)
        return self.of_node(node) if node is not None else None

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))


def _scalar(value: object) -> Hashable:
    # Floats by their text: 1.0 and 1, and 0.0 and -0.0, are equal for Python and differ in JSON.
    shown = repr(value) if isinstance(value, float) else value
    return (type(value).__name__, shown)


def _node_scalar(node: Node) -> Hashable:
    name = node.tag.removeprefix(_STANDARD)
    if node.tag in ("", "!") or name == "str":
        text_only = bool(node.style or node.tag)
    elif name in TAGS:
        text_only = False
    else:
        return ("tagged", node.tag, node.text)
    try:
        return _scalar(node.text if text_only else plain_value(node.text))
    except NotJson:
        return ("number", node.text)
