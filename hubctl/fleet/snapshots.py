"""Snapshots: what was found in sync, and the signature of every path that this rests on.

When the compiled hub is the same and no signature moved, the last verdict still holds and nothing
is read again. A snapshot is only ever of a target without changes; anything else is looked at
anew. What shows only when targets are compared is kept too, and holds as long as none of their
inventories differs. Kept in the cache, one file for a hub, thrown away freely.
"""

from __future__ import annotations

import json
from binascii import crc32
from typing import TYPE_CHECKING, Any, TypeAlias

from hubctl.check.inventory import inventory_from_json, inventory_to_json
from hubctl.fleet.compiled_file import compiled_key, hub_key
from hubctl.model.change import TargetPlan
from hubctl.model.hashing import hash_json
from hubctl.output.values import decode_finding, encode_finding
from hubctl.system.cache import open_cache, replace_cache
from hubctl.system.places import environment
from hubctl.system.recording import is_settled, is_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.check.inventory import Inventory
    from hubctl.fleet.hub import HubFiles
    from hubctl.model.finding import Finding
    from hubctl.system.places import Places
    from hubctl.system.recording import Signature

FORMAT = 2
Json: TypeAlias = list[Any]
_DIGITS = 16


class Snapshots:
    """The snapshots of one hub. Mutable: fills up as a run goes over the targets.

    The cache file has two lines: verdicts, which every run reads, and inventories, which only a
    run reads that found one of them changed.
    """

    def __init__(self, path: str, key: str) -> None:
        """Nothing known yet. `path`: the cache file; `key`: of the compiled hub they belong to."""
        self.path = path
        self.key = key
        self._entries: dict[str, list[Any]] = {}
        self._compared: tuple[dict[str, str], list[Any]] = ({}, [])
        self._second_line = b"{}"
        self._taken: dict[str, Json] = {}
        self._is_changed = False

    @staticmethod
    def load(path: str, key: str) -> Snapshots:
        """The snapshots in a cache file; none where it is missing, foreign or of another key."""
        snapshots = Snapshots(path, key)
        cache = open_cache(path)
        if cache is not None:
            first, _, second = cache.part(0, cache.size()).partition(b"\n")
            try:
                found = json.loads(first)
                whole = found["format"] == FORMAT and found["second"] == crc32(second)
                if whole and found["key"] == key:
                    snapshots._entries = found["targets"]
                    digests, findings = found["compared"]
                    snapshots._compared = (digests, findings)
                    snapshots._second_line = second
            except (ValueError, KeyError, TypeError):
                return Snapshots(path, key)
        return snapshots

    def plan(self, name: str) -> TargetPlan | None:
        """The plan of a target that did not move since its snapshot; None where it must be made."""
        entry = self._entries.get(name)
        if entry is None or not is_unchanged(entry[0]):
            return None
        _, root, in_sync, findings = entry
        return TargetPlan(
            target=name,
            root=root,
            in_sync=in_sync,
            findings=tuple(decode_finding(finding) for finding in findings),
        )

    def keep(
        self,
        plan: TargetPlan,
        seen: Mapping[str, Signature],
        inventory: Inventory,
        *,
        trusted: bool,
    ) -> None:
        """Take a snapshot where the target is in sync and settled; drop an older one if not.

        `trusted` is off where something else than files has a say.
        """
        self._taken[plan.target] = inventory_to_json(inventory)
        recorded = list(seen.items())
        if plan.changes or not trusted or not is_settled(recorded):
            self._is_changed |= self._entries.pop(plan.target, None) is not None
            return
        findings = [encode_finding(finding) for finding in plan.findings]
        self._entries[plan.target] = [recorded, plan.root, plan.in_sync, findings]
        self._is_changed = True

    # -- side by side -----------------------------------------------------------------------------

    def findings(self, names: Sequence[str]) -> tuple[Finding, ...] | None:
        """What comparing these targets gave last; None where one of them has changed since."""
        digests, findings = self._compared
        if sorted(digests) != sorted(names):
            return None
        if any(digests.get(name) != _digest(taken) for name, taken in self._taken.items()):
            return None
        return tuple(decode_finding(finding) for finding in findings)

    def inventories(self, names: Iterable[str]) -> tuple[Inventory, ...]:
        """Inventories of targets, taken in this run or kept from the last."""
        known = self._inventories()
        return tuple(inventory_from_json(name, known[name]) for name in names if name in known)

    def keep_findings(self, names: Iterable[str], findings: Iterable[Finding]) -> None:
        """Remember what comparing these targets gave."""
        known = self._inventories()
        digests = {name: _digest(known[name]) for name in names if name in known}
        self._compared = (digests, [encode_finding(finding) for finding in findings])
        self._is_changed = True

    def _inventories(self) -> dict[str, Json]:
        return {**json.loads(self._second_line), **self._taken}

    def save(self) -> None:
        """Write what changed, where a cache can be written."""
        if not self._is_changed:
            return
        known = self._inventories()
        second = _line({name: known[name] for name in self._entries if name in known})
        first = {
            "format": FORMAT,
            "key": self.key,
            "second": crc32(second),
            "targets": self._entries,
            "compared": self._compared,
        }
        replace_cache(self.path, _line(first) + b"\n" + second)


def _digest(inventory: Json) -> str:
    return hash_json(inventory).removeprefix("sha256:")[:_DIGITS]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def open_snapshots(files: HubFiles, places: Places) -> Snapshots:
    """The snapshots of a hub as it is now."""
    path = f"{places.cache}/snapshots/{hub_key(files)}.json"
    return Snapshots.load(path, compiled_key(files, places, environment()))
