"""One address as it stands: its hash for the three-way table, its value for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.engine.observe import LinkView
from hubctl.engine.unit_states import observed_hash
from hubctl.model.address import Part, part_of
from hubctl.model.item import JsonValue, UnitState, hash_value
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.documents import Document
    from hubctl.engine.observe import FileView, Observer
    from hubctl.engine.rows import Row
    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent


@dataclass(frozen=True, slots=True)
class Seen:
    """One address as observed: its hash ("" where absent), and the view that can give the value."""

    hash: str
    view: FileView | LinkView | None = None


def look_at(
    observer: Observer, units: Mapping[str, str], address: Address, row: Row | None, recorded: str
) -> Seen | None:
    """The address as it stands; None where it cannot be known and drops out.

    `units` maps unit addresses (local) to states; `row` is what is desired there, None for a mere
    record; `recorded` is the hash last written.
    """
    part = Part(row.part) if row else part_of(address.path, address.fragment)
    if part is Part.UNIT:
        return _unit(units, address, row, recorded)
    if part is Part.LINK or (row is None and part is Part.FILE and observer.is_link(address.path)):
        link = observer.link(address.path)
        return None if link.problem else Seen(link.hash(), link)
    view = observer.file(address.path)
    if part is Part.FILE:
        return None if view.problem else Seen(_whole_hash(view, row, recorded), view)
    return _inside(view, address, recorded)


def _inside(view: FileView, address: Address, recorded: str) -> Seen | None:
    document = view.document()
    if view.problem:
        return None
    if document is None:
        return Seen("", view)
    asked = (address.fragment, recorded)
    found = document.hashes.get(asked)
    if found is None:
        found = document.hashes[asked] = _hash(document, address, recorded)
    return Seen(found, view)


def _hash(document: Document, address: Address, recorded: str) -> str:
    value = document.get(address, recorded)
    if value is ABSENT:
        return _blocked_hash(document.blocked(address))
    return hash_value(value)


def _unit(
    units: Mapping[str, str], address: Address, row: Row | None, recorded: str
) -> Seen | None:
    state = units.get(address.local)
    if state is None:
        return None
    return Seen(observed_hash(state, desired=row.hash if row else "", recorded=recorded))


def _whole_hash(view: FileView, row: Row | None, recorded: str) -> str:
    """The hash of a whole file; that it may be executed counts where it makes a difference."""
    plain = view.hash_whole()
    wanted = row.hash if row else recorded
    if not plain or plain == recorded or (plain == wanted and not recorded):
        return plain
    marked = view.hash_whole(executable=True) if view.is_executable() else plain
    return plain if plain == wanted and marked != recorded else marked


def _blocked_hash(pointer: str | None) -> str:
    """Something of another kind stands in the way: a hash that no value of ours has."""
    return "" if pointer is None else f"blocked by {pointer}"


def value_of(
    seen: Seen, units: Mapping[str, str], address: Address, recorded: str
) -> Value | Absent:
    """What stands at an address that was looked at."""
    if address.part is Part.UNIT:
        return UnitState(state=units[address.local])
    if seen.view is None or not seen.hash:
        return ABSENT
    if isinstance(seen.view, LinkView):
        return seen.view.value()
    value = seen.view.value(address, recorded)
    return JsonValue(value="(another kind of value)") if value is ABSENT else value
