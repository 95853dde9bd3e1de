"""Snapshots: what was found in sync, and the signature of every path that this rests on.

When the compiled hub is the same and no signature moved, the last verdict still holds and nothing
is read again. A snapshot is only ever of a target without changes; anything else is looked at
anew. Kept in the cache, one file for a hub, thrown away freely.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.check.inventory import inventory_from_json, inventory_to_json
from hubctl.fleet.compiled_file import compiled_key, hub_key
from hubctl.model.change import TargetPlan
from hubctl.output.values import decode_finding, encode_finding
from hubctl.system.cache import open_cache, replace_cache
from hubctl.system.recording import is_settled, is_unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.check.inventory import Inventory
    from hubctl.fleet.hub import HubFiles
    from hubctl.system.places import Places
    from hubctl.system.recording import Signature

FORMAT = 1


@dataclass(slots=True)
class Snapshots:
    """The snapshots of one hub. Mutable: fills up as a run goes over the targets.

    Attributes:
        path: the cache file. key: of the compiled hub they belong to.
    """

    path: str
    key: str
    _entries: dict[str, list[Any]] = field(default_factory=dict)
    _inventories: dict[str, Inventory] = field(default_factory=dict)
    _is_changed: bool = False

    @staticmethod
    def load(path: str, key: str) -> Snapshots:
        """The snapshots in a cache file; none where it is missing, foreign or of another key."""
        snapshots = Snapshots(path, key)
        cache = open_cache(path)
        if cache is not None:
            try:
                found = json.loads(cache.part(0, cache.size()))
                if found["format"] == FORMAT and found["key"] == key:
                    snapshots._entries = found["targets"]
            except (ValueError, KeyError, TypeError):
                return snapshots
        return snapshots

    def plan(self, name: str) -> TargetPlan | None:
        """The plan of a target that did not move since its snapshot; None where it must be made."""
        entry = self._entries.get(name)
        if entry is None or not is_unchanged(entry[0]):
            return None
        _, root, in_sync, findings, _ = entry
        return TargetPlan(
            target=name,
            root=root,
            in_sync=in_sync,
            findings=tuple(decode_finding(finding) for finding in findings),
        )

    def inventory(self, name: str) -> Inventory:
        """The inventory of a target, taken in this run or kept from the last."""
        known = self._inventories.get(name)
        return known or inventory_from_json(name, self._entries[name][4])

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
        self._inventories[plan.target] = inventory
        recorded = list(seen.items())
        if plan.changes or not trusted or not is_settled(recorded):
            self._is_changed |= self._entries.pop(plan.target, None) is not None
            return
        findings = [encode_finding(finding) for finding in plan.findings]
        kept = inventory_to_json(inventory)
        self._entries[plan.target] = [recorded, plan.root, plan.in_sync, findings, kept]
        self._is_changed = True

    def save(self) -> None:
        """Write what changed, where a cache can be written."""
        if self._is_changed:
            document = {"format": FORMAT, "key": self.key, "targets": self._entries}
            replace_cache(self.path, json.dumps(document, separators=(",", ":")).encode())


def open_snapshots(files: HubFiles, places: Places) -> Snapshots:
    """The snapshots of a hub as it is now."""
    path = f"{places.cache}/snapshots/{hub_key(files)}.json"
    return Snapshots.load(path, compiled_key(files, places, os.environ))
