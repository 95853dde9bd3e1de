"""Taking the inventory of a target through its door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.check.inventory import Inventory

if TYPE_CHECKING:
    from hubctl.model.target import Target
    from hubctl.system.files import Files


def take_inventory(target: Target, door: Files) -> Inventory:
    """What stands in the client's folders of a target; reads only."""
    return Inventory(target=target.name)
