"""The same setting with different values, set by hand in several repositories. Pure.

One note for each key, and only where it says something:
- what canonical sets anywhere in a repository does not count there: those values are meant;
- a key of the client is told as soon as two repositories differ;
- variables under `env` differ by nature (ports, modes): they are told only where at least three
  repositories set one and at least six in ten of them agree.
The account's own settings do not count: repositories are there to override them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hubctl.check.fleet.duplicates import listed
from hubctl.check.fleet.rule import Hit
from hubctl.check.fleet.seen import LOCAL
from hubctl.model.address import split_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.check.fleet.groups import Fleet
    from hubctl.check.inventory import Inventory, Setting

FEWEST: Final = 3
AGREEING: Final = 0.6
_SHOWN: Final = 3

Holder = tuple[str, str]  # target, and the address of the value there


def different(fleet: Fleet) -> Iterator[Hit]:
    """One hit for each key whose values differ."""
    for pointer, values in sorted(_by_key(fleet).items()):
        groups = sorted(values.items(), key=lambda item: (-len(item[1]), item[1]))
        if len(groups) > 1 and _is_telling(pointer, [len(found) for _, found in groups]):
            yield _hit(pointer, groups)


def _by_key(fleet: Fleet) -> dict[str, dict[Setting, list[Holder]]]:
    found: dict[str, dict[Setting, list[Holder]]] = defaultdict(lambda: defaultdict(list))
    for inventory in fleet.inventories:
        if inventory.target != "host":
            for pointer, (address, value) in _effective(inventory).items():
                found[pointer][value].append((inventory.target, address))
    return found


def _effective(inventory: Inventory) -> Mapping[str, tuple[str, Setting]]:
    """Pointer → address and value; the local file wins over the committed one."""
    found: dict[str, tuple[str, Setting]] = {}
    for local in sorted(inventory.settings, key=lambda local: local.startswith(LOCAL)):
        pointer = local.partition("#")[2]
        found[pointer] = (f"{inventory.target}:{local}", inventory.settings[local])
    return found


def _is_telling(pointer: str, counts: list[int]) -> bool:
    if split_pointer(pointer)[0] != "env":
        return True
    return sum(counts) >= FEWEST and counts[0] >= AGREEING * sum(counts)


def _hit(pointer: str, groups: list[tuple[Setting, list[Holder]]]) -> Hit:
    keys = split_pointer(pointer)
    said = [
        f"{value.shown} in {listed(target for target, _ in holders)}"
        for value, holders in groups[:_SHOWN]
    ]
    if len(groups) > _SHOWN:
        said.append(f"{len(groups) - _SHOWN} more values elsewhere")
    _, address = groups[-1][1][0]
    return Hit(
        address=address,
        what=f"{'.'.join(keys)} is {'; '.join(said)}",
        hint=f"set {'.'.join(keys)} once, under defaults.settings or in a profile, then run "
        f"hubctl apply --take {address}",
    )
