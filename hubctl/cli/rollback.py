"""`hubctl rollback`: bring back what stood there before a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.engine.rollback import Reversal
    from hubctl.fleet.world import World
    from hubctl.model.report import Outcome


@click.command()
@click.argument("journal", required=False)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--keep-changed",
    is_flag=True,
    help="Leave files that were changed since as they are, and roll the others back.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
def command(
    hub_path: str | None, journal: str | None, *, yes: bool, keep_changed: bool, as_json: bool
) -> int:
    """Restore bytes, modes, links and absence as they were before a run.

    JOURNAL is an id from `hubctl history`; without one, the run that was interrupted, or else the
    last one that wrote anything and was not itself rolled back. A rollback is a run of its own and
    can be rolled back.
    """
    from hubctl.cli.context import open_world, options, print_report
    from hubctl.cli.recovery import recover_first
    from hubctl.fleet.apply import writing
    from hubctl.model.change import Plan
    from hubctl.output.verdict import report

    world = open_world(hub_path)
    with writing(world):
        # Undoing what was interrupted is what was asked for; the run before it has to stay.
        settled = recover_first(world) and not journal
        outcomes = () if settled else _roll_back(world, journal, yes=yes, keep_changed=keep_changed)
    plan = Plan(hub=world.hub, canonical=world.files.path, revision="")
    found = report("rollback", plan, outcomes=outcomes)
    return print_report(found, "json" if as_json else "text", options())


def _roll_back(
    world: World, journal: str | None, *, yes: bool, keep_changed: bool
) -> tuple[Outcome, ...]:
    from hubctl.cli.context import say
    from hubctl.engine.rollback import require_unchanged
    from hubctl.fleet.history import last_entry, plan_reversal, run_reversal

    entry = world.journal.read(journal) if journal else last_entry(world)
    reversal = plan_reversal(world, entry)
    if not keep_changed:
        require_unchanged(reversal)
    if not yes:
        _ask(reversal, entry.id)
    outcomes = run_reversal(world, reversal, entry.id)
    say(f"changed since by somebody, left alone: {path}" for path in reversal.changed)
    return outcomes


def _ask(reversal: Reversal, entry_id: str) -> None:
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say

    def show() -> None:
        say([f"Rolling back {entry_id}:"])
        for batch in reversal.batches:
            say(f"  {operation.path}" for operation in batch.operations)

    consent("Restore these?", show=show)
