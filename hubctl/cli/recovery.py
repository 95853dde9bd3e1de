"""What every writing command does first: undo what a crash left open, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.cli.context import say
from hubctl.errors import OperationError
from hubctl.fleet.apply import recover_open

if TYPE_CHECKING:
    from hubctl.fleet.world import World


def open_settled(hub_path: str | None) -> World:
    """The hub for a command that edits canonical.yaml: after what a crash left open was undone."""
    from hubctl.cli.context import open_world
    from hubctl.fleet.apply import writing
    from hubctl.fleet.open_journals import open_journal_findings

    world = open_world(hub_path)
    if any(open_journal_findings(world)):
        with writing(world):
            recover_first(world)
    return world


def require_settled(world: World) -> None:
    """Refuse to write what was made of a canonical.yaml that is no longer there; under the lock.

    Raises:
        OperationError: another run was interrupted since the hub was opened.
    """
    if recover_first(world):
        raise OperationError(f"{world.files.path} changed meanwhile", hint="run it again")


def recover_first(world: World) -> bool:
    """Recover under the lock, and tell what was found; whether there was anything."""
    found = recover_open(world)
    for run in found:
        say([f"undone first: the interrupted run {run.id} ({run.command})"])
        say(f"  changed since by somebody, left alone: {path}" for path in run.changed)
    return bool(found)
