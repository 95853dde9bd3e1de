"""`hubctl init`: a new hub in an empty folder."""

from __future__ import annotations

import os

import click


@click.command()
@click.argument("folder", default=".")
@click.option("--name", help="Name of the hub. Default: the folder's name.")
def command(folder: str, *, name: str | None) -> int:
    """Make a new hub in FOLDER: a commented canonical.yaml, its schema and a .gitignore.

    Writes nothing over what is there already.
    """
    from hubctl.cli.context import absolute, say
    from hubctl.system.data import read_data
    from hubctl.system.exchange import create_files

    place = os.path.abspath(absolute(folder))
    template = read_data("templates/hub/canonical.yaml").decode()
    files = {
        "canonical.yaml": template.replace("HUB_NAME", _name(name, place)),
        "canonical.schema.json": read_data("schemas/canonical.schema.json").decode(),
        ".gitignore": read_data("templates/hub/gitignore").decode(),
    }
    create_files(place, files)
    say(
        [
            f"a new hub: {place}/canonical.yaml",
            "Next: hubctl repos add PATH, then hubctl plan",
        ]
    )
    return 0


def _name(given: str | None, place: str) -> str:
    from hubctl.errors import UsageError
    from hubctl.fleet.hub import hub_name
    from hubctl.model.address import TARGET_NAME

    if given is not None and not TARGET_NAME.match(given):
        raise UsageError(
            f"not a name for a hub: {given!r}", hint="use lower case letters, digits, `-` and `_`"
        )
    return given or hub_name({}, place)
