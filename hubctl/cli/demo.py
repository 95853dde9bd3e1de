"""`hubctl demo`: the whole of hubctl in one minute, in a world of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hubctl.demo import STEPS

if TYPE_CHECKING:
    from hubctl.cli.stage import Telling
    from hubctl.demo.script import Leaves
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
    plans, applies, lets somebody interfere, reports the drift, repairs it, rolls back, and leaves a
    dashboard of four weeks of made-up sessions that ends by itself. Touches nothing of yours; needs
    git, but no network and no Claude Code.
    """
    from hubctl.cli.context import absolute
    from hubctl.cli.stage import telling
    from hubctl.demo.world import DemoWorld
    from hubctl.errors import HubctlError
    from hubctl.system.files import RealFiles
    from hubctl.system.private_home import make_private_home, remove_private_home

    tell = telling()
    left = None
    home = make_private_home(absolute(folder) if folder else None, "hubctl-demo-")
    try:
        world = DemoWorld(home=home, door=RealFiles(), look=tell.look())
        left = _play(world, tell, until, pause=pause, stays=keep)
    except HubctlError:
        keep = True  # whoever is to find out what went wrong needs it
        raise
    finally:
        if keep:
            tell.where(home, left)
        else:
            remove_private_home(home)
    return 0


def _play(
    world: DemoWorld, tell: Telling, until: str, *, pause: bool, stays: bool
) -> Leaves | None:
    from hubctl.demo.script import Leaves, Opens, play

    left = None
    for beat in play(world, until, stays=stays):
        if pause and isinstance(beat, Opens) and beat.number > 1:
            click.pause("  any key to go on\n")
        if isinstance(beat, Leaves):
            left = beat
        else:
            tell.beat(beat)
    return left
