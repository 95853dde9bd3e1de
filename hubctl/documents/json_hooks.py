"""Editing handler entries in the `hooks` of a JSON tree.

A handler of ours gets a matcher group of its own at the end; groups and handlers of the user stay
byte for byte where they are. Which handler an id means is hook_groups' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.hook_groups import OWN, OWN_ASYNC, find_handlers
from hubctl.documents.json_fields import (
    find_member,
    insert,
    open_levels,
    replace_value,
    tidy,
)
from hubctl.documents.same import same_json

if TYPE_CHECKING:
    from hubctl.documents.hook_groups import Spot
    from hubctl.documents.json_fields import Level, Tree
    from hubctl.documents.json_syntax import Container, Member
    from hubctl.model.item import Handler

_EVENT = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_GROUP_KEYS = {"matcher", "hooks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A handler in the tree: its group, the list it stands in, and its own entry."""

    handler: Handler
    group: Member
    entries: Container
    entry: Member


def set_handler(tree: Tree, name: str, value: Handler, recorded: str) -> None:
    """Put a handler at `Event/id`.

    With an unchanged matcher only its entry is replaced; with another it moves to a new group. More
    handlers of the dispatcher under the same id go: there is at most one.
    """
    event, _, key = name.partition("/")
    if not _EVENT.match(event):
        raise DocumentError(f"{event!r} is no event name of the client, such as PreToolUse")
    levels = open_levels(tree, ("hooks", event), brackets="[]", create=True)
    if levels is None:
        return
    found = _find(tree, levels[-1], key, recorded)
    keep = found[0] if found and found[0].handler.matcher == value.matcher else None
    if keep is None:
        insert(tree, levels[-1], "", _group(value))
    elif not same_json(dict(keep.handler.entry), dict(value.entry)):
        replace_value(tree, keep.entry, dict(value.entry))
    for other in _all_meant(key, found):
        if other is not keep:
            _take_out(levels[-1], other)


def remove_handler(tree: Tree, name: str, recorded: str) -> None:
    """Take away the handler at `Event/id`, with its group if that held nothing else."""
    event, _, key = name.partition("/")
    levels = open_levels(tree, ("hooks", event), brackets="[]", create=False)
    if levels is None:
        return
    found = _all_meant(key, _find(tree, levels[-1], key, recorded))
    for one in found:
        _take_out(levels[-1], one)
    if found:
        tidy(tree, levels)


def _all_meant(key: str, found: list[_Found]) -> list[_Found]:
    """All of the dispatcher's own; of others the best alone, a twin may be the user's."""
    return found if key in (OWN, OWN_ASYNC) else found[:1]


def _group(value: Handler) -> dict[str, object]:
    group: dict[str, object] = {"matcher": value.matcher} if value.matcher else {}
    return {**group, "hooks": [dict(value.entry)]}


def _find(tree: Tree, level: Level, key: str, recorded: str) -> list[_Found]:
    groups = [member.value() for member in level.container.members]
    found = find_handlers(groups, key, recorded)
    return [_locate(tree, level.container, spot) for spot in found]


def _locate(tree: Tree, groups: Container, spot: Spot) -> _Found:
    group = groups.members[spot.group]
    inside = group.open()
    hooks = find_member(tree, inside, "hooks") if inside else None
    entries = hooks.open() if hooks else None
    if entries is None:
        raise DocumentError("a hook group changed its shape while it was read")
    return _Found(
        handler=spot.handler, group=group, entries=entries, entry=entries.members[spot.index]
    )


def _take_out(level: Level, found: _Found) -> None:
    found.entries.remove(found.entry)
    inside = found.group.open()
    keys = {member.key for member in inside.members} if inside else set()
    if not found.entries.members and keys <= _GROUP_KEYS:
        level.container.remove(found.group)
