"""`hubctl drift`: prove that everything still stands as canonical.yaml says, or say where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hubctl.cli import options as shared

if TYPE_CHECKING:
    from hubctl.fleet.world import Request, World
    from hubctl.model.report import Outcome, Report


@click.command()
@shared.targets
@shared.output
@click.option("--fix", is_flag=True, help="Repair what drifted or went missing.")
@click.option(
    "--path",
    "path",
    metavar="DIR",
    help="Check this checkout alone, committed files only (CI, pre-commit); needs no hub.",
)
@click.option("--as", "as_name", metavar="NAME", help="With --path: which repository it is.")
@click.option(
    "--branch",
    metavar="NAME",
    help="With --fix: commit the repairs on this branch of each repository, touch nothing else.",
)
@click.option("--push", is_flag=True, help="With --branch: push it to origin.")
@click.option("--pr", "request", is_flag=True, help="With --branch: push, and open a pull request.")
@click.option("--blame", is_flag=True, help="Say who or what changed each value.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    names: tuple[str, ...],
    *,
    format_name: str,
    quiet: bool,
    verbose: bool,
    fix: bool,
    path: str | None,
    as_name: str | None,
    branch: str | None,
    push: bool,
    request: bool,
    blame: bool,
) -> int:
    """Report where reality differs from canonical.yaml, and why.

    Exits 0 where nothing does, 1 on drift, 3 where something cannot be read, 4 on a conflict.
    """
    from hubctl.cli.context import options, print_report

    _check_usage(names, path, as_name, fix=fix)
    if branch is not None or push or request:
        return _on_branches(hub_path, names, branch, format_name, (fix, push, request))
    if path is not None:
        found, base = _check_path(hub_path, path, as_name)
        return print_report(found, format_name, options(quiet=quiet, verbose=verbose, base=base))
    from hubctl.cli.marks import keep_marks

    found, world = _check_fleet(hub_path, names, fix=fix, quiet=quiet)
    keep_marks(world, found)
    who = _blame(world, found) if blame else {}
    return print_report(found, format_name, options(quiet=quiet, verbose=verbose, blame=who))


def _check_usage(
    names: tuple[str, ...], path: str | None, as_name: str | None, *, fix: bool
) -> None:
    from hubctl.errors import UsageError

    if path is not None and (names or fix):
        raise UsageError("--path checks one checkout and repairs nothing; name no TARGET, no --fix")
    if as_name and path is None:
        raise UsageError("--as goes with --path")


def _on_branches(
    hub_path: str | None,
    names: tuple[str, ...],
    branch: str | None,
    format_name: str,
    flags: tuple[bool, bool, bool],
) -> int:
    from hubctl.cli.branches import fix_on_branches
    from hubctl.cli.context import open_world
    from hubctl.errors import UsageError
    from hubctl.fleet.branches import Asked

    fix, push, request = flags
    if not (fix and branch):
        raise UsageError("--branch goes with --fix, and --push and --pr with --branch")
    if format_name not in ("text", "json"):
        raise UsageError("with --branch the report is text or JSON")
    asked = Asked(branch=branch, push=push or request, request=request)
    return fix_on_branches(open_world(hub_path), names, asked, as_json=format_name == "json")


def _check_path(hub_path: str | None, path: str, as_name: str | None) -> tuple[Report, str]:
    from hubctl.cli.context import absolute
    from hubctl.fleet.checkout import check_checkout
    from hubctl.output.verdict import report
    from hubctl.system.clock import today
    from hubctl.system.places import find_places

    hub = absolute(hub_path) if hub_path else None
    plan = check_checkout(hub, absolute(path), as_name, find_places(), today())
    return report("drift", plan), plan.targets[0].root


def _check_fleet(
    hub_path: str | None, names: tuple[str, ...], *, fix: bool, quiet: bool
) -> tuple[Report, World]:
    from hubctl.cli.context import open_world, recheck_with_progress
    from hubctl.cli.release import release_findings
    from hubctl.fleet.open_journals import open_journal_findings
    from hubctl.fleet.world import Request
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    request = Request(names=names)
    outcomes = _fix(world, request, quiet=quiet) if fix else ()
    checked = recheck_with_progress(world, request, quiet=quiet)
    extra = (*open_journal_findings(world), *release_findings(world), *checked.findings)
    return report("drift", checked.plan, outcomes=outcomes, extra=extra), world


def _fix(world: World, request: Request, *, quiet: bool) -> tuple[Outcome, ...]:
    """Repair; what was done."""
    from hubctl.cli.context import plan_with_progress
    from hubctl.cli.recovery import recover_first
    from hubctl.cli.release import install_hooks
    from hubctl.fleet.apply import (
        Carrying,
        carry_out,
        only_repairs,
        require_sound,
        writing,
    )

    with writing(world):
        recover_first(world)
        plan = only_repairs(plan_with_progress(world, request, quiet=quiet))
        require_sound(plan)
        install_hooks(world, plan)
        return carry_out(world, plan, Carrying(command="drift --fix"))


def _blame(world: World, found: Report) -> dict[str, str]:
    from hubctl.fleet.blame import blame

    return blame(world, found.open_changes())
