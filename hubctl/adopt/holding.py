"""What an adoption holds back: everything that defaults would bring and a repository lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.merge import identity, is_edit
from hubctl.config.places import path_text
from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.fleet.world import World

    Keys = tuple[str, ...]

_TOLD = 3
_QUOTED = '"'


def held_back(world: World, name: str) -> Iterator[Finding]:
    """A note for each line of a repository's overrides that only keeps something out."""
    entry = (world.compiler.canonical.document.get("repositories") or {}).get(name) or {}
    base = ("repositories", name, "overrides")
    for keys, what in _held(entry.get("overrides") or {}, ()):
        yield Finding(
            rule="adopt/held-back",
            severity=Severity.NOTE,
            message=f"held back, because the repository does not have it: {what}",
            path=path_text((*base, *keys)),
            address=f"{name}:.",
            hint="take that line out of canonical.yaml to have it there with the next apply",
        )


def _held(value: dict[str, Any], at: Keys) -> Iterator[tuple[Keys, str]]:
    for key, member in value.items():
        keys = (*at, key)
        if member is None:
            yield keys, f"`{path_text(keys)}`"
        elif is_edit(member) and member.keys() - {"add"}:
            yield keys, f"{_elements(member, keys)} `{path_text(keys)}`"
        elif isinstance(member, dict):
            yield from _held(member, keys)


def _elements(edit: dict[str, list[Any]], at: Keys) -> str:
    """Which elements of a list, as words before its name."""
    if "only" in edit:
        return "a part of"
    removed = [f"`{identity(element, at).lstrip(_QUOTED)}`" for element in edit["remove"]]
    more = len(removed) - _TOLD
    return f"{', '.join(removed[:_TOLD])}{f' and {more} more' if more > 0 else ''} in"
