"""`hubctl exceptions`: the drift that canonical.yaml allows, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.fleet.exceptions import Allowed
    from hubctl.fleet.world import World


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """List the exceptions: what may differ, why, until when, and whether it still does.

    `hubctl accept ADDRESS --allow REASON --until DAY` adds one; `hubctl drift` reports the expired.
    """
    from dataclasses import asdict

    from hubctl.cli.context import open_world, options
    from hubctl.cli.tables import print_json, print_table

    world = open_world(hub_path)
    found = _found(world)
    if as_json:
        print_json("hubctl/exceptions", {"exceptions": [asdict(one) for one in found]})
        return 0
    place = options().place
    rows = [
        (one.address, one.state, one.until, one.reason, place(f"{one.file}:{one.line}"))
        for one in found
    ]
    head = ("ADDRESS", "STATE", "UNTIL", "REASON", "LINE")
    print_table(head, rows, empty="no drift is allowed")
    return 0


def _found(world: World) -> tuple[Allowed, ...]:
    from hubctl.fleet.exceptions import listed

    return listed(world)
