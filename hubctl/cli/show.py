"""`hubctl show`: what canonical.yaml makes of one target, before anything is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from hubctl.fleet.world import World
    from hubctl.model.item import Item, Value


@click.command()
@shared.targets
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the resolved spec.")
@click.pass_obj
def command(hub_path: str | None, names: tuple[str, ...], *, as_json: bool) -> int:
    """Show the resolved desired state of targets: every file, field, block, link and unit."""
    from hubctl.cli.context import open_world
    from hubctl.cli.tables import print_json

    world = open_world(hub_path)
    asked = world.names(names)
    if as_json:
        print_json("hubctl/show", {"targets": [_target(world, name) for name in asked]})
        return 0
    for name in asked:
        _print(world, name)
    return 0


def _target(world: World, name: str) -> dict[str, Any]:
    items = world.compiler.items(name)
    located = world.compiler.locate(name)
    return {
        "name": name,
        "root": located.target.root if located.target else "",
        "spec": _masked_spec(world, name),
        "items": [_item(items[local]) for local in sorted(items)],
    }


def _masked_spec(world: World, name: str) -> object:
    return _masked(world.compiler.spec(name), ())


def _masked(value: Any, path: tuple[str, ...]) -> Any:
    from hubctl.config.secrets import is_sensitive, mask

    if isinstance(value, dict):
        return {key: _masked(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, path) for item in value]
    return mask(str(value)) if is_sensitive(path) else value


def _item(item: Item) -> dict[str, object]:
    from hubctl.output.masking import mask_address
    from hubctl.output.values import encode_value

    address = mask_address(item.address) if is_hidden(item) else item.address
    return {
        "address": str(address),
        "scope": item.scope.value,
        "renderer": item.renderer,
        "value": encode_value(shown_value(item)),
        "sensitive": is_hidden(item),
    }


def is_hidden(item: Item) -> bool:
    """Whether the value is shown masked, for where it stands or for what it holds."""
    from hubctl.config.flagged import is_flagged

    return item.sensitive or is_flagged(item.address.pointer, item.value)


def shown_value(item: Item) -> Value:
    """The value as it may be shown."""
    from hubctl.output.masking import mask_value

    return mask_value(item.value) if is_hidden(item) else item.value


def _print(world: World, name: str) -> None:
    from hubctl.cli.context import options, write
    from hubctl.cli.tables import print_table
    from hubctl.output.shown import one_line

    target = world.compiler.locate(name).target
    write(f"{name}  {options().place(target.root) if target else '(not on this machine)'}\n\n")
    items = world.compiler.items(name)
    rows = [
        (item.address.local, item.scope.value, one_line(shown_value(item)))
        for item in (items[local] for local in sorted(items))
    ]
    print_table(("ADDRESS", "SCOPE", "VALUE"), rows, empty="canonical.yaml wants nothing here")
    write("\n")
