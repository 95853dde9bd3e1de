"""Which modules the compiled registries of this account run: a release without one breaks them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.system.hooks_package import places as hook_places

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from hubctl.system.files import Files
    from hubctl.system.places import Places

_DEEPEST = 60  # folders; a repository's folder repeats its path


def missing_modules(files: Container[str], places: Places, door: Files) -> tuple[str, ...]:
    """Ids of hooks that some registry enables and of which `files` has no module, sorted."""
    found = {
        str(row.get("id", ""))
        for text in _registries(places, door)
        for row in _rows(text)
        if isinstance(row.get("module"), str)
        and f"{str(row['module']).replace('.', '/')}.py" not in files
    }
    return tuple(sorted(found))


def _registries(places: Places, door: Files) -> Iterator[bytes]:
    for hub in _names(places.state, door):
        yield from _below(f"{places.state}/{hub}/{hook_places.HOOKS}", door, 0)


def _below(folder: str, door: Files, depth: int) -> Iterator[bytes]:
    for name in _names(folder, door) if depth < _DEEPEST else ():
        path = f"{folder}/{name}"
        found = door.look(path)
        if found is not None and found.kind == "folder":
            yield from _below(path, door, depth + 1)
        elif found is not None and name == hook_places.REGISTRY:
            yield door.read(path, follow=False)


def _names(folder: str, door: Files) -> tuple[str, ...]:
    try:
        return door.list(folder)
    except OSError:
        return ()


def _rows(text: bytes) -> Iterator[dict[str, object]]:
    """The rows of a registry; a damaged one has none, and is repaired by an apply anyway."""
    try:
        events = json.loads(text)["events"]
        rows = [row for rows in events.values() for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    yield from (row for row in rows if isinstance(row, dict))
