"""The hub's own hooks, as its folder has them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.render.own_hooks import own_hooks, own_package
from hubctl.system.hook_modules import read_modules

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.render.own_hooks import OwnHook


def own_of(world: World) -> dict[str, OwnHook]:
    """Id → own hook, usable or not."""
    return own_hooks(world.hub, read_modules(world.files.folder))


def release_texts(world: World) -> tuple[str, dict[str, str]]:
    """The hub's package in a release, and file name → text of every usable own hook."""
    texts: dict[str, str] = {}
    for one in own_of(world).values():
        texts |= one.files if one.row is not None else {}
    return own_package(world.hub), texts
