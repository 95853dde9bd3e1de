"""`hubctl hooks list`: every hook, what it is for, and where it is enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.fleet.hooks.listing import ListedHook

_FEW = 3


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """List the hooks of hubctl and of the hub's own folder hooks/, in running order."""
    from dataclasses import asdict

    from hubctl.cli.hooks_ground import usable_world
    from hubctl.cli.tables import print_json, print_table
    from hubctl.fleet.hooks.listing import listed

    found = listed(usable_world(hub_path))
    if as_json:
        print_json("hubctl/hook-list", {"hooks": [asdict(row) for row in found]})
        return 0
    head = ("HOOK", "EVENTS", "ORDER", "ON ERROR", "DEADLINE", "ENABLED", "WHAT IT DOES")
    print_table(head, [_row(one) for one in found], empty="no hooks", right=(2, 4))
    return 0


def _row(one: ListedHook) -> tuple[str, ...]:
    if one.problem:
        return (one.id, "", "", "", "", "", f"{one.source} cannot be used: {one.problem}")
    own = "" if one.source == "hubctl" else f" ({one.source})"
    return (
        one.id,
        ", ".join(one.events),
        str(one.order),
        one.on_error,
        f"{one.deadline:g} s",
        _where(one.enabled),
        one.description + own,
    )


def _where(names: tuple[str, ...]) -> str:
    if len(names) <= _FEW:
        return ", ".join(names) or "-"
    return f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"
