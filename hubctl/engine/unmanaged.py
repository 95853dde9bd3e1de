"""Foreign members of a structured file that hubctl also writes to: seen, noted, never touched.

Members are told at the highest level that holds nothing of ours. Elements of lists are not
members: the client appends approvals to `permissions` all the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import join_pointer, pointer_text, split_pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hubctl.engine.observe import FileView
    from hubctl.engine.rows import Row


def foreign_members(view: FileView, own: Collection[Row]) -> tuple[str, ...]:
    """Pointers of members that no row of its file (`own`) owns or contains, sorted."""
    if not own or not all(row.fragment for row in own):
        return ()  # a whole file of ours has no members of anybody else
    document = view.document()
    root = None if document is None else document.root
    if not isinstance(root, dict):
        return ()
    owned = _owned(own)
    return tuple(sorted(_walk(root, owned, ())))


class Holders:
    """Members that are, or contain, what was recorded; made once, asked for each foreign member."""

    def __init__(self, locals_: Iterable[str]) -> None:
        self._known: set[tuple[str, ...]] = set()
        for local in locals_:
            path, _, fragment = local.partition("#")
            keys = (path, *_keys(fragment))
            self._known.update(keys[:end] for end in range(1, len(keys) + 1))

    def hold(self, path: str, pointer: str) -> bool:
        """Whether the member of a file is told as an orphan already, or holds one."""
        return (path, *split_pointer(pointer)) in self._known


def _owned(rows: Iterable[Row]) -> dict[str, object]:
    """A tree of owned keys; an empty dict marks an owned leaf."""
    tree: dict[str, object] = {}
    for row in rows:
        branch = tree
        for key in _keys(row.fragment):
            branch = branch.setdefault(key, {})  # type: ignore[assignment]
    return tree


def _keys(fragment: str) -> tuple[str, ...]:
    if fragment.startswith("hook:"):
        return ("hooks", fragment[5:].partition("/")[0])
    return split_pointer(pointer_text(fragment))


def _walk(value: object, owned: dict[str, object], at: tuple[str, ...]) -> list[str]:
    if not isinstance(value, dict):
        return []
    found: list[str] = []
    for key, member in value.items():
        below = owned.get(key)
        if below is None:
            found.append(join_pointer((*at, key)))
        elif isinstance(below, dict) and below:
            found += _walk(member, below, (*at, key))
    return found
