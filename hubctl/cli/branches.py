"""`hubctl drift --fix --branch`: repairs as commits on a branch, as a table or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.fleet.branches import Asked, Branch
    from hubctl.fleet.world import World


def fix_on_branches(world: World, names: tuple[str, ...], asked: Asked, *, as_json: bool) -> int:
    """Commit the repairs of each repository and tell what became of it; returns the exit code."""
    from dataclasses import asdict

    from hubctl.cli.tables import print_json
    from hubctl.fleet.branches import repair_on_branches

    found = repair_on_branches(world, world.names(names), asked)
    if as_json:
        print_json("hubctl/branches", {"branches": [asdict(one) for one in found]})
    else:
        _print(found)
    return 3 if any(one.state == "failed" for one in found) else 0


def _print(found: tuple[Branch, ...]) -> None:
    from hubctl.cli.context import say
    from hubctl.cli.tables import print_table

    rows = [
        (one.target, one.state, one.branch, one.commit[:12], str(len(one.changes)), one.request)
        for one in found
    ]
    head = ("REPOSITORY", "STATE", "BRANCH", "COMMIT", "CHANGES", "REQUEST")
    print_table(head, rows, empty="no repository", right=(4,))
    say(f"{one.target}: {one.message}" for one in found if one.message)
