"""What the checks over repositories look at: one small value per target, kept in snapshots.

Pure values; taking an inventory is `fleet.inventory`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What stands in one target's folders of the client."""

    target: str


def inventory_to_json(inventory: Inventory) -> dict[str, Any]:
    """An inventory as JSON."""
    return asdict(inventory)


def inventory_from_json(target: str, found: Mapping[str, Any]) -> Inventory:
    """The inverse of `inventory_to_json`."""
    return Inventory(**{**found, "target": target})
