"""Renders the block of `.git/info/exclude`: every local file of ours is ignored on this machine.

It is the one renderer that looks at the others' items, so it runs last. Linked worktrees share
the file of their main checkout, where local resources belong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.model.address import Address, Part
from hubctl.model.item import BlockText, Item
from hubctl.model.state import Scope
from hubctl.render.gitignore import ignore_patterns
from hubctl.render.origin import without_markers
from hubctl.render.spec import is_committed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.model.target import Subject

NAME = "exclude"
_SPECIAL = re.compile(r"([\\*?\[\]])")
_OUTSIDE = (".git/", "@")


def exclude_items(subject: Subject, items: Sequence[Item]) -> tuple[Item, ...]:
    """The block that names the local files among `items`, or nothing."""
    facts = subject.facts
    if subject.target.is_host or not facts.git or facts.linked_worktree:
        return ()
    paths = sorted({item.address.path for item in items if _is_local_file(item)})
    patterns = () if is_committed(subject) else ignore_patterns(subject)
    if not paths and not patterns:
        return ()
    lines = dict.fromkeys((*patterns, *map(pattern, paths)))
    return (
        Item(
            address=Address(
                target=subject.target.name, path=".git/info/exclude", fragment="block:hubctl"
            ),
            value=BlockText(text=without_markers("\n".join(lines) + "\n"), comment="hash"),
            scope=Scope.LOCAL,
            renderer=NAME,
        ),
    )


def _is_local_file(item: Item) -> bool:
    address = item.address
    inside = address.part is not Part.UNIT and not address.path.startswith(_OUTSIDE)
    return inside and item.scope is Scope.LOCAL


def pattern(path: str) -> str:
    """A pattern that means exactly this path."""
    escaped = _SPECIAL.sub(r"\\\1", path)
    kept = escaped.rstrip(" ")
    return f"/{kept}" + "\\ " * (len(escaped) - len(kept))
