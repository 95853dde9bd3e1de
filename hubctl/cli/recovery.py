"""What every writing command does first: undo what a crash left open, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.cli.context import say
from hubctl.fleet.apply import recover_open

if TYPE_CHECKING:
    from hubctl.fleet.world import World


def recover_first(world: World) -> bool:
    """Recover under the lock, and tell what was found; whether there was anything."""
    found = recover_open(world)
    for run in found:
        say([f"undone first: the interrupted run {run.id} ({run.command})"])
        say(f"  changed since by somebody, left alone: {path}" for path in run.changed)
    return bool(found)
