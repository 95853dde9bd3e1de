"""Writing an edited canonical.yaml for a command: under the lock, journaled, shown as a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.engine.operations import Batch
    from hubctl.fleet.world import World


def rewrite_canonical(
    world: World, data: bytes, command_line: str, hint: str, batches: tuple[Batch, ...] = ()
) -> int:
    """Write the new bytes and what belongs to them, print the diff, and say what comes next.

    Returns:
        The exit code.
    """
    from hubctl.cli.context import say, write
    from hubctl.cli.recovery import require_settled
    from hubctl.fleet.apply import writing
    from hubctl.fleet.canonical_edit import require_valid, rewrite
    from hubctl.output.compare import unified_lines

    with writing(world):
        require_settled(world)
        require_valid(world, data)
        if not rewrite(world, data, command_line, batches):
            say(["nothing to change"])
            return 0
    old = world.files.data.decode("utf-8", "replace")
    new = data.decode("utf-8", "replace")
    write("".join(f"{line}\n" for line in unified_lines(old, new)))
    say([hint])
    return 0
