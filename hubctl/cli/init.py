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
    from hubctl.errors import OperationError, UsageError
    from hubctl.system.data import read_data

    place = os.path.abspath(absolute(folder))
    template = read_data("templates/hub/canonical.yaml").decode()
    files = {
        "canonical.yaml": template.replace("HUB_NAME", _name(name, place)),
        "canonical.schema.json": read_data("schemas/canonical.schema.json").decode(),
        ".gitignore": read_data("templates/hub/gitignore").decode(),
    }
    for file in files:
        if os.path.lexists(f"{place}/{file}"):
            hint = "it is a hub already" if file == "canonical.yaml" else "start in an empty folder"
            raise UsageError(f"{place}/{file} exists", hint=hint)
    try:
        os.makedirs(place, exist_ok=True)
        for file, text in files.items():
            with open(f"{place}/{file}", "x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        raise OperationError(f"cannot make a hub in {place}: {error.strerror}") from error
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
