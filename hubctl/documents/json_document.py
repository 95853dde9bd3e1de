"""A parsed JSON file, asked for the values at addresses.

Lies on the path of every drift: parsing is the standard library's, each question costs a walk of a
few keys. Must not keep or know the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.hook_groups import find_handlers, handler_id, own_id, spots_of
from hubctl.documents.json_parse import parse_json
from hubctl.model.address import (
    Part,
    element_fragment,
    join_pointer,
    pointer_text,
    split_pointer,
)
from hubctl.model.item import JsonValue
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent

WHOLE = "(the whole file)"
_HOOKS = "hooks"


def read_json(data: bytes) -> JsonDocument:
    """Parse a JSON file; raises DocumentError."""
    return JsonDocument(parse_json(data))


class JsonDocument:
    """One JSON file; `root` is its parsed value, to be read only."""

    __slots__ = ("_elements", "hashes", "root")

    def __init__(self, root: object) -> None:
        self.root = root
        self.hashes: dict[tuple[str, str], str] = {}
        self._elements: dict[str, frozenset[tuple[type, object]]] = {}

    def get(self, address: Address, recorded: str = "") -> Value | Absent:
        """What stands at an address; ABSENT also where `blocked` has an answer."""
        fragment = address.fragment
        if fragment[:1] == "/":
            if "=" in fragment:
                return self._element(address, pointer_text(fragment))
            value = self._walk(split_pointer(fragment))
            return ABSENT if value is ABSENT else JsonValue(value=value)
        if address.part is not Part.HANDLER:
            return ABSENT
        event, _, name = address.name.partition("/")
        found = find_handlers(self._walk((_HOOKS, event)), name, recorded)
        return found[0].handler if found else ABSENT

    def _walk(self, keys: tuple[str, ...]) -> object:
        value = self.root
        for key in keys:
            if not isinstance(value, dict) or key not in value:
                return ABSENT
            value = value[key]
        return value

    def _element(self, address: Address, pointer: str) -> Value | Absent:
        known = self._elements.get(pointer)
        if known is None:
            items = self._walk(split_pointer(pointer))
            known = scalars_of(items if isinstance(items, list) else [])
            self._elements[pointer] = known
        element = address.element
        return JsonValue(value=element) if (type(element), element) in known else ABSENT

    def blocked(self, address: Address) -> str | None:
        """The pointer of a value that keeps anything from standing at an address, or None.

        A parent that is no object, or a list's place taken by something else. WHOLE where the
        file itself is no object.
        """
        keys, last = _parents(address)
        value = self.root
        for depth, key in enumerate((*keys, None)):
            kind = last if depth == len(keys) else dict
            if not isinstance(value, kind):
                return join_pointer(keys[:depth]) or WHOLE
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
        return None

    def parts(self) -> Iterator[tuple[str, Value]]:
        """Every addressable thing: fragment and value, in document order."""
        yield from _parts((), self.root)


def scalars_of(items: list[object]) -> frozenset[tuple[type, object]]:
    """The scalars of a list with their types, because True equals 1 in Python."""
    return frozenset((type(item), item) for item in items if not isinstance(item, (dict, list)))


def _parents(address: Address) -> tuple[tuple[str, ...], type]:
    part = address.part
    if part is Part.HANDLER:
        return (_HOOKS, address.name.partition("/")[0]), list
    if part is Part.ELEMENT:
        return address.pointer, list
    return address.pointer[:-1], dict


def _parts(keys: tuple[str, ...], value: object) -> Iterator[tuple[str, Value]]:
    if keys[:1] == (_HOOKS,) and len(keys) == 2 and any(True for _ in spots_of(value)):
        for spot in spots_of(value):
            name = own_id(spot.handler.entry) or handler_id(spot.handler.entry)
            yield f"hook:{keys[1]}/{name}", spot.handler
    elif isinstance(value, dict) and (value or not keys):
        for key, member in value.items():
            yield from _parts((*keys, key), member)
    elif isinstance(value, list) and value and not _holds_containers(value):
        for _, item in dict.fromkeys((type(item), item) for item in value):
            yield element_fragment(keys, item), JsonValue(value=item)
    elif keys:
        yield join_pointer(keys), JsonValue(value=value)


def _holds_containers(items: list[object]) -> bool:
    return any(isinstance(item, (dict, list)) for item in items)
