"""`hubctl alerts list`: every threshold with what is measured, and who would be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.readings import Reading
    from hubctl.reports.alerts.telling import Told


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """Show what is measured against every threshold, and who is told. Tells nobody.

    Of several hooks or sessions those beyond the limit, or the one nearest to it; --json has all.
    """
    from hubctl.cli.figures import document_of, hub_or_none, limits_of, now
    from hubctl.cli.measuring import measured
    from hubctl.reports.alerts.channels import channels
    from hubctl.reports.alerts.readings import readings

    world = hub_or_none(hub_path)
    known = channels(document_of(world))
    with measured(hub_path) as store:
        found = readings(store, limits_of(world), now())
    if as_json:
        print_alerts(found, known, ())
    else:
        print_readings(_worst(found))
        _print_channels(known)
    return 0


def _worst(found: Sequence[Reading]) -> list[Reading]:
    """Of each threshold what is beyond its limit, or else what is nearest to it."""
    kept: list[Reading] = []
    for name in dict.fromkeys(one.threshold.name for one in found):
        rows = [one for one in found if one.threshold.name == name]
        sign = 1 if rows[0].threshold.above else -1
        known = [one for one in rows if one.have >= one.threshold.needed and one.value is not None]
        nearest = max(known, key=lambda one: sign * (one.value or 0.0), default=rows[0])
        kept += [one for one in rows if one.level] or [nearest]
    return kept


def print_readings(found: Sequence[Reading]) -> None:
    """A line for each reading, wrapped to the terminal."""
    from hubctl.cli.context import options, write
    from hubctl.output.cells import pad, printable, width
    from hubctl.output.page import GLUE, Page
    from hubctl.output.style import PLAIN, STRONG

    if not found:
        write("canonical.yaml sets no threshold\n")
        return
    page = Page(options())
    columns = max(width(one.threshold.title) for one in found)
    for one in found:
        title = pad(one.threshold.title, columns).replace(" ", GLUE)
        mark, role = _mark(one)
        told = (printable(_told(one)), role if one.level else PLAIN)
        page.put(0, (mark, role), (f" {title}  ", STRONG), told, hang=columns + 4)
    write(page.text())


def _mark(one: Reading) -> tuple[str, str]:
    from hubctl.output.style import BAD, DIM, GOOD, WARN

    if one.value is None or one.have < one.threshold.needed:
        return "·", DIM
    return {"critical": ("✗", BAD), "warning": ("!", WARN)}.get(one.level, ("✓", GOOD))


def _told(one: Reading) -> str:
    of = f" of {one.subject}" if one.subject else ""
    if one.have < one.threshold.needed:
        return f"{one.text}{of}, limit {one.limit}"
    if one.value is None:
        return f"nothing in the last {one.threshold.window}, limit {one.limit}"
    level = f"{one.level}: " if one.level else ""
    return f"{level}{one.text} in the last {one.threshold.window}{of}, limit {one.limit}"


def _print_channels(known: Sequence[Channel]) -> None:
    from hubctl.cli.context import write
    from hubctl.reports.alerts.channels import shown

    lines = [f"told: {one.name}, {shown(one)}, from {one.level} on\n" for one in known]
    write("\n" + ("".join(lines) or "nobody is told\n"))


def print_alerts(found: Sequence[Reading], known: Sequence[Channel], told: Sequence[Told]) -> None:
    """The document of schemas/alerts.schema.json."""
    from hubctl.cli.tables import print_json
    from hubctl.reports.alerts.page import encode

    print_json("hubctl/alerts", encode(found, known, told))
