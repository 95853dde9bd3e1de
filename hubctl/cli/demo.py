"""`hubctl demo`: the whole of hubctl in one minute, in a world of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hubctl.demo import STEPS

if TYPE_CHECKING:
    from hubctl.cli.stage import Telling
    from hubctl.demo.world import DemoWorld


@click.command()
@click.option(
    "--keep/--no-keep",
    default=True,
    show_default=True,
    help="Leave the folder there, to look around in it.",
)
@click.option(
    "--dir", "folder", metavar="PATH", help="Build it in this new or empty folder, not in /tmp."
)
@click.option("--pause", is_flag=True, help="Wait for a key between the steps (on a terminal).")
@click.option(
    "--until",
    type=click.Choice(STEPS),
    default=STEPS[-1],
    metavar="STEP",
    help=f"Stop after this step, and leave things as they are then: {', '.join(STEPS)}.",
)
def command(*, keep: bool, folder: str | None, pause: bool, until: str) -> int:
    """Try everything in a small world of its own.

    Builds four git repositories, a hub and a private home folder in a temporary folder; then
    plans, applies, lets somebody interfere, reports the drift, repairs it and rolls back. Touches
    nothing of yours; needs git, but no network and no Claude Code.
    """
    from hubctl.cli.context import absolute
    from hubctl.cli.stage import telling
    from hubctl.demo.world import DemoWorld
    from hubctl.errors import HubctlError
    from hubctl.system.files import RealFiles
    from hubctl.system.private_home import make_private_home, remove_private_home

    tell = telling()
    home = make_private_home(absolute(folder) if folder else None, "hubctl-demo-")
    try:
        _play(DemoWorld(home=home, door=RealFiles(), look=tell.look()), tell, until, pause=pause)
    except HubctlError:
        keep = True  # whoever is to find out what went wrong needs it
        raise
    finally:
        if keep:
            tell.where(home)
        else:
            remove_private_home(home)
    return 0


def _play(world: DemoWorld, tell: Telling, until: str, *, pause: bool) -> None:
    from hubctl.demo.script import Opens, play

    for beat in play(world, until):
        if pause and isinstance(beat, Opens) and beat.number > 1:
            click.pause("  any key to go on\n")
        tell.beat(beat)
