"""`hubctl accept`: take what stands in a target for what canonical.yaml wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.adopt.accepting import Accepted
    from hubctl.fleet.world import World


@click.command()
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--to", "layer", default="", metavar="LAYER", help="defaults, global, profiles.NAME.")
@click.option("--allow", "reason", metavar="REASON", help="Allow the drift instead, and say why.")
@click.option("--until", metavar="YYYY-MM-DD", help="With --allow: the last day.")
@click.option("-i", "--interactive", is_flag=True, help="Ask about everything that drifted.")
@click.option("--dry-run", is_flag=True, help="Show the diff of canonical.yaml, write nothing.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    addresses: tuple[str, ...],
    *,
    layer: str,
    reason: str | None,
    until: str | None,
    interactive: bool,
    dry_run: bool,
) -> int:
    """Accept what somebody changed: canonical.yaml says it from now on.

    Changes the target's own entry, or with --to a layer that others share. With -i it goes through
    the drift of the targets named (all without any), and asks each time: repair, accept, allow or
    skip.
    """
    from hubctl.cli.context import open_world
    from hubctl.cli.recovery import open_settled
    from hubctl.errors import UsageError

    world = open_world(hub_path) if dry_run else open_settled(hub_path)
    if interactive:
        from hubctl.cli.deciding import decide_all

        if layer or reason or until or dry_run:
            raise UsageError("-i asks for everything; it goes with no other option")
        return decide_all(world, addresses)
    if not addresses:
        raise UsageError("which ADDRESS?", hint="`hubctl drift` lists them; -i asks for each")
    if bool(reason) != bool(until):
        raise UsageError("--allow and --until go together")
    if reason and until:
        return _allow(world, addresses, reason, until, dry_run=dry_run)
    return _accept(world, addresses, layer, dry_run=dry_run)


def _accept(world: World, addresses: tuple[str, ...], layer: str, *, dry_run: bool) -> int:
    from hubctl.adopt.accepting import Accepted, accept, find_change
    from hubctl.fleet.world import Request
    from hubctl.model.address import parse_address

    parsed = [parse_address(text) for text in dict.fromkeys(addresses)]
    names = world.names([address.target for address in parsed])
    plans = {name: world.plan_one(name, Request()) for name in names}
    accepted = Accepted(data=world.files.data)
    for address in parsed:
        accepted = accept(world, accepted, find_change(plans[address.target], address), layer)
    return finish(world, accepted, f"accept {' '.join(addresses)}", dry_run=dry_run)


def _allow(
    world: World, addresses: tuple[str, ...], reason: str, until: str, *, dry_run: bool
) -> int:
    from hubctl.adopt.accepting import Accepted, allow
    from hubctl.model.address import parse_address

    data = world.files.data
    for text in dict.fromkeys(addresses):
        address = parse_address(text)
        world.names((address.target,))
        data = allow(world, data, address, reason, until)
    command_line = f"accept --allow {' '.join(addresses)}"
    return finish(world, Accepted(data=data), command_line, dry_run=dry_run)


def finish(world: World, accepted: Accepted, command_line: str, *, dry_run: bool) -> int:
    """Write what was accepted, or only show it; returns the exit code."""
    from hubctl.adopt.accepting import batches_of, prove
    from hubctl.cli.adopt import diff_lines
    from hubctl.cli.context import say, write
    from hubctl.cli.rewriting import rewrite_canonical

    proved = prove(world, accepted)
    if dry_run:
        lines = diff_lines(world.files.data, accepted.data)
        write("".join(f"{line}\n" for line in lines))
        say([f"{op.path} would be written" for op in accepted.sources])
        return 0
    batches = batches_of(proved)
    written = [f"{operation.path}: new text" for operation in accepted.sources]
    told = "\n".join([*written, "Undo: hubctl rollback"])
    return rewrite_canonical(world, accepted.data, command_line, told, batches)
