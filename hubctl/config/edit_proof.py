"""Proof that an edited text means what was meant, before anybody gets to see it.

Compares the trees of both texts node by node: everything beside the edited place has the same
content, tags and anchors and stands in the same order, and the place itself means what is expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.config.edit_tree import Kind
from hubctl.config.edit_values import is_merge

if TYPE_CHECKING:
    from hubctl.config.edit_tree import Document, Entry, Node
    from hubctl.config.edit_values import Values


def is_proved(
    old: Document, new: Document, path: tuple[str, ...], expected: int | None, values: Values
) -> bool:
    """Whether `new` is `old` with only the place changed, to `expected` (None: taken away)."""
    return _Proof(values, expected).holds(old.root, new.root, path)


class _Proof:
    def __init__(self, values: Values, expected: int | None) -> None:
        self.values = values
        self.expected = expected

    def holds(self, old: Node | None, new: Node | None, path: tuple[str, ...]) -> bool:
        if new is None or not path:
            return self._means(new, path)
        if old is None or old.kind is not Kind.MAPPING:
            return self._means(new, path)
        if new.kind is not Kind.MAPPING or (old.anchor, old.tag) != (new.anchor, new.tag):
            return False
        old_rest, old_here = _split(old, path[0])
        new_rest, new_here = _split(new, path[0])
        same = self._all_same(old_rest, new_rest)
        return same and self._here(old_here, new_here, path[1:])

    def _here(self, old: list[Node], new: list[Node], path: tuple[str, ...]) -> bool:
        """The one entry on the path: kept and changed inside, new, or gone."""
        if self.expected is None and not path:
            return not new
        if len(new) != 1:
            return False
        return self.holds(old[0] if old else None, new[0], path)

    def _means(self, new: Node | None, path: tuple[str, ...]) -> bool:
        if new is None or self.expected is None:
            return False
        number = self.expected
        for key in reversed(path):
            number = self.values.of_mapping({key: number})
        return self.values.of_node(new) == number

    def _all_same(self, old: list[Entry], new: list[Entry]) -> bool:
        return len(old) == len(new) and all(map(self._same_entry, old, new))

    def _same_entry(self, old: Entry, new: Entry) -> bool:
        if old.key is None or new.key is None:
            return old.key is new.key and self._same(old.value, new.value)
        return self._same(old.key, new.key) and self._same(old.value, new.value)

    def _same(self, old: Node, new: Node) -> bool:
        if _written(old) != _written(new):
            return False
        if old.target is not None and new.target is not None:
            return self.values.of_node(old) == self.values.of_node(new)
        return self._all_same([*old.entries], [*new.entries])


def _written(node: Node) -> tuple[object, ...]:
    return (node.kind, node.anchor, node.tag, node.style, node.flow, node.text)


def _split(node: Node, key: str) -> tuple[list[Entry], list[Node]]:
    """The other entries, and the values of those with this key."""
    rest, here = [], []
    for entry in node.entries:
        if entry.key is not None and entry.key.text == key and not is_merge(entry):
            here.append(entry.value)
        else:
            rest.append(entry)
    return rest, here
