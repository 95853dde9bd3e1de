"""What `hubctl hooks enable` and `disable` share: the edit, its diff, and the next command."""

from __future__ import annotations


def switch(hub_path: str | None, hook: str, target: str, *, on: bool) -> int:
    """Switch a hook in canonical.yaml; returns the exit code."""
    from hubctl.cli.recovery import open_settled
    from hubctl.cli.rewriting import rewrite_canonical
    from hubctl.fleet.hooks.listing import find
    from hubctl.fleet.hooks.switching import switched

    world = open_settled(hub_path)
    row = find(world, hook)
    data = switched(world, row, target, on=on)
    word = "enable" if on else "disable"
    command_line = " ".join(["hooks", word, row.id, *([target] if target else [])])
    run = " ".join(["hubctl apply", *([target] if target else [])])
    return rewrite_canonical(world, data, command_line, f"Run: {run}")
