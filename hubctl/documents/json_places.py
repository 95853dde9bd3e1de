"""Where a value of a JSON file stands: for findings and explanations, never for an edit.

Expects text that `json_parse` accepts. Opens only the containers on the way to what is asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.documents.hook_groups import find_handlers
from hubctl.documents.json_parse import decode_utf8
from hubctl.documents.json_syntax import open_container, skip_space
from hubctl.documents.places import position_of
from hubctl.model.address import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.documents.json_syntax import Container, Member
    from hubctl.model.address import Address

Position = tuple[int, int]


def place_in_json(data: bytes, address: Address, recorded: str = "") -> Position | None:
    """Line and column of what stands at an address; None where nothing does."""
    text = decode_utf8(data)
    root = _root(text)
    member = _find(root, address, recorded) if root is not None else None
    return None if member is None else position_of(text, member.offset)


def repeated_keys(data: bytes) -> tuple[tuple[tuple[str, ...], Position], ...]:
    """Keys that stand twice in one object, with the place of the last one, which alone counts."""
    text = decode_utf8(data)
    if not _has_repeated(text):
        return ()
    root = _root(text)
    found = _repeated(root, ()) if root is not None else ()
    return tuple((keys, position_of(text, member.offset)) for keys, member in found)


def _root(text: str) -> Container | None:
    start = skip_space(text, 0)
    return open_container(text[start:].rstrip(), start) if text[start : start + 1] in "{[" else None


def _find(root: Container, address: Address, recorded: str) -> Member | None:
    if address.part is Part.HANDLER:
        return _handler(root, address, recorded)
    member, container = None, root
    for key in address.pointer:
        member = _named(container, key)
        opened = member.open() if member is not None else None
        if opened is None:
            return member if key == address.pointer[-1] else None
        container = opened
    return _element(container, address.element) if address.part is Part.ELEMENT else member


def _named(container: Container, key: str) -> Member | None:
    """The member that counts: of a key that stands there twice the last one."""
    found = container.named(key) if container.brackets == "{}" else []
    return found[-1] if found else None


def _element(container: Container, element: object) -> Member | None:
    for member in container.members:
        if member.text[:1] not in ("{", "["):
            value = member.value()
            if type(value) is type(element) and value == element:
                return member
    return None


def _handler(root: Container, address: Address, recorded: str) -> Member | None:
    event, _, name = address.name.partition("/")
    hooks = _named(root, "hooks")
    groups = _named(hooks.open() or root, event) if hooks is not None else None
    if groups is None:
        return None
    spots = find_handlers(groups.value(), name, recorded)
    opened = groups.open()
    if not spots or opened is None:
        return None
    group = opened.members[spots[0].group].open()
    entries = _named(group, "hooks") if group is not None else None
    inside = entries.open() if entries is not None else None
    return inside.members[spots[0].index] if inside is not None else None


def _has_repeated(text: str) -> bool:
    found = False

    def pairs(members: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal found
        kept = dict(members)
        found = found or len(kept) < len(members)
        return kept

    json.loads(text, object_pairs_hook=pairs)
    return found


def _repeated(
    container: Container, keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Member]]:
    seen: dict[str, int] = {}
    for member in container.members:
        seen[member.key] = seen.get(member.key, 0) + 1
        here = (*keys, member.key) if container.brackets == "{}" else keys
        if container.brackets == "{}" and seen[member.key] == 2:
            yield here, _named(container, member.key) or member
        inside = member.open()
        if inside is not None:
            yield from _repeated(inside, here)
