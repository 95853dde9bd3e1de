"""Taking single things out of a reading again, because canonical.yaml could not say them as is.

Pure: readings in, readings out. What is taken out stays in its file, with the reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubctl.adopt.expressible import Left
from hubctl.adopt.reading import PATHS
from hubctl.config.places import path_text
from hubctl.documents.hook_groups import handler_id, own_id
from hubctl.model.address import Part, join_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.adopt.reading import Reading
    from hubctl.model.address import Address

_SECTIONS = {path: section for section, path in PATHS.items()}
_SHORT = ("permissions", "env")


def without(reading: Reading, address: Address, reason: str) -> Reading | None:
    """The reading without what stands at an address; None where it has nothing there."""
    section = _SECTIONS.get(address.path)
    if section is None:
        return None
    content = dict(reading.sections[section])
    if address.part is Part.HANDLER:
        event, _, name = address.name.partition("/")
        kept = _without_handler(content, event, name)
    elif address.part is Part.ELEMENT:
        kept = _without_at(content, address.pointer, address.element)
    else:
        keys = address.pointer[1:] if section == "mcp" else address.pointer
        kept = _without_at(content, keys, None)
    if kept is None:
        return None
    left = Left(fragment=address.fragment, reason=reason)
    return _narrowed(reading, section, address.path, kept, left)


def without_place(reading: Reading, text: str, reason: str) -> Reading | None:
    """The reading without what a place of canonical.yaml (`repositories.…`) came from."""
    base = ("repositories", reading.target.name, "overrides")
    best: tuple[str, tuple[str, ...]] | None = None
    for section, keys, spelled in _places(reading.sections):
        shown = path_text((*base, *spelled))
        if text == shown or text.startswith((shown + ".", shown + "[")):
            best = (section, keys)
    if best is None:
        return None
    section, keys = best
    kept = _without_at(dict(reading.sections[section]), keys, None)
    pointer = ("mcpServers", *keys) if section == "mcp" else keys
    left = Left(fragment=join_pointer(pointer), reason=reason)
    return None if kept is None else _narrowed(reading, section, PATHS[section], kept, left)


def _places(
    sections: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(section, keys in it, keys below `overrides`) of everything, outer things first."""
    for section, content in sections.items():
        for keys in _keys(content, ()):
            for spelled in _spellings(section, keys):
                yield section, keys, spelled


def _keys(content: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in content.items():
        yield (*at, key)
        if isinstance(value, dict):
            yield from _keys(value, (*at, key))


def _spellings(section: str, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if section == "mcp":
        yield ("mcp", *keys)
        return
    if keys[0] == "hooks":
        yield keys
        return
    head = ("local",) if section == "local" else ()
    yield (*head, "settings", *keys)
    if keys[0] in _SHORT:
        yield (*head, *keys)


def _narrowed(
    reading: Reading, section: str, path: str, kept: dict[str, Any], left: Left
) -> Reading:
    return replace(
        reading,
        sections={**reading.sections, section: kept},
        left={**reading.left, path: (*reading.left.get(path, ()), left)},
    )


def _without_at(content: Any, keys: tuple[str, ...], element: object) -> dict[str, Any] | None:
    """The object without a member (and without objects that it leaves empty), or None."""
    if not keys or not isinstance(content, dict) or keys[0] not in content:
        return None
    key, rest = keys[0], keys[1:]
    others = {name: value for name, value in content.items() if name != key}
    if rest:
        inner = _without_at(content[key], rest, element)
        return None if inner is None else ({**content, key: inner} if inner else others)
    if element is None:
        return others
    if not isinstance(content[key], list) or element not in content[key]:
        return None
    kept = [item for item in content[key] if item != element]
    return {**content, key: kept} if kept else others


def _without_handler(content: dict[str, Any], event: str, name: str) -> dict[str, Any] | None:
    groups = content.get("hooks", {}).get(event, [])
    kept = []
    for group in groups:
        entries = [e for e in group["hooks"] if name not in (own_id(e), handler_id(e))]
        if entries:
            kept.append({**group, "hooks": entries})
    if kept == groups:
        return None
    hooks = {**content["hooks"], event: kept}
    hooks = {key: value for key, value in hooks.items() if value}
    others = {key: value for key, value in content.items() if key != "hooks"}
    return {**others, "hooks": hooks} if hooks else others
