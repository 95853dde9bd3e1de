"""The hooks' release, seen to before anything links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.model.change import Plan

LINK = "hook-link"


def install_hooks(world: World, plan: Plan) -> None:
    """Install this hubctl's hooks where a target of the plan uses them; again does nothing.

    Raises:
        OperationError: they cannot be installed; nothing else was done either.
    """
    if not any(_uses_hooks(world, target.target) for target in plan.targets):
        return
    from hubctl.release import install

    install(world.places, world.compiler.machine.interpreter, world.door)


def _uses_hooks(world: World, name: str) -> bool:
    if world.compiler.locate(name).target is None:
        return False
    return any(row.renderer in (LINK, "hooks") for row in world.compiler.compiled(name).rows)
