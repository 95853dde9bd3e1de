"""`hubctl validate`: is canonical.yaml right, on its own and on this machine?"""

from __future__ import annotations

import click

from hubctl.cli import options as shared


@click.command()
@shared.output
@click.pass_obj
def command(hub_path: str | None, *, format_name: str, quiet: bool, verbose: bool) -> int:
    """Check canonical.yaml: form, names, sources, paths, secrets, and what it would render.

    Tells everything at once. Exits 2 where it cannot be used, 0 with warnings and notes.
    """
    from hubctl.cli.context import open_world, options, print_report
    from hubctl.fleet.validation import validation_findings
    from hubctl.model.change import Plan
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    findings = validation_findings(world)
    plan = Plan(hub="", canonical=world.files.path, revision="")
    found = report("validate", plan, extra=findings)
    return print_report(found, format_name, options(quiet=quiet, verbose=verbose))
