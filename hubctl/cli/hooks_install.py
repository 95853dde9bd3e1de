"""`hubctl hooks install`: put this hubctl's hooks in place, or repair them."""

from __future__ import annotations

import click


@click.command()
@click.pass_obj
def command(hub_path: str | None) -> int:
    """Install the hooks that travel with this hubctl, and switch to them.

    Repairs a release that is damaged or made for another interpreter; again does nothing. A release
    that an update or a rollback chose is let go of. `hubctl apply` installs what is missing itself.
    """
    from hubctl.cli.context import say
    from hubctl.cli.hooks_ground import ground
    from hubctl.release.choose import install

    on = ground(hub_path)
    done = install(on.places, on.interpreter, on.door, own=on.own)
    said = f"installed {done.name}" if done.changed else f"{done.name} is in use and whole"
    before = f" (before: {done.previous})" if done.changed and done.previous else ""
    say([said + before])
    return 0
