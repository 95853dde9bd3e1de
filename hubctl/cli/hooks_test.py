"""`hubctl hooks test`: run the cases of hooks, or cases of one's own, in made-up accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.fleet.hooks.trials import Tried
    from hubctl.fleet.world import World
    from hubctl.model.hook_case import HookCase


@click.command()
@click.argument("what", metavar="[HOOK | FILE]", required=False, default="")
@click.option(
    "--target", default="", metavar="TARGET", help="Whose hooks run cases that name none."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Also the cases that came out as expected.")
@click.pass_obj
def command(hub_path: str | None, what: str, *, target: str, as_json: bool, verbose: bool) -> int:
    """Run the cases of HOOK, of all hooks, or of a FILE of your own, with the real dispatcher.

    FILE holds JSON lines: `event` (or `command`, of Bash), `verdict` (deny, ask, allow or none) and
    what surrounds it; the guide about hooks shows them. The hooks are those that an apply would
    install, so a change of your own is tried before it is in use. Exits 1 where a case fails.
    """
    from hubctl.cli.hooks_ground import ground, usable_world
    from hubctl.cli.hooks_trial import release_files_of
    from hubctl.fleet.hooks.trials import try_cases

    world = usable_world(hub_path)
    if world and target:
        world.names((target,))
    on = ground(hub_path)
    cases = _cases(world, what)
    tried = try_cases(world, cases, release_files_of(on), on.interpreter, target)
    if as_json:
        _print_json(tried)
    else:
        _print(tried, verbose=verbose)
    return 1 if any(one.problem for one in tried) else 0


def _cases(world: World | None, what: str) -> Sequence[HookCase]:
    from hubctl.cli.context import absolute, say
    from hubctl.fleet.hooks.listing import find, listed
    from hubctl.fleet.hooks.trials import cases_in, cases_of
    from hubctl.system.files import RealFiles

    door = RealFiles()
    if "/" in what or what.endswith(".jsonl"):
        return cases_in(absolute(what), what)
    if what:
        rows = [find(world, what)]
    else:
        rows = [find(world, row.id) for row in listed(world) if not row.problem]
    found: list[HookCase] = []
    for row in rows:
        cases = cases_of(world, row, door)
        found += cases
        say([] if cases else [f"note: {row.id} comes without cases"])
    return found


def _print_json(tried: Sequence[Tried]) -> None:
    from hubctl.cli.tables import print_json

    print_json(
        "hubctl/hook-trials",
        {
            "cases": [
                {
                    "hook": one.case.hook,
                    "name": one.case.name,
                    "where": one.case.where,
                    "event": one.case.event,
                    "expected": one.case.verdict,
                    "verdict": one.verdict,
                    "problem": one.problem,
                    "ms": one.milliseconds,
                }
                for one in tried
            ],
            "failed": sum(bool(one.problem) for one in tried),
        },
    )


def _print(tried: Sequence[Tried], *, verbose: bool) -> None:
    from hubctl.cli.context import write
    from hubctl.output.cells import printable
    from hubctl.output.summary import plural

    for one in tried:
        if one.problem:
            write(f"failed  {one.case.where}  {printable(one.case.name)}\n")
            write(f"        {printable(one.problem)}\n")
        elif verbose:
            write(f"ok      {one.case.where}  {printable(one.case.name)}: {one.verdict}\n")
    failed = sum(bool(one.problem) for one in tried)
    slowest = max((one.milliseconds for one in tried), default=0.0)
    write(f"{plural(len(tried), 'case')}, {failed} failed, slowest {slowest:g} ms\n")
