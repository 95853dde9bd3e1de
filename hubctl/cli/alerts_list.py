"""`hubctl alerts list`: every threshold with what is measured, and who would be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.reports.alerts import Reading
    from hubctl.reports.channels import Channel
    from hubctl.reports.telling import Told


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """Show what is measured against every threshold, and who is told. Tells nobody."""
    from hubctl.cli.figures import document_of, hub_or_none, limits_of, now
    from hubctl.cli.measuring import measured
    from hubctl.reports.alerts import readings
    from hubctl.reports.channels import channels

    world = hub_or_none(hub_path)
    known = channels(document_of(world))
    with measured(hub_path) as store:
        found = readings(store, limits_of(world), now())
    if as_json:
        print_alerts(found, known, ())
    else:
        print_readings(found)
        _print_channels(known)
    return 0


def print_readings(found: Sequence[Reading]) -> None:
    """The table of readings."""
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    head = ("THRESHOLD", "OF", "LAST", "MEASURED", "LIMIT", "LEVEL")
    rows = [
        (
            one.threshold.title,
            printable(one.subject) or "all",
            one.threshold.window,
            one.text if one.value is not None or one.have < one.threshold.needed else "nothing yet",
            one.limit,
            one.level or "fine",
        )
        for one in found
    ]
    print_table(head, rows, empty="canonical.yaml sets no threshold", right=(3, 4))


def _print_channels(known: Sequence[Channel]) -> None:
    from hubctl.cli.context import write
    from hubctl.reports.channels import shown

    lines = [f"told: {one.name}, {shown(one)}, from {one.level} on\n" for one in known]
    write("\n" + ("".join(lines) or "nobody is told\n"))


def print_alerts(found: Sequence[Reading], known: Sequence[Channel], told: Sequence[Told]) -> None:
    """The document of schemas/alerts.schema.json."""
    from hubctl.cli.tables import print_json
    from hubctl.reports.alerts_page import encode

    print_json("hubctl/alerts", encode(found, known, told))
