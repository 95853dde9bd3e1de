"""Files of several targets grouped by likeness: the one thing two checks over a fleet share.

Groups are made around leaders found by the bands of their sketches, so that the cost grows with
the number of files and not with its square. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from hubctl.check.similar import ALIKE, alike, bands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubctl.check.inventory import Inventory, OwnFile


class Copy(NamedTuple):
    """One file in one target."""

    target: str
    file: OwnFile


class Group(NamedTuple):
    """Copies of one kind that are equal or nearly equal, the leader first.

    `least` is how alike they are to the leader at least: 1.0 only where all are equal.
    """

    kind: str
    copies: tuple[Copy, ...]
    least: float


@dataclass(frozen=True)
class Fleet:
    """The inventories of all targets looked at, and what their comparing costs once."""

    inventories: tuple[Inventory, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups over more than one target of files that hubctl did not put there."""
        by_kind: dict[str, list[Copy]] = defaultdict(list)
        for inventory in self.inventories:
            for file in inventory.files:
                if file.digest and not file.rendered:
                    by_kind[kind_of(file.path)].append(Copy(inventory.target, file))
        found = (
            group for kind in sorted(by_kind) for group in _around_leaders(kind, by_kind[kind])
        )
        return tuple(group for group in found if len({copy.target for copy in group.copies}) > 1)


def kind_of(path: str) -> str:
    """`commands`, `skills` …: the client's folder that a path lies in."""
    return path.split("/")[1]


def _around_leaders(kind: str, copies: Iterable[Copy]) -> Iterator[Group]:
    equals: dict[str, list[Copy]] = {}
    for copy in sorted(copies, key=lambda copy: (copy.file.path, copy.target)):
        equals.setdefault(copy.file.digest, []).append(copy)
    members: dict[str, list[Copy]] = {}
    least: dict[str, float] = {}
    index: dict[tuple[int, int], list[OwnFile]] = defaultdict(list)
    for digest, same in equals.items():
        leader, share = _nearest(same[0].file, index)
        if leader:
            members[leader] += same
            least[leader] = min(share, least[leader])
        else:
            members[digest], least[digest] = list(same), 1.0
            for band in bands(same[0].file.sketch):
                index[band].append(same[0].file)
    return (Group(kind, tuple(found), least[leader]) for leader, found in members.items())


def _nearest(file: OwnFile, index: dict[tuple[int, int], list[OwnFile]]) -> tuple[str, float]:
    """The digest of the leader that a file is nearly equal to, "" for none, and how alike."""
    near = {other.digest: other for band in bands(file.sketch) for other in index.get(band, ())}
    shares = ((alike(file.sketch, other.sketch), digest) for digest, other in near.items())
    share, leader = max(shares, default=(0.0, ""))
    return (leader, min(share, 0.99)) if share >= ALIKE else ("", 1.0)
