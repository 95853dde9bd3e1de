"""`hubctl explain`: which lines of canonical.yaml decide a value, through which profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.config.trace import Step
    from hubctl.fleet.world import World
    from hubctl.model.address import Address
    from hubctl.model.change import Change
    from hubctl.model.item import Item


@click.command()
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, address: str, *, as_json: bool) -> int:
    """Explain one ADDRESS, such as 'api:.claude/settings.json#/model'.

    Tells every layer of canonical.yaml that had a say, in order, and how the value stands now.
    """
    from hubctl.cli.context import open_world
    from hubctl.cli.tables import print_json
    from hubctl.model.address import parse_address

    world = open_world(hub_path)
    parsed = parse_address(address)
    world.names((parsed.target,))
    steps = _steps(world, parsed)
    change = _change(world, parsed)
    if as_json:
        print_json("hubctl/explain", _document(world, parsed, steps, change))
    else:
        _print(world, parsed, steps, change)
    return 0


def _steps(world: World, address: Address) -> tuple[Step, ...]:
    from hubctl.config.trace import trace

    spec = _spec_path(world, address)
    return trace(world.compiler.canonical, address.target, spec) if spec else ()


def _spec_path(world: World, address: Address) -> tuple[str, ...]:
    """The part of the resolved spec that decides; also of a value that a layer takes away."""
    from hubctl.fleet.deciding import spec_path

    for row in world.compiler.compiled(address.target).rows:
        if row.local == address.local:
            return row.spec
    return spec_path(address) if address.pointer else ()


def _change(world: World, address: Address) -> Change | None:
    from hubctl.fleet.world import Request

    plan = world.plan_one(address.target, Request())
    return next((c for c in plan.changes if c.address == address), None)


def _status(item: Item | None, change: Change | None) -> str:
    if change is not None:
        return change.status.value
    return "in-sync" if item else "unmanaged"


def _document(
    world: World, address: Address, steps: tuple[Step, ...], change: Change | None
) -> dict[str, object]:
    from hubctl.cli.show import shown_value
    from hubctl.output.values import encode_value

    item = world.compiler.items(address.target).get(address.local)
    return {
        "address": str(address),
        "scope": item.scope.value if item else "",
        "renderer": item.renderer if item else "",
        "value": encode_value(shown_value(item)) if item else None,
        "status": _status(item, change),
        "reason": change.reason if change else "",
        "steps": [
            {
                "layer": step.layer,
                "file": step.location.file,
                "line": step.location.line,
                "column": step.location.column,
                "action": step.action,
            }
            for step in steps
        ],
    }


def _print(world: World, address: Address, steps: tuple[Step, ...], change: Change | None) -> None:
    from hubctl.cli.context import options, write
    from hubctl.cli.show import shown_value
    from hubctl.cli.tables import print_table
    from hubctl.output.shown import one_line

    item = world.compiler.items(address.target).get(address.local)
    write(f"{address}\n\n")
    if item is None:
        write("canonical.yaml wants nothing at this address.\n")
    else:
        write(f"value     {one_line(shown_value(item))}\n")
        write(f"renderer  {item.renderer}\nscope     {item.scope.value}\n")
    reason = f" ({change.reason})" if change and change.reason else ""
    write(f"status    {_status(item, change)}{reason}\n\n")
    place = options().place
    rows = [(place(f"{s.location.file}:{s.location.line}"), s.layer, s.action) for s in steps]
    print_table(("LINE", "LAYER", "DOES"), rows, empty="No single line decides it.")
