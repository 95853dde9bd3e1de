"""`hubctl history`: what was run, newest first, and what can be rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.fleet.history import Run


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many, newest first.",
)
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool, count: int) -> int:
    """List the last runs that wrote something."""
    from hubctl.cli.context import open_world
    from hubctl.cli.tables import print_json, print_table
    from hubctl.fleet.history import runs

    found = runs(open_world(hub_path))[::-1][:count]
    if as_json:
        print_json("hubctl/history", {"runs": [_as_json(run) for run in found]})
        return 0
    rows = [(run.id, run.time, run.command, _state(run), _where(run)) for run in found]
    print_table(("JOURNAL", "TIME (UTC)", "COMMAND", "STATE", "WHERE"), rows, empty="no runs yet")
    return 0


def _as_json(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "time": run.time,
        "command": run.command,
        "state": run.state,
        "targets": list(run.targets),
        "files": run.files,
        "rolled_back_by": run.rolled_back_by,
    }


def _state(run: Run) -> str:
    return f"rolled back by {run.rolled_back_by}" if run.rolled_back_by else run.state


def _where(run: Run) -> str:
    from hubctl.output.summary import plural

    shown = ", ".join(run.targets[:3]) + (" …" if len(run.targets) > 3 else "")
    return f"{shown} ({plural(run.files, 'file')})"
