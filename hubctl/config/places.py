"""Where values stand in their file, and how paths inside a document are written for people.

A Place is a plain tuple, made once per YAML node; nothing here parses or reads.
"""

from __future__ import annotations

from typing import NamedTuple

DocPath = tuple[str | int, ...]


class Place(NamedTuple):
    """Where one value stands; lines and columns count from 1.

    `key_line`, `key_column` are those of its key (of the value itself in a list, and for the
    whole document); `children` are the places inside it. Aliases share the children of their anchor.
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
    match place.children if place else None:
        case dict() as children if isinstance(step, str):
            return children.get(step)
        case list() as children if isinstance(step, int) and -1 < step < len(children):
            return children[step]
    return None


def path_text(path: DocPath) -> str:
    """A path for people: `repositories.api.profiles[0]`; odd keys stand in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = step and not any(c in step for c in " .[]\"'\n\t")
            text += ("." if text else "") + (step if plain else f'"{step}"')
    return text
