"""Where values stand in their file, and how paths inside a document are written for people.

A Place is a plain tuple, made once per YAML node; nothing here parses or reads.
"""

from __future__ import annotations

import json
from typing import NamedTuple

DocPath = tuple[str | int, ...]


class Place(NamedTuple):
    """Where one value stands; lines and columns count from 1.

    `key_line`, `key_column` are those of its key (of the value itself in a list, and for the
    whole document); `children` are the places inside it, shared by an anchor and its aliases.
    """

    key_line: int
    key_column: int
    line: int
    column: int
    children: dict[str, Place] | list[Place] | None = None


def find_place(root: Place | None, path: DocPath) -> Place | None:
    """The place at `path`, or of the nearest thing around it that exists."""
    place = root
    for step in path:
        inner = _child(place, step)
        if inner is None:
            break
        place = inner
    return place


def _child(place: Place | None, step: str | int) -> Place | None:
    children = place.children if place else None
    if isinstance(children, dict):
        return children.get(step) if isinstance(step, str) else None
    if isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
        element: Place = children[step]
        return element
    return None


def path_text(path: DocPath) -> str:
    """A path for people: `repositories.api.profiles[0]`; odd keys stand in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = step and step.isprintable() and not any(c in step for c in " .[]\"'")
            text += "." if text else ""
            text += step if plain else json.dumps(step, ensure_ascii=not step.isprintable())
    return text
