"""A hub as it would be: its canonical.yaml edited in memory, compiled and compared. Reads only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.engine.observe import Observer
from hubctl.fleet.planning import planned, wanted_of
from hubctl.fleet.world import Request, World
from hubctl.model.change import TargetPlan

if TYPE_CHECKING:
    from hubctl.model.finding import Location


def with_data(world: World, data: bytes) -> World:
    """The same hub with other bytes of canonical.yaml."""
    return World(replace(world.files, data=data), world.places, world.door, world.today)


def trial_plan(world: World, name: str) -> TargetPlan:
    """The plan of one target, without the lines that decide: there may be thousands of changes."""
    target = world.compiler.locate(name).target
    if target is None:
        return TargetPlan(target=name, root="")
    wanted = wanted_of(world, target, Request(), world.door, world.paths)
    observer = Observer(target, world.door, world.paths)
    return planned(world, replace(wanted, decided=_undecided), observer)


def _undecided(_spec: tuple[str, ...]) -> Location | None:
    return None
