"""`hubctl apply`: make the targets agree with canonical.yaml."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from hubctl.fleet.world import Request, World
    from hubctl.model.change import Plan


@click.command()
@shared.targets
@shared.output
@shared.only
@click.option("--plan", "plan_file", metavar="FILE", help="Carry out exactly this saved plan.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--take",
    multiple=True,
    metavar="ADDRESS",
    help="Overwrite the foreign or conflicting value at this address.",
)
@click.option("--prune", is_flag=True, help="Allow mass deletions and files that become empty.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    names: tuple[str, ...],
    *,
    format_name: str,
    quiet: bool,
    verbose: bool,
    only: str,
    plan_file: str | None,
    yes: bool,
    take: tuple[str, ...],
    prune: bool,
) -> int:
    """Make every target agree with canonical.yaml.

    Shows the plan and asks before writing, where somebody is there to ask; otherwise --yes or
    --plan is needed. Every replaced byte is in the journal: `hubctl rollback` brings it back.
    """
    from hubctl.cli.context import open_world, options, print_report
    from hubctl.cli.marks import keep_marks
    from hubctl.fleet.apply import Carrying, carry_out, without_mended, writing
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    request = _request(names, only, take)
    with writing(world):
        plan = _plan(world, request, plan_file, quiet=quiet)
        shown = options(quiet=quiet, verbose=verbose)
        if _has_work(plan) and not (yes or plan_file):
            _ask(plan, shown)
        command_line = " ".join(["apply", *names])
        carrying = Carrying(command=command_line, prune=prune, baseline=True)
        outcomes = carry_out(world, plan, carrying)
    found = report("apply", without_mended(plan, outcomes), outcomes=outcomes)
    if not (only or plan_file):
        keep_marks(world, found)
    return print_report(found, format_name, shown)


def _request(names: tuple[str, ...], only: str, take: tuple[str, ...]) -> Request:
    from hubctl.fleet.world import Request
    from hubctl.model.address import parse_address

    addresses = frozenset(str(parse_address(text)) for text in take)
    return Request(names=names, only=only, take=addresses)


def _plan(world: World, request: Request, plan_file: str | None, *, quiet: bool) -> Plan:
    from hubctl.cli.context import plan_with_progress
    from hubctl.cli.recovery import recover_first
    from hubctl.cli.release import install_hooks
    from hubctl.fleet.apply import (
        only_unexcepted,
        require_sound,
    )
    from hubctl.fleet.saved import require_fresh

    recover_first(world)
    if plan_file:
        plan = _load(plan_file)
        require_fresh(world, plan)
        plan = world.holding(plan)
    else:
        plan = plan_with_progress(world, request, quiet=quiet)
    plan = only_unexcepted(plan)
    require_sound(plan)
    install_hooks(world, plan)
    return plan


def _load(plan_file: str) -> Plan:
    from hubctl.cli.context import absolute
    from hubctl.output.plan_file import load_plan
    from hubctl.system.exchange import read_given

    return load_plan(read_given(absolute(plan_file)))


def _has_work(plan: Plan) -> bool:
    return any(target.acting() for target in plan.targets)


def _ask(plan: Plan, shown: object) -> None:
    from hubctl.cli.consent import consent
    from hubctl.output.options import Options
    from hubctl.output.text import text
    from hubctl.output.verdict import report

    assert isinstance(shown, Options)
    consent(
        "Apply this?",
        show=lambda: print(text(report("plan", plan), shown), file=sys.stderr),
        hint="add --yes, or save a plan with `hubctl plan -o FILE` and apply that",
        refusal="nothing was applied",
    )
