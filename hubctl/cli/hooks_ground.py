"""What the commands about releases stand on: this account's places, and the hub if one is usable.

A release belongs to the account, and repairing it must work while canonical.yaml is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.release.own import OwnModules
    from hubctl.system.files import Files
    from hubctl.system.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where releases are, and whose own hooks join them."""

    places: Places
    door: Files
    interpreter: str
    own: OwnModules


def ground(hub_path: str | None) -> Ground:
    """The ground of this account; without a usable hub nobody's own hooks are touched."""
    from hubctl.cli.release import own_modules
    from hubctl.fleet.hub import hook_interpreter
    from hubctl.release.own import NOBODYS
    from hubctl.system.files import RealFiles
    from hubctl.system.places import find_places

    world = usable_world(hub_path)
    return Ground(
        places=find_places(),
        door=RealFiles(),
        interpreter=hook_interpreter(),
        own=own_modules(world) if world else NOBODYS,
    )


def usable_world(hub_path: str | None) -> World | None:
    """The hub, None where there is none or it cannot be used; a named one has to be there."""
    from hubctl.cli.context import open_world, say
    from hubctl.errors import CanonicalError, UsageError

    try:
        world = open_world(hub_path)
        _ = world.hub
    except CanonicalError as error:
        say([f"note: {error.message}; the hub's own hooks stay as they are"])
        return None
    except UsageError:
        if hub_path:
            raise
        return None
    return world


def tell_findings(command: str, findings: Iterable[Finding], format_name: str) -> int:
    """Report findings that belong to no target; returns the exit code."""
    from hubctl.cli.context import options, print_report
    from hubctl.model.change import Plan
    from hubctl.output.verdict import report

    plan = Plan(hub="", canonical="", revision="")
    return print_report(report(command, plan, extra=tuple(findings)), format_name, options())
