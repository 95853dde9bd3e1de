"""Editing fields and list elements of a JSON tree, and giving emptied containers back.

A container that we make is recorded as `absent`, an empty one that we fill with the space it held;
when nothing of ours is left in it, that is what stands there again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.json_document import WHOLE
from hubctl.documents.json_style import Style, line_indent, new_member, write_value
from hubctl.documents.places import position_of
from hubctl.documents.same import same_json
from hubctl.model.address import join_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.documents.json_syntax import Container, Member

ABSENT = "absent"
_SPACE = " \t\r\n"


@dataclass(slots=True, kw_only=True)
class Level:
    """One container on the way down; `member` holds it in its parent, None for the root."""

    container: Container
    keys: tuple[str, ...]
    member: Member | None
    base: str | None


@dataclass(slots=True, kw_only=True)
class Tree:
    """A document while it is edited; `gone` once nothing is left of a file that we created."""

    path: str
    text: str
    root: Container
    style: Style
    containers: dict[str, str] = field(default_factory=dict)
    gone: bool = False

    def key_of(self, keys: tuple[str, ...]) -> str:
        """How a container is named in the record of containers."""
        return f"{self.path}#{join_pointer(keys)}" if keys else self.path

    def forget(self, keys: tuple[str, ...]) -> None:
        """Drop the records of a container that is replaced whole, and of all inside it."""
        name = self.key_of(keys)
        for known in [k for k in self.containers if k == name or k.startswith(f"{name}/")]:
            del self.containers[known]


def find_member(tree: Tree, container: Container, key: str) -> Member | None:
    """The member with a key.

    Raises:
        DocumentError: the key stands there twice, so an edit could not say which one it means.
    """
    found = container.named(key)
    if len(found) > 1:
        line, column = position_of(tree.text, max(found[1].offset, 0))
        raise DocumentError(
            f"the key {key!r} stands here a second time",
            line=line,
            column=column,
            hint="keep one of them",
        )
    return found[0] if found else None


def open_levels(
    tree: Tree, keys: tuple[str, ...], *, brackets: str, create: bool
) -> list[Level] | None:
    """The containers from the root down to the one at `keys`, which has these `brackets`.

    Returns None where one is missing and `create` is not set.

    Raises:
        DocumentError: something else stands in the way.
    """
    level = Level(container=tree.root, keys=(), member=None, base="")
    levels = [level]
    for depth, key in enumerate(keys, start=1):
        wanted = brackets if depth == len(keys) else "{}"
        member = find_member(tree, level.container, key)
        if member is None:
            if not create:
                return None
            member = insert(tree, level, key, {} if wanted == "{}" else [])
            tree.containers[tree.key_of(keys[:depth])] = ABSENT
        level = _step(tree, member, keys[:depth], wanted)
        levels.append(level)
    return levels


def _step(tree: Tree, member: Member, keys: tuple[str, ...], wanted: str) -> Level:
    container = member.open()
    if container is None or container.brackets != wanted:
        raise _in_the_way(tree, member, keys, wanted)
    if member.offset < 0:
        container.fresh = True
    return Level(container=container, keys=keys, member=member, base=line_indent(member))


def _in_the_way(tree: Tree, member: Member, keys: tuple[str, ...], wanted: str) -> DocumentError:
    line, column = position_of(tree.text, max(member.offset, 0))
    kind = "an object" if wanted == "{}" else "a list"
    where = join_pointer(keys) or WHOLE
    return DocumentError(f"{where} is not {kind}, so nothing fits in it", line=line, column=column)


def insert(tree: Tree, level: Level, key: str, value: object) -> Member:
    """Append a member; an empty container that was the user's is recorded before it is filled."""
    container = level.container
    member = new_member(container, key, value, tree.style, level.base)
    if not container.members and not container.fresh:
        tree.containers[tree.key_of(level.keys)] = container.inner
    container.append(member)
    return member


def tidy(tree: Tree, levels: Sequence[Level]) -> None:
    """Give back containers that removing has emptied, innermost first."""
    for level, parent in zip(reversed(levels), (*reversed(levels[:-1]), None), strict=True):
        if level.container.members:
            return
        record = tree.containers.pop(tree.key_of(level.keys), "")
        if record != ABSENT:
            # The record comes from a ledger, which anybody may have edited.
            level.container.inner = "" if record.strip(_SPACE) else record
            return
        if parent is None or level.member is None:
            tree.gone = True
        else:
            parent.container.remove(level.member)


def set_field(tree: Tree, keys: tuple[str, ...], value: object) -> None:
    """Put a value at a pointer; only its own text changes, and nothing if it is equal already."""
    levels = open_levels(tree, keys[:-1], brackets="{}", create=True)
    if levels is None:
        return
    member = find_member(tree, levels[-1].container, keys[-1])
    if member is None:
        insert(tree, levels[-1], keys[-1], value)
    elif not same_json(member.value(), value):
        replace_value(tree, member, value)
    tree.forget(keys)


def replace_value(tree: Tree, member: Member, value: object) -> None:
    """Write another value in a member's place."""
    member.text = write_value(value, tree.style, line_indent(member))
    member.opened = None


def remove_field(tree: Tree, keys: tuple[str, ...]) -> None:
    """Take away what stands at a pointer, if anything does."""
    levels = open_levels(tree, keys[:-1], brackets="{}", create=False)
    member = find_member(tree, levels[-1].container, keys[-1]) if levels else None
    if levels is not None and member is not None:
        tree.forget(keys)
        levels[-1].container.remove(member)
        tidy(tree, levels)


def add_elements(tree: Tree, keys: tuple[str, ...], elements: Sequence[object]) -> None:
    """Append the scalars that the list at `keys` does not have yet, in order."""
    levels = open_levels(tree, keys, brackets="[]", create=True)
    if levels is None:
        return
    present = {_typed(member.value()) for member in levels[-1].container.members if _scalar(member)}
    for element in elements:
        if _typed(element) not in present:
            present.add(_typed(element))
            insert(tree, levels[-1], "", element)


def remove_elements(tree: Tree, keys: tuple[str, ...], elements: Sequence[object]) -> None:
    """Take scalars out of the list at `keys`.

    Every occurrence goes: a permission that is withdrawn must not stay in force by being there
    twice.
    """
    levels = open_levels(tree, keys, brackets="[]", create=False)
    if levels is None:
        return
    container = levels[-1].container
    unwanted = {_typed(element) for element in elements}
    found = [
        index
        for index, member in enumerate(container.members)
        if _scalar(member) and _typed(member.value()) in unwanted
    ]
    for index in reversed(found):
        container.remove_at(index)
    if found:
        tidy(tree, levels)


def _scalar(member: Member) -> bool:
    return member.text[:1] not in ("{", "[")


def _typed(value: object) -> tuple[type, object]:
    return type(value), value
