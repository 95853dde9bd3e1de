"""Switching a hook on or off: the new canonical.yaml, proved to mean what was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.config.edit_hooks import at, changed, everywhere, is_listed, listed_anew
from hubctl.config.resolve import Resolver
from hubctl.config.trace import trace
from hubctl.errors import UsageError
from hubctl.fleet.canonical import loaded
from hubctl.fleet.hooks.listing import entries_of
from hubctl.model.address import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.config.edit_hooks import Change
    from hubctl.fleet.world import World
    from hubctl.system.hooks_package import registry


def switched(world: World, hook: registry.Hook, target: str, *, on: bool) -> bytes:
    """The bytes of canonical.yaml after the switch; the same where nothing is to change.

    Args:
        world: the hub.
        hook: its row.
        target: a target of the hub, or "" for all of them.
        on: whether it is to run.

    Raises:
        UsageError: there is no such target, or canonical.local.yaml says otherwise.
    """
    # An account without anything of its own is no target, and may become one here.
    names = (HOST,) if target == HOST else world.names((target,) if target else ())
    document = world.compiler.canonical.document
    changes = _changes(world, hook, target, on=on)
    data = changed(world.files.data, changes, file=world.files.path)
    if data != world.files.data:
        document = loaded(replace(world.files, data=data)).document
    resolver = Resolver(document)
    asked = (target,) if target else names
    other = [name for name in asked if on != _runs(resolver, name, hook.id)]
    if other and (target or not on):
        raise UsageError(
            f"{hook.id} would still be {'off' if on else 'on'} at {', '.join(other)}",
            hint=_who_decides(hook.id, other[0]),
        )
    return data


def _who_decides(hook: str, target: str) -> str:
    if target == HOST:
        return f"list it under `global.hooks`: {{hook: {hook}, scope: host}}"
    return f"`hubctl hooks explain {hook} {target}` says which line decides"


def _changes(world: World, hook: registry.Hook, target: str, *, on: bool) -> Iterable[Change]:
    document = world.compiler.canonical.document
    if target == HOST:
        return everywhere(document, hook.id, on=on, host=True)
    if target:
        where = ("repositories", target, "overrides")
        return at(document, where, hook.id, _events(world, hook, target, on=on), on=on)
    if on and not is_listed(document, hook.id):
        return listed_anew(document, hook.id, hook.events)
    return everywhere(document, hook.id, on=on)


def _events(world: World, hook: registry.Hook, target: str, *, on: bool) -> tuple[str, ...]:
    """Those that the layers of the target mention; all of them for a hook that none does."""
    if not on:
        return tuple(event for event, _ in entries_of(world.compiler.spec(target), hook.id))
    canonical = world.compiler.canonical
    said = tuple(
        event for event in hook.events if trace(canonical, target, ("hooks", event, f"={hook.id}"))
    )
    return said or tuple(hook.events)


def _runs(resolver: Resolver, name: str, hook: str) -> bool:
    return any(True for _ in entries_of(resolver.spec(name), hook))
