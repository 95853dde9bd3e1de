"""JSON values as owned fields and list elements: what settings and `.mcp.json` share.

Objects are owned member by member, set-like lists element by element, everything else whole. Pure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.model.address import element_fragment, join_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    IsSetLike = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One thing to own: the value at `keys`, or one element of the list there."""

    keys: tuple[str, ...]
    value: object
    element: bool = False

    @property
    def fragment(self) -> str:
        """How an address names it."""
        if self.element:
            return element_fragment(self.keys, self.value)
        return join_pointer(self.keys)

    @property
    def spec(self) -> tuple[str, ...]:
        """How a spec path names it, below the root it was flattened from."""
        if not self.element:
            return self.keys
        shown = self.value if isinstance(self.value, str) else json.dumps(self.value)
        return (*self.keys, f"={shown}")


def flatten(
    value: Mapping[str, object], is_set_like: IsSetLike, keys: tuple[str, ...] = ()
) -> Iterator[Leaf]:
    """The leaves of an object; an element that stands twice in a set-like list comes once."""
    for key, member in value.items():
        at = (*keys, key)
        if isinstance(member, dict) and member:
            yield from flatten(member, is_set_like, at)
        elif is_element_list(member, is_set_like(at)):
            leaves = (Leaf(keys=at, value=element, element=True) for element in elements(member))
            yield from {leaf.fragment: leaf for leaf in leaves}.values()
        else:
            yield Leaf(keys=at, value=member)


def standing_in(layer: Mapping[str, object]) -> Callable[[Leaf], bool]:
    """A test whether `layer` has a say on a leaf; each list in it is read once."""
    lists: dict[tuple[str, ...], frozenset[str]] = {}

    def stands(leaf: Leaf) -> bool:
        value: object = layer
        for key in leaf.keys:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        if not leaf.element:
            return True
        if leaf.keys not in lists:
            fragments = (element_fragment(leaf.keys, element) for element in elements(value))
            lists[leaf.keys] = frozenset(fragments)
        return leaf.fragment in lists[leaf.keys]

    return stands


def elements(value: object) -> tuple[object, ...]:
    """The elements of a list; none of anything else."""
    return tuple(value) if isinstance(value, list | tuple) else ()


def is_element_list(value: object, set_like: bool) -> bool:
    """Whether a list is owned element by element: set-like, and of scalars only."""
    if not set_like or not isinstance(value, list | tuple):
        return False
    return not any(isinstance(element, dict | list | tuple) for element in value)
