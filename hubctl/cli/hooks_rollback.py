"""`hubctl hooks rollback`: go back to a release that is still kept."""

from __future__ import annotations

import click


@click.command()
@click.argument("release", required=False, default="")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(hub_path: str | None, release: str, *, yes: bool) -> int:
    """Switch to an older RELEASE of the hooks; without a name, to the one before.

    It is checked byte for byte first, and stands in its own folder: what comes back are the very
    bytes and modes. `hubctl apply` keeps it until `hubctl hooks install` or `update`.
    """
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say
    from hubctl.release.choose import older_release, roll_back
    from hubctl.system.files import RealFiles
    from hubctl.system.places import find_places

    del hub_path  # a release belongs to the account, not to a hub
    places, door = find_places(), RealFiles()
    name = older_release(places, door, release)
    consent(f"Switch to the hooks {name}?", yes=yes)
    done = roll_back(places, door, name=name)
    say([f"in use: {done.name} (before: {done.previous or 'none'})"])
    return 0
