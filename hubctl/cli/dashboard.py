"""`hubctl dashboard`: what is measured and how the hub stands, as a page on this machine."""

from __future__ import annotations

import sys

import click

_REFRESH_SECONDS = 10.0


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on 127.0.0.1. Default: a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option(
    "--for", "seconds", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End after so long."
)
@click.pass_obj
def command(hub_path: str | None, *, port: int, opens: bool, seconds: float | None) -> int:
    """Show a live page: sessions, cost, tools, hooks, context, agents, drift, health, timers.

    Listens to this machine alone. The printed address holds a token; without it nobody gets in.
    Ends at Control-C.
    """
    from hubctl.cli.context import open_world, say, write
    from hubctl.dashboard.app import dashboard
    from hubctl.dashboard.board import Board
    from hubctl.system.loopback import HOST, listen
    from hubctl.system.places import find_places
    from hubctl.system.serving import every, new_token, serve_asgi

    token = new_token()
    board = Board(find_places(), lambda: open_world(hub_path))
    with listen(port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
        write(address + "\n")
        sys.stdout.flush()
        say(["Control-C ends it."])
        if opens:
            click.launch(address)
        with every(_REFRESH_SECONDS, lambda: _read_what_is_new(hub_path)):
            serve_asgi(dashboard(board, token), listening, seconds=seconds)
    return 0


def _read_what_is_new(hub_path: str | None) -> None:
    """Bring the store up to date; a problem shows in the page's health, not here."""
    from hubctl.cli.measuring import wanted
    from hubctl.errors import HubctlError
    from hubctl.metrics.refresh import Wanted, refresh
    from hubctl.system.places import find_places

    try:
        hub = wanted(hub_path)
    except HubctlError:
        hub = Wanted()
    refresh(find_places(), hub)
