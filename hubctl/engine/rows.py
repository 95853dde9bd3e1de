"""Rows: what canonical wants of one target, reduced to what a comparison needs.

A row keeps the hash of a desired value instead of the value, so that a thousand targets fit into
memory and into the compiled cache; the value is rendered again only where something differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubctl.model.address import Part, part_of
from hubctl.model.item import Item, LinkTo, hash_value
from hubctl.model.state import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Row(NamedTuple):
    """One desired thing by hash; `part` and `scope` are enum values as text, ready for JSON."""

    path: str
    fragment: str
    hash: str
    part: str
    scope: str
    renderer: str
    spec: tuple[str, ...]
    sensitive: bool

    @property
    def local(self) -> str:
        """The address without its target."""
        return f"{self.path}#{self.fragment}" if self.fragment else self.path

    @property
    def committed(self) -> bool:
        """Whether the committed ledger records it."""
        return self.scope == _COMMITTED


_COMMITTED = Scope.COMMITTED.value


def rows_of(items: Iterable[Item]) -> tuple[Row, ...]:
    """Rows of rendered items, in address order."""
    return tuple(sorted(_row(item) for item in items))


def row_from_json(values: Sequence[object]) -> Row:
    """A row back from the list that JSON made of it."""
    path, fragment, digest, part, scope, renderer, spec, sensitive = values
    return Row(
        str(path),
        str(fragment),
        str(digest),
        str(part),
        str(scope),
        str(renderer),
        tuple(spec) if isinstance(spec, list) else (),
        bool(sensitive),
    )


def _row(item: Item) -> Row:
    address = item.address
    part = Part.LINK if isinstance(item.value, LinkTo) else part_of(address.path, address.fragment)
    return Row(
        address.path,
        address.fragment,
        hash_value(item.value),
        part.value,
        item.scope.value,
        item.renderer,
        item.spec,
        item.sensitive,
    )
