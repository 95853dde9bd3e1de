"""`hubctl hooks verify`: prove that the hooks in use are the ones that were installed."""

from __future__ import annotations

import click

from hubctl.cli.options import FORMATS


@click.command()
@click.option("--quick", is_flag=True, help="Sizes, modes and times only, as at a session's start.")
@click.option("--all", "everything", is_flag=True, help="Every release that is kept.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the report is written.",
)
@click.option("--json", "format_name", flag_value="json", help="Same as --format json.")
@click.pass_obj
def command(hub_path: str | None, *, quick: bool, everything: bool, format_name: str) -> int:
    """Compare every byte of the hooks in use with their manifest, and that with hubctl's record.

    Exits 0 where nothing differs and 1 where something does. Reads only.
    """
    from hubctl.cli.context import say
    from hubctl.cli.hooks_ground import tell_findings
    from hubctl.release.verify import current_name, verify, verify_all
    from hubctl.system.files import RealFiles
    from hubctl.system.places import find_places

    del hub_path  # a release belongs to the account, not to a hub
    places, door = find_places(), RealFiles()
    found = verify_all(places, door) if everything else verify(places, door, full=not quick)
    if format_name == "text" and not found:
        what = "every size, mode and time is" if quick else "every byte is"
        say([f"hooks {current_name(places, door)}: {what} as it was installed"])
        return 0
    return tell_findings("hooks verify", found, format_name)
