"""`hubctl plan`: what apply would do, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from hubctl.model.change import Plan


@click.command()
@shared.targets
@shared.output
@shared.only
@click.option("-o", "out", metavar="FILE", help="Save the plan for `hubctl apply --plan FILE`.")
@click.option("--check", is_flag=True, help="Exit 1 where there is something to do.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    names: tuple[str, ...],
    *,
    format_name: str,
    quiet: bool,
    verbose: bool,
    only: str,
    out: str | None,
    check: bool,
) -> int:
    """Show what apply would change, where and why. Writes nothing."""
    from hubctl.cli.context import open_world, options, plan_with_progress, print_report
    from hubctl.fleet.open_journals import open_journal_findings
    from hubctl.fleet.world import Request
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    plan = plan_with_progress(world, Request(names=names, only=only), quiet=quiet)
    if out:
        _save(out, plan)
    found = report("plan", plan, check=check, extra=tuple(open_journal_findings(world)))
    return print_report(found, format_name, options(quiet=quiet, verbose=verbose))


def _save(out: str, plan: Plan) -> None:
    """The plan holds values unmasked: it is for this account alone."""
    from hubctl.cli.context import absolute
    from hubctl.output.plan_file import HEAD, dump_plan
    from hubctl.system.exchange import write_private

    data = dump_plan(plan).encode("utf-8", "surrogatepass")
    write_private(absolute(out), data, over=HEAD)
