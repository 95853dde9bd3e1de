"""`hubctl collect`: receive the client's telemetry on this machine, until stopped."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port on 127.0.0.1. Default: `metrics.port` of canonical.yaml, else 4318.",
)
@click.pass_obj
def command(hub_path: str | None, *, port: int | None) -> int:
    """Receive what the client exports (OTLP over HTTP as JSON) into the store.

    Listens to this machine alone. `metrics.telemetry: true` in canonical.yaml renders a service
    that runs it, and the variables that make the client export. `/metrics` tells the counters to a
    Prometheus on this machine. Ends at SIGTERM or Control-C.
    """
    from hubctl.cli.context import say
    from hubctl.cli.measuring import wanted
    from hubctl.metrics.collect import PORT, collect
    from hubctl.metrics.prices import prices
    from hubctl.metrics.prometheus import page
    from hubctl.metrics.store import metrics_path
    from hubctl.system.loopback import HOST, listen
    from hubctl.system.places import find_places

    hub = wanted(hub_path)
    with listen(port or hub.port or PORT) as listening:
        say([f"listening on http://{HOST}:{listening.getsockname()[1]}"])
        pages = {"/metrics": page}
        done = collect(metrics_path(find_places()), listening, prices(hub.prices), pages)
    return 3 if done.problem else 0
