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
from hubctl.system.states import Present

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.check.inventory import Inventory
    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.system.real_paths import RealPaths
    from hubctl.system.states import Recording

FORMAT = "hubctl/snapshots 8"
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
        entry, inventory: what a snapshot keeps of it, as lines; b"" where nothing may be kept.
    """

    name: str
    found: Found
    entry: bytes = b""
    inventory: bytes = b""


def entry_of(found: Found, seen: Recording) -> bytes:
    """What a snapshot keeps of a target that is in sync; b"" where it is not."""
    plan = found.plan
    if plan.changes or any(finding.exit_code == _UNREADABLE for finding in plan.findings):
        return b""
    findings = encoded(plan.findings)
    return _line([seen.pack(plan.root), found.home, plan.in_sync, findings])


def inventory_line(inventory: Inventory) -> bytes:
    """An inventory as a snapshot keeps it."""
    from hubctl.check.inventory import inventory_to_json

    return _line(inventory_to_json(inventory))


class Snapshots:
    """The snapshots of one hub. Mutable: fills up as a run goes over the targets.

    The cache file has a line about the whole, then one for each target: its name, its verdict and
    its inventory, separated by tabs. A run parses the lines of the targets that it is about, and
    their inventories only where one of them has changed.
    """

    def __init__(self, path: str, key: str, paths: RealPaths) -> None:
        """Nothing known yet. `path`: the cache file; `key`: of the compiled hub they belong to."""
        self.path = path
        self.key = key
        self._present = Present(paths)
        self._lines: dict[str, bytes] = {}
        self._compared: tuple[dict[str, str], Json] = ({}, [])
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
            digests, findings = found["compared"]
        except (ValueError, KeyError, TypeError):
            return snapshots
        snapshots._compared = (digests, findings)
        for line in rest.splitlines():
            snapshots._lines[line.partition(b"\t")[0].decode()] = line
        return snapshots

    def found(self, name: str) -> Found | None:
        """What was found at a target that did not move since; None where it must be looked at."""
        if name not in self._lines:
            return None
        packed, home, in_sync, findings = self._part(name, 1)
        home = Home(*home)
        if not self._present.holds(packed, home.root):
            return None
        plan = TargetPlan(target=name, root=home.root, in_sync=in_sync, findings=decoded(findings))
        return Found(plan, home)

    def keep(self, look: Look) -> None:
        """Take a snapshot where the look gave one; drop an older one if not."""
        self._taken[look.name] = json.loads(look.inventory)
        if look.entry:
            self._lines[look.name] = b"\t".join((look.name.encode(), look.entry, look.inventory))
            self._is_changed = True
        else:
            self._is_changed |= self._lines.pop(look.name, None) is not None

    def _part(self, name: str, number: int) -> Json:
        """One field of a target's line."""
        found: Json = json.loads(self._lines[name].split(b"\t")[number].decode())
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
        self._compared = (digests, encoded(findings))
        self._is_changed = True

    def _inventory(self, name: str) -> Json:
        return self._taken.get(name) or self._part(name, 2)

    def save(self) -> None:
        """Write what changed, where a cache can be written."""
        if not self._is_changed:
            return
        rest = b"\n".join(self._lines.values())
        first: Mapping[str, object] = {
            "format": FORMAT,
            "key": self.key,
            "sum": crc32(rest),
            "compared": self._compared,
        }
        replace_cache(self.path, _line(first) + b"\n" + rest)


def _digest(inventory: Json) -> str:
    from hubctl.model.hashing import hash_json

    return hash_json(inventory).removeprefix("sha256:")[:_DIGITS]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def open_snapshots(world: World) -> Snapshots:
    """The snapshots of a hub as it is now."""
    place = world.compiler.cache
    return Snapshots.load(place.snapshots, place.key, world.paths)
