"""`hubctl collect`: receive the client's telemetry on this machine, until stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.prices import Prices
    from hubctl.metrics.refresh import Wanted


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port on 127.0.0.1. Default: `metrics.port` of canonical.yaml, else 4318.",
)
@click.option(
    "--idle",
    type=click.FloatRange(min=0),
    help="End after so many seconds without a connection; 0 for never. Default: 300 where a"
    " service manager handed over its socket and starts it anew with the next, else 0.",
)
@click.pass_obj
def command(hub_path: str | None, *, port: int | None, idle: float | None) -> int:
    """Receive what the client exports (OTLP over HTTP as JSON) into the store.

    Listens to this machine alone. `metrics.telemetry: true` in canonical.yaml renders a socket that
    starts it, and the variables that make the client export. `/metrics` tells the counters to a
    Prometheus on this machine. Ends at SIGTERM or Control-C.
    """
    from hubctl.cli.context import say
    from hubctl.metrics.collect import IDLE_SECONDS, PORT, Surroundings, collect
    from hubctl.metrics.export.prometheus import page
    from hubctl.metrics.store import metrics_path
    from hubctl.system.loopback import HOST, is_handed_over, listen
    from hubctl.system.loopback_service import Times
    from hubctl.system.places import find_places

    hub = _wanted(hub_path, needed=port is None and not is_handed_over())
    around = Surroundings(
        prices=lambda: _prices(hub_path),
        say=lambda text: say([text]),
        pages={"/metrics": page},
    )
    if idle is None:
        idle = IDLE_SECONDS if is_handed_over() else 0.0
    with listen(port or hub.port or PORT) as listening:
        say([f"listening on http://{HOST}:{listening.getsockname()[1]}"])
        done = collect(metrics_path(find_places()), listening, around, times=Times(idle=idle))
    return 3 if done.problem else 0


def _prices(hub_path: str | None) -> Prices:
    from hubctl.metrics.prices import prices

    return prices(_wanted(hub_path, needed=False).prices)


def _wanted(hub_path: str | None, *, needed: bool) -> Wanted:
    """What the hub says; where it is not needed a broken hub is told, and no reason to end."""
    from hubctl.cli.context import say
    from hubctl.cli.measuring import wanted
    from hubctl.errors import HubctlError
    from hubctl.metrics.refresh import Wanted

    try:
        return wanted(hub_path)
    except HubctlError as error:
        if needed:
            raise
        say([f"list prices are used, those of canonical.yaml cannot be read: {error.message}"])
        return Wanted()
