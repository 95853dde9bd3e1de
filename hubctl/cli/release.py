"""The hooks' release, seen to before anything links to it, and looked at where drift is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.cli.context import say

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.model.change import Plan
    from hubctl.model.finding import Finding
    from hubctl.release.own import OwnModules

LINK = "hook-link"


def install_hooks(world: World, plan: Plan) -> None:
    """Install the hooks that are to be in use where a target of the plan uses any.

    That is the release somebody holds, else this hubctl's own; again does nothing.

    Raises:
        OperationError: they cannot be installed; nothing else was done either.
    """
    if not any(uses_hooks(world, target.target) for target in plan.targets):
        return
    from hubctl.release.choose import keep

    done = keep(
        world.places, world.compiler.machine.interpreter, world.door, own=own_modules(world)
    )
    say([done.note] if done.note else [])


def own_modules(world: World) -> OwnModules:
    """The hub's own hooks as a release takes them."""
    from hubctl.fleet.hooks.own import release_texts
    from hubctl.release.own import OwnModules

    package, texts = release_texts(world)
    return OwnModules(hub=package, texts=texts)


def release_findings(world: World, *, full: bool = False) -> tuple[Finding, ...]:
    """What is wrong with the hooks in use, where this hub uses any.

    By sizes, modes and times; with `full` by every byte.
    """
    if world.door.look(world.compiler.machine.registry_dir) is None:
        return ()
    from hubctl.release.verify import verify

    return verify(world.places, world.door, full=full)


def uses_hooks(world: World, name: str) -> bool:
    """Whether a target that is here has hooks of ours."""
    if world.compiler.locate(name).target is None:
        return False
    return any(row.renderer in (LINK, "hooks") for row in world.compiler.compiled(name).rows)
