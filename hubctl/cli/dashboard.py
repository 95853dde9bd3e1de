"""`hubctl dashboard`: what is measured and how the hub stands, as a page on this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.dashboard.visits import Visits

_REFRESH_SECONDS = 10.0
_WATCHED_SECONDS = 60.0
_IDLE_MINUTES = 60.0


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port on 127.0.0.1. Default: a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option(
    "--detach", is_flag=True, help="Leave it running, or tell the address of the one that runs."
)
@click.option("--stop", is_flag=True, help="End the one that was left running.")
@click.option(
    "--idle",
    type=click.FloatRange(min=0.005),
    metavar="MINUTES",
    help=f"End after so long without a visitor. Default: never; detached {_IDLE_MINUTES:g}.",
)
@click.option(
    "--for", "seconds", type=click.FloatRange(min=0.1), metavar="SECONDS", help="End after so long."
)
@click.option("--resident", is_flag=True, hidden=True, help="What --detach starts.")
@click.pass_obj
def command(  # noqa: PLR0913 - one a flag
    hub_path: str | None,
    *,
    port: int,
    opens: bool,
    detach: bool,
    stop: bool,
    idle: float | None,
    seconds: float | None,
    resident: bool,
) -> int:
    """Show a live page: sessions, cost, tools, hooks, context, agents, drift, health, timers.

    Listens to this machine alone, and only reads. The printed address holds a token; without it
    nobody gets in. Ends at Control-C; with --detach it stays, and ends at --stop, when nobody
    looks any more, or when its record in the state folder is removed.
    """
    if stop:
        return _stop(hub_path)
    if detach:
        return _detach(hub_path, port, idle, seconds, opens=opens)
    return _serve(hub_path, port, idle, seconds, opens=opens, stays=resident)


def _record(hub_path: str | None) -> str:
    """Where a dashboard that stays is written down: one a hub, or one where there is none.

    By the path of canonical.yaml alone: one that was broken since must not hide it.
    """
    from hubctl.cli.context import open_world
    from hubctl.errors import HubctlError
    from hubctl.model.hashing import hash_text
    from hubctl.system.places import find_places

    try:
        path = open_world(hub_path).files.path
    except HubctlError:
        path = ""
    return f"{find_places().state}/dashboard-{hash_text(path)[-12:]}.json"


def _stop(hub_path: str | None) -> int:
    from hubctl.cli.context import say
    from hubctl.system.resident import stop

    ended = stop(_record(hub_path))
    say(["The dashboard has ended." if ended else "No dashboard was left running."])
    return 0


def _detach(
    hub_path: str | None, port: int, idle: float | None, seconds: float | None, *, opens: bool
) -> int:
    from hubctl.cli.context import say, write
    from hubctl.errors import OperationError
    from hubctl.system.private_home import own_program
    from hubctl.system.resident import find, start

    record, minutes = _record(hub_path), idle or _IDLE_MINUTES
    options = [f"--port={port}", f"--idle={minutes}", *([f"--for={seconds}"] if seconds else [])]
    hub = [f"--hub={hub_path}"] if hub_path else []
    living = find(record)
    told = "It runs already and was left as it is"
    if living is None:
        try:
            address = start([*own_program(), *hub, "dashboard", "--resident", *options])
            told = f"It ends by itself {minutes:g} minutes after the last visit"
        except OperationError:
            living = find(record)  # somebody else started one in the same moment
            if living is None:
                raise
    if living is not None:
        address = living.address
    write(address + "\n")
    sys.stdout.flush()
    say([f"{told}; `hubctl dashboard --stop` ends it now."])
    if opens:
        click.launch(address)
    return 0


def _serve(  # noqa: PLR0913 - one a flag
    hub_path: str | None,
    port: int,
    idle: float | None,
    seconds: float | None,
    *,
    opens: bool,
    stays: bool,
) -> int:
    from contextlib import ExitStack

    from hubctl.cli.context import open_world, say, write
    from hubctl.dashboard.app import dashboard
    from hubctl.dashboard.board import Board
    from hubctl.dashboard.visits import Visits
    from hubctl.system.loopback import HOST, listen
    from hubctl.system.places import find_places
    from hubctl.system.resident import let_go, residing
    from hubctl.system.serving import every, new_token, serve_asgi

    token, visits = new_token(), Visits()
    board = Board(find_places(), lambda: open_world(hub_path))
    with listen(port) as listening, ExitStack() as stack:
        address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
        wanted: Callable[[], bool] = lambda: True  # noqa: E731 - one of two
        if stays:
            wanted = stack.enter_context(residing(_record(hub_path), address))
        write(address + "\n")
        sys.stdout.flush()
        if stays:
            let_go()
        else:
            say(["Control-C ends it."])
        if opens:
            click.launch(address)
        stack.enter_context(every(_REFRESH_SECONDS, lambda: _refresh(hub_path, visits, wanted)))
        ended = _ended(visits, wanted, idle, seconds)
        serve_asgi(dashboard(board, token, visits), listening, ended=ended)
    return 0


def _ended(
    visits: Visits, wanted: Callable[[], bool], idle: float | None, seconds: float | None
) -> Callable[[], bool]:
    from hubctl.system.serving import deadline

    over = deadline(seconds) if seconds else lambda: False
    longest = idle * 60 if idle else float("inf")
    return lambda: over() or not wanted() or visits.quiet_seconds() > longest


def _refresh(hub_path: str | None, visits: Visits, wanted: Callable[[], bool]) -> None:
    """Bring the store up to date while somebody looks; a problem shows in the page's health."""
    from hubctl.cli.measuring import wanted as measured
    from hubctl.errors import HubctlError
    from hubctl.metrics.refresh import Wanted, refresh
    from hubctl.system.places import find_places

    if visits.quiet_seconds() > _WATCHED_SECONDS or not wanted():
        return
    try:
        hub = measured(hub_path)
    except HubctlError:
        hub = Wanted()
    refresh(find_places(), hub)
