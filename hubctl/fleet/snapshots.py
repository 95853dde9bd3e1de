"""Snapshots: what was found in sync, and the state of every path that this rests on.

When the compiled hub is the same and no path moved, the last verdict still holds and nothing is
read again. A snapshot is only ever of a target without changes; anything else is looked at anew.
What shows only when targets are compared is kept too, and holds as long as none of their
inventories differs. Kept in the cache, one file for a hub, thrown away freely.
"""

from __future__ import annotations

import json
from binascii import crc32
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from hubctl.fleet.head import decoded, encoded
from hubctl.fleet.same_repository import Home
from hubctl.model.change import TargetPlan
from hubctl.system.cache import open_cache, replace_cache
from hubctl.system.states import Packed, Present

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.check.inventory import Inventory
    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.system.real_paths import RealPaths
    from hubctl.system.states import Recording

FORMAT = "hubctl/snapshots 9"
Json: TypeAlias = list[Any]
_DIGITS = 16
_UNREADABLE = 3


class Found(NamedTuple):
    """The plan of a target, and where it lies."""

    plan: TargetPlan
    home: Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A target that was just looked at.

    Attributes:
        name: the target. found: see there.
        entry, inventory: what a snapshot keeps of it, as lines; none where nothing may be kept.
    """

    name: str
    found: Found
    entry: Entry | None = None
    inventory: bytes = b""


class Entry(NamedTuple):
    """A verdict as lines: which paths inside the target it rests on, and all the rest."""

    inside: bytes
    rest: bytes


def entry_of(found: Found, seen: Recording, state: str) -> Entry | None:
    """What a snapshot keeps of a target that is in sync; None where it is not.

    `state` is hubctl's own state folder.
    """
    plan = found.plan
    if plan.changes or any(finding.exit_code == _UNREADABLE for finding in plan.findings):
        return None
    inside, *packed = seen.pack(plan.root, state)
    findings = encoded(plan.findings)
    return Entry(_line(inside), _line([packed, found.home, plan.in_sync, findings]))


def inventory_line(inventory: Inventory) -> bytes:
    """An inventory as a snapshot keeps it."""
    from hubctl.check.inventory import inventory_to_json

    return _line(inventory_to_json(inventory))


class Snapshots:
    """The snapshots of one hub. Mutable: fills up as a run goes over the targets.

    The cache file has a line that says whether to believe the rest, one about the fleet, one for
    each set of paths inside a target, which most of them have in common, and one for each target:
    its name, the number of its set of paths, the rest of its verdict and its inventory, separated
    by tabs. A run parses the lines of the targets that it is about, and their inventories only
    where one of them has changed.
    """

    def __init__(self, path: str, key: str, paths: RealPaths) -> None:
        """Nothing known yet. `path`: the cache file; `key`: of the compiled hub they belong to."""
        self.path = path
        self.key = key
        self._present = Present(paths)
        self._insides: dict[bytes, list[list[str]]] = {}
        self._lines: dict[str, tuple[bytes, bytes]] = {}
        self._verdicts: dict[str, Json] = {}
        self._compared: list[Any] = [{}, []]  # name → digest of its inventory; findings
        self._taken: dict[str, Json] = {}
        self._is_changed = False

    @staticmethod
    def load(path: str, key: str, paths: RealPaths) -> Snapshots:
        """The snapshots in a cache file; none where it is missing, foreign or of another key."""
        snapshots = Snapshots(path, key, paths)
        cache = open_cache(path)
        if cache is None:
            return snapshots
        first, _, rest = cache.part(0, cache.size()).partition(b"\n")
        try:
            found = json.loads(first)
            if [found["format"], found["key"], found["sum"]] != [FORMAT, key, crc32(rest)]:
                return snapshots
        except (ValueError, KeyError, TypeError):
            return snapshots
        fleet, *lines = rest.split(b"\n")
        insides, *snapshots._compared = json.loads(fleet)
        for line in lines[insides:]:
            name, number, kept = line.split(b"\t", 2)
            snapshots._lines[name.decode()] = (lines[int(number)], kept)
        return snapshots

    def holds(self, name: str) -> bool:
        """Whether there is a snapshot of a target, and nothing that it rests on has moved since."""
        if name not in self._lines:
            return False
        packed, home, _, _ = self._verdict(name)
        inside = self._inside(self._lines[name][0])
        return self._present.holds(Packed(inside, *packed), Home(*home).root)

    def found(self, name: str) -> Found:
        """What was found at a target whose snapshot holds."""
        _, home, in_sync, findings = self._verdict(name)
        home = Home(*home)
        plan = TargetPlan(target=name, root=home.root, in_sync=in_sync, findings=decoded(findings))
        return Found(plan, home)

    def keep(self, look: Look) -> None:
        """Take a snapshot where the look gave one; drop an older one if not."""
        self._taken[look.name] = json.loads(look.inventory)
        self._verdicts.pop(look.name, None)
        if look.entry:
            inside, rest = look.entry
            self._lines[look.name] = (inside, b"%s\t%s" % (rest, look.inventory))
            self._is_changed = True
        else:
            self._is_changed |= self._lines.pop(look.name, None) is not None

    def _verdict(self, name: str) -> Json:
        known = self._verdicts.get(name)
        if known is None:
            known = self._verdicts[name] = self._part(name, 0)
        return known

    def _part(self, name: str, number: int) -> Json:
        """A target's verdict but for the paths inside it (0), or its inventory (1)."""
        found: Json = json.loads(self._lines[name][1].split(b"\t")[number].decode())
        return found

    def _inside(self, line: bytes) -> list[list[str]]:
        found = self._insides.get(line)
        if found is None:
            found = self._insides[line] = json.loads(line)
        return found

    # -- side by side -----------------------------------------------------------------------------

    def findings(self, names: Sequence[str]) -> tuple[Finding, ...] | None:
        """What comparing these targets gave last; None where one of them has changed since."""
        digests, findings = self._compared
        if sorted(digests) != sorted(names):
            return None
        if any(digests.get(name) != _digest(taken) for name, taken in self._taken.items()):
            return None
        return decoded(findings)

    def inventories(self, names: Iterable[str]) -> tuple[Inventory, ...]:
        """Inventories of targets, taken in this run or kept from the last."""
        from hubctl.check.inventory import inventory_from_json

        return tuple(inventory_from_json(name, self._inventory(name)) for name in names)

    def keep_findings(self, names: Iterable[str], findings: Iterable[Finding]) -> None:
        """Remember what comparing these targets gave."""
        digests = {name: _digest(self._inventory(name)) for name in names}
        self._compared = [digests, encoded(findings)]
        self._is_changed = True

    def _inventory(self, name: str) -> Json:
        return self._taken.get(name) or self._part(name, 1)

    def save(self) -> None:
        """Write what changed, where a cache can be written."""
        if not self._is_changed:
            return
        insides: dict[bytes, int] = {}
        lines = [
            b"%s\t%d\t%s" % (name.encode(), insides.setdefault(inside, len(insides)), rest)
            for name, (inside, rest) in self._lines.items()
        ]
        rest = b"\n".join((_line([len(insides), *self._compared]), *insides, *lines))
        first = {"format": FORMAT, "key": self.key, "sum": crc32(rest)}
        replace_cache(self.path, _line(first) + b"\n" + rest)


def _digest(inventory: Json) -> str:
    from hubctl.model.hashing import hash_json

    return hash_json(inventory).removeprefix("sha256:")[:_DIGITS]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def open_snapshots(world: World) -> Snapshots:
    """The snapshots of a hub as it is now, beside the other hubs that there are now.

    Which those are is no part of what each snapshot rests on: files of all kinds come and go in the
    folder that holds theirs.
    """
    place = world.compiler.cache
    key = " ".join((place.key, *world.other_hubs))
    return Snapshots.load(place.snapshots, key, world.paths)
