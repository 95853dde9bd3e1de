"""`hubctl diff`: the same plan as a unified diff of the files."""

from __future__ import annotations

import click

from hubctl.cli import options as shared


@click.command()
@shared.targets
@shared.only
@click.option("--check", is_flag=True, help="Exit 1 where there is something to do.")
@click.pass_obj
def command(hub_path: str | None, names: tuple[str, ...], *, only: str, check: bool) -> int:
    """Show what apply would change as a unified diff. Writes nothing."""
    from hubctl.cli.context import open_world, options, plan_with_progress, write
    from hubctl.cli.findings import print_findings
    from hubctl.fleet.open_journals import open_journal_findings
    from hubctl.fleet.world import Request
    from hubctl.model.finding import Severity
    from hubctl.output.diff import unified
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    plan = plan_with_progress(world, Request(names=names, only=only), quiet=False)
    found = report("diff", plan, check=check, extra=tuple(open_journal_findings(world)))
    write(unified(found, options()))
    # A diff has no place for what could not be read or looked at.
    beside = {*found.findings} - {*found.told().values()}
    print_findings(finding for finding in beside if finding.severity is Severity.ERROR)
    return found.exit_code
