"""`hubctl explain`: which lines of canonical.yaml decide a value, through which profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.config.trace import Step
    from hubctl.fleet.standing import Standing
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

    Tells every layer of canonical.yaml that had a say, in order, and what stands there now, both
    with file and line; of a handler of hubctl's own also which hooks are behind it, and why.
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
    from hubctl.fleet.standing import hooks_behind, overriding, standing
    from hubctl.output.values import encode_value

    item = world.compiler.items(address.target).get(address.local)
    return {
        "address": str(address),
        "scope": item.scope.value if item else "",
        "renderer": item.renderer if item else "",
        "value": encode_value(shown_value(item)) if item else None,
        "status": _status(item, change),
        "reason": change.reason if change else "",
        "steps": [_step(step) for step in steps],
        "stands": _stands(standing(world, address), hidden=_is_hidden(item, change)),
        "overridden_by": _stands(overriding(world, address), hidden=_is_hidden(item, change)),
        "hooks": [
            {"hook": name, "steps": [_step(step) for step in own]}
            for name, own in hooks_behind(world, address)
        ],
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "layer": step.layer,
        "file": step.location.file,
        "line": step.location.line,
        "column": step.location.column,
        "action": step.action,
    }


def _is_hidden(item: Item | None, change: Change | None) -> bool:
    from hubctl.cli.show import is_hidden

    return bool((item and is_hidden(item)) or (change and change.sensitive))


def _stands(found: Standing | None, *, hidden: bool) -> dict[str, object] | None:
    from hubctl.model.state import ABSENT
    from hubctl.output.masking import mask_value
    from hubctl.output.values import encode_value

    if found is None:
        return None
    value = found.value
    shown = None if value is ABSENT else mask_value(value) if hidden else value
    place = found.location
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "value": None if shown is None else encode_value(shown),
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
    write(f"status    {_status(item, change)}{reason}\n")
    write(_other_side(world, address, hidden=_is_hidden(item, change)) + "\n")
    place = options().place
    rows = [(place(f"{s.location.file}:{s.location.line}"), s.layer, s.action) for s in steps]
    print_table(("LINE", "LAYER", "DOES"), rows, empty="No single line decides it.")
    _print_hooks(world, address)


def _other_side(world: World, address: Address, *, hidden: bool) -> str:
    """What stands in the target, and what the client reads instead of it."""
    from hubctl.fleet.standing import overriding, standing

    found = (("stands", standing(world, address)), ("wins", overriding(world, address)))
    return "".join(_side(word, one, hidden=hidden) for word, one in found if one is not None)


def _side(word: str, found: Standing, *, hidden: bool) -> str:
    from hubctl.cli.context import options
    from hubctl.model.state import ABSENT
    from hubctl.output.masking import mask_value
    from hubctl.output.shown import one_line

    line = f":{found.location.line}" if found.location.line else ""
    where = options().place(f"{found.location.file}{line}")
    if found.value is ABSENT:
        return f"{word:<10}nothing in {where}\n"
    value = mask_value(found.value) if hidden else found.value
    return f"{word:<10}{one_line(value)} in {where}\n"


def _print_hooks(world: World, address: Address) -> None:
    from hubctl.cli.context import options, write
    from hubctl.cli.tables import print_table
    from hubctl.fleet.standing import hooks_behind

    place = options().place
    rows = [
        (name, place(f"{s.location.file}:{s.location.line}"), s.layer, s.action)
        for name, steps in hooks_behind(world, address)
        for s in steps
    ]
    if rows:
        write("\nIt runs these hooks:\n")
        print_table(("HOOK", "LINE", "LAYER", "DOES"), rows, empty="")
