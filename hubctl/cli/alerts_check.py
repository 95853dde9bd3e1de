"""`hubctl alerts check`: measure, and tell everybody who has not been told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.reports.alerts.channels import Channel
    from hubctl.reports.alerts.readings import Reading
    from hubctl.reports.alerts.telling import Told


@click.command()
@click.option("--no-send", is_flag=True, help="Tell nobody but you, and remember nothing.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, no_send: bool, as_json: bool) -> int:
    """Measure every threshold and tell the desktop and the webhooks what is beyond its limit.

    A channel is told an alert once while it goes on, again where it gets worse, and once when it
    was fine for ten minutes. Exits 1 where a limit is exceeded, 3 where somebody could not be told;
    the next check tries again.
    """
    from hubctl.cli.alerts_list import print_alerts, print_readings
    from hubctl.cli.context import say
    from hubctl.cli.figures import document_of, hub_or_none, limits_of, now
    from hubctl.cli.measuring import measured
    from hubctl.output.verdict import worst
    from hubctl.reports.alerts.channels import channels
    from hubctl.reports.alerts.readings import readings
    from hubctl.reports.alerts.telling import awaits

    world = hub_or_none(hub_path)
    known = channels(document_of(world))
    moment = now()
    with measured(hub_path) as store:
        found = readings(store, limits_of(world), moment)
        beyond = tuple(one for one in found if one.level)
        news = not no_send and bool(beyond or awaits(store))
    told = _tell(known, found, moment) if news else ()
    if as_json:
        print_alerts(found, known, told)
    elif beyond:
        print_readings(beyond)
    say([_sentence(one) for one in told])
    return worst([*(1 for _ in beyond), *(3 for one in told if one.problem)])


def _tell(known: Sequence[Channel], found: Sequence[Reading], moment: int) -> tuple[Told, ...]:
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.reports.alerts.sending import sender
    from hubctl.reports.alerts.telling import tell
    from hubctl.system.export_files import machine_name
    from hubctl.system.lock import writer_lock
    from hubctl.system.places import environment, find_places

    path = metrics_path(find_places())
    # Two checks at once would each tell what neither has told.
    with writer_lock(f"{path}.alerts.lock"), open_store(path, write=True) as store:
        return tell(store, known, found, moment, sender(environment(), machine_name()))


def _sentence(one: Told) -> str:
    from hubctl.output.summary import plural
    from hubctl.reports.alerts.notices import RESOLVED

    if one.problem:
        return f"not told: {one.problem}"
    over = sum(notice.state == RESOLVED for notice in one.notices)
    begun = len(one.notices) - over
    parts = [plural(begun, "alert")] if begun else []
    parts += [f"{over} resolved"] if over else []
    return f"told {one.channel.name}: {', '.join(parts)}"
