"""Repairs that somebody keeps undoing: whoever plans learns of them, and nobody repeats them.

Reads the journal, and only where a plan has something to repair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.engine.repairs import hold_contested, recent_repairs
from hubctl.fleet.blame import blame
from hubctl.system.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World
    from hubctl.model.change import Change, TargetPlan


def hold_contested_repairs(world: World, targets: Iterable[TargetPlan]) -> tuple[TargetPlan, ...]:
    """The same plans without repairs that were undone twice within a day, each one a finding."""
    repaired = recent_repairs(world.journal, now())

    def told(change: Change) -> str:
        return blame(world, (change,))[str(change.address)]

    return tuple(hold_contested(target, repaired, told) for target in targets)
