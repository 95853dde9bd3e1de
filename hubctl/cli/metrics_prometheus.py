"""`hubctl metrics prometheus`: the counters for Prometheus, for a node exporter or to look at."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "-o",
    "--output",
    "path",
    metavar="FILE",
    help="Write them there, whole or not at all, readable by everybody: a file ending in .prom in "
    "a node exporter's text file folder. Without it they go to stdout.",
)
@click.pass_obj
def command(hub_path: str | None, *, path: str | None) -> int:
    """Tell the counters of what was measured in Prometheus' text format.

    The same text as `/metrics` of `hubctl collect`.
    """
    from hubctl.cli.context import absolute
    from hubctl.cli.measuring import measured
    from hubctl.metrics.export.prometheus import text
    from hubctl.system.clock import nanoseconds
    from hubctl.system.export_files import write_stdout
    from hubctl.system.published import publish

    with measured(hub_path) as store:
        told = text(store, nanoseconds() // 1000).encode()
    if path:
        publish(absolute(path), told)
    else:
        write_stdout((told,))
    return 0
