"""The order in which edits of one document are made, and which ones contradict each other.

First what makes room, then what is set, then what is taken away: so a list whose last element is
exchanged is never empty in between. Says nothing about any format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.model.address import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.documents.edits import Edit
    from hubctl.model.address import Address

Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Edits in order.

    Attributes:
        room: removals that make room for a value inside of what they remove, made first.
        lasting: all others; each of these still holds when everything is done.
    """

    room: tuple[Edit, ...]
    lasting: tuple[Edit, ...]

    def every(self) -> tuple[Edit, ...]:
        """All edits in the order to make them."""
        return (*self.room, *self.lasting)


def arrange(edits: Sequence[Edit]) -> Arranged:
    """The edits in the order to make them.

    Removing something inside a value that is set whole is left out: the value decides.

    Raises:
        DocumentError: two edits want different things of one address, or one sets a value
            inside of what another sets whole.
    """
    wanted = _distinct(edits)
    sets = {keys for keys, edit in wanted.items() if edit.value is not None}
    above_sets = {above for keys in sets for above in _above(keys)}
    for keys in sets & above_sets:
        inner = next(wanted[k].address for k in sets if keys in _above(k))
        raise DocumentError(f"{wanted[keys].address} and {inner} cannot both be set")
    room: list[Edit] = []
    last: list[Edit] = []
    for keys, edit in wanted.items():
        if edit.value is None and not sets.intersection(_above(keys)):
            (room if keys in above_sets else last).append(edit)
    setting = [edit for keys, edit in wanted.items() if keys in sets]
    return Arranged(room=tuple(room), lasting=(*setting, *last))


def _distinct(edits: Iterable[Edit]) -> dict[Keys, Edit]:
    wanted: dict[Keys, Edit] = {}
    for edit in edits:
        before = wanted.setdefault(_keys_of(edit.address), edit)
        if before.value != edit.value:
            raise DocumentError(f"two different edits of {edit.address}")
    return wanted


def _keys_of(address: Address) -> Keys:
    """The address as steps downward; their kinds keep elements and ids apart from keys."""
    part = address.part
    if part is Part.HANDLER:
        event, _, name = address.name.partition("/")
        return (("key", "hooks"), ("key", event), ("handler", name))
    steps = tuple(("key", key) for key in address.pointer)
    if part is Part.ELEMENT:
        return (*steps, ("element", address.fragment.partition("=")[2]))
    return steps or ((part.value, address.fragment),)


def _above(keys: Keys) -> list[Keys]:
    return [keys[:depth] for depth in range(1, len(keys))]
