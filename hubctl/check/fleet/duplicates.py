"""Commands, skills, agents, rules and styles that several targets hold, and names the hub took.

Only what somebody put there: what the hub renders into many repositories is meant to be equal.
Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.check.fleet.groups import kind_of
from hubctl.check.fleet.rule import Hit
from hubctl.check.similar import ALIKE, alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubctl.check.fleet.groups import Fleet, Group
    from hubctl.check.inventory import OwnFile

ONE: Final = {
    "agents": "agent",
    "commands": "command",
    "output-styles": "output style",
    "rules": "rule",
    "skills": "skill",
}
CALLED: Final = ("commands", "skills")
"""Kinds that people call by name, `/name`, and that therefore share one space of names."""
_NAMED: Final = 3


def equal(fleet: Fleet) -> Iterator[Hit]:
    """Groups whose copies are the same word for word."""
    for group in fleet.groups:
        if group.least == 1:
            yield _hit(group, "")


def nearly_equal(fleet: Fleet) -> Iterator[Hit]:
    """Groups with at least one copy that differs a little."""
    for group in fleet.groups:
        if group.least < 1:
            least = "at least " if len(group.copies) > 2 else ""
            yield _hit(group, f", {least}{int(group.least * 100)} % alike")


def taken_names(fleet: Fleet) -> Iterator[Hit]:
    """Somebody's own command or skill with the name of one that the hub gives the account."""
    taken = {
        name_of(file.path): file
        for inventory in fleet.inventories
        if inventory.target == "host"
        for file in inventory.files
        if file.rendered and kind_of(file.path) in CALLED
    }
    for inventory in fleet.inventories if taken else ():
        for file in inventory.files:
            ours = taken.get(name_of(file.path)) if kind_of(file.path) in CALLED else None
            if ours is not None and not file.rendered:
                yield _taken(f"{inventory.target}:{file.path}", file, ours)


def name_of(path: str) -> str:
    """The name by which people call what lies at a path: `tdd:cycle`, `pytest` …."""
    parts = path.split("/")[2:]
    if kind_of(path) == "skills":
        return parts[0]
    return ":".join(parts).removesuffix(".md")


def listed(names: Iterable[str]) -> str:
    """`a, b and c`, sorted; the first three and a count where there are many."""
    shown = sorted(set(names))
    if len(shown) > _NAMED + 1:
        shown = [*shown[:_NAMED], f"{len(shown) - _NAMED} more"]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def _hit(group: Group, how: str) -> Hit:
    first = group.copies[0]
    name = name_of(first.file.path)
    others = {name_of(copy.file.path) for copy in group.copies} - {name}
    also = f" (also called {listed(others)})" if others else ""
    where = listed(copy.target for copy in group.copies)
    return Hit(
        address=f"{first.target}:{first.file.path}",
        what=f"the {ONE[group.kind]} {name}{also} stands in {where}{how}",
        hint=f"put it once into the hub's folder {group.kind}/, name it under "
        f"defaults.{group.kind.replace('-', '_')} or in a profile, delete the copies, then run "
        "hubctl apply",
    )


def _taken(address: str, file: OwnFile, ours: OwnFile) -> Hit:
    same = file.digest == ours.digest or alike(file.sketch, ours.sketch) >= ALIKE
    what = f"the hub gives this account a {ONE[kind_of(ours.path)]} {name_of(ours.path)} too"
    if same:
        return Hit(address=address, what=f"{what}, with the same text", hint="delete this copy")
    return Hit(address=address, what=what)
