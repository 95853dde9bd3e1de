"""What commands about figures need beside the store: the hub's words on them, and the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.config.thresholds import Threshold
    from hubctl.fleet.world import World


def hub_or_none(hub_path: str | None) -> World | None:
    """The hub; None where there is none, because figures belong to the account.

    Raises:
        UsageError: `--hub` names none, or its canonical.yaml is wrong.
    """
    from hubctl.cli.context import open_world
    from hubctl.errors import CanonicalError, UsageError

    try:
        world = open_world(hub_path)
        _ = world.compiler.head
    except CanonicalError:
        raise
    except UsageError:
        if hub_path:
            raise
        return None
    return world


def document_of(world: World | None) -> Mapping[str, Any]:
    """What canonical.yaml says; nothing where there is no hub."""
    return world.compiler.head.document if world else {}


def limits_of(world: World | None) -> Mapping[str, Threshold]:
    """Name → threshold."""
    from hubctl.config.thresholds import thresholds

    return {row.name: row for row in thresholds(document_of(world))}


def now() -> int:
    """This moment in microseconds since 1970."""
    from hubctl.system.clock import nanoseconds

    return nanoseconds() // 1000
