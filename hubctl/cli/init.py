"""`hubctl init`: a new hub in an empty folder, if wanted from the repositories below another."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.adopt.adoption import Proposal

SCHEMA = "schemas/canonical.schema.json"
ITS_ID = '"$id": "hubctl:canonical"'
SCANNED = """\
# yaml-language-server: $schema=./canonical.schema.json
# The one source of truth. `hubctl plan` shows what would change, `hubctl apply` makes it so.
hub:
  name: {name}
"""


@click.command()
@click.argument("folder", default=".")
@click.option("--name", help="Name of the hub. Default: the folder's name.")
@click.option(
    "--scan",
    metavar="DIR",
    help="Adopt all git repositories below DIR; what they share becomes profiles.",
)
@click.option("--dry-run", is_flag=True, help="With --scan: show the proposal, write nothing.")
@click.option("-y", "--yes", is_flag=True, help="With --scan: do not ask.")
@click.option(
    "--schema", is_flag=True, help="Only renew the schema that editors use, in a hub there is."
)
def command(  # noqa: PLR0913 - one parameter per option
    folder: str, *, name: str | None, scan: str | None, dry_run: bool, yes: bool, schema: bool
) -> int:
    """Make a new hub in FOLDER: a commented canonical.yaml, its schema and a .gitignore.

    Writes nothing over what is there already, and nothing into any repository.
    """
    from hubctl.cli.context import absolute, say
    from hubctl.errors import UsageError
    from hubctl.system.data import read_data
    from hubctl.system.exchange import create_files

    place = os.path.abspath(absolute(folder))
    if schema:
        return _renew_schema(place)
    chosen = _name(name, place)
    if scan is not None:
        return _scan(place, chosen, absolute(scan), dry_run=dry_run, yes=yes)
    if dry_run or yes:
        raise UsageError("--dry-run and --yes go with --scan")
    template = read_data("templates/hub/canonical.yaml").decode()
    create_files(place, _files(template.replace("HUB_NAME", chosen)))
    say(
        [
            f"a new hub: {place}/canonical.yaml",
            "Next: hubctl repos add PATH, then hubctl plan",
        ]
    )
    return 0


def _renew_schema(place: str) -> int:
    from hubctl.cli.context import say
    from hubctl.errors import UsageError
    from hubctl.fleet.hub import CANONICAL, SCHEMA_COPY
    from hubctl.system.data import read_data
    from hubctl.system.exchange import write_page

    if not os.path.isfile(f"{place}/{CANONICAL}"):
        raise UsageError(f"there is no hub in {place}", hint="`hubctl init` makes one")
    text = read_data(SCHEMA).decode()
    write_page(f"{place}/{SCHEMA_COPY}", text, over=text[: text.index(ITS_ID) + len(ITS_ID)])
    say([f"renewed: {place}/{SCHEMA_COPY}"])
    return 0


def _files(canonical: str) -> dict[str, str]:
    from hubctl.system.data import read_data

    return {
        "canonical.yaml": canonical,
        "canonical.schema.json": read_data(SCHEMA).decode(),
        ".gitignore": read_data("templates/hub/gitignore").decode(),
    }


def _scan(place: str, name: str, folder: str, *, dry_run: bool, yes: bool) -> int:
    from hubctl.cli.context import say, write
    from hubctl.cli.findings import print_findings

    proposal = _proposal(place, name, folder)
    print_findings(proposal.findings)
    if dry_run or not yes:
        write(proposal.data.decode("utf-8", "replace"))
    say(_measured(proposal))
    if dry_run:
        say(["nothing was written"])
        return 0
    if not yes:
        _ask(place)
    _create(place, proposal)
    say([f"a new hub: {place}/canonical.yaml", "No repository was touched. Next: hubctl plan"])
    return 0


def _proposal(place: str, name: str, folder: str) -> Proposal:
    from hubctl.adopt.adoption import manager_of, propose
    from hubctl.adopt.scanning import find_repositories, names_for
    from hubctl.cli.context import say
    from hubctl.errors import UsageError
    from hubctl.fleet.hub import HubFiles
    from hubctl.fleet.world import World
    from hubctl.system.clock import today
    from hubctl.system.files import RealFiles
    from hubctl.system.places import find_places

    door = RealFiles()
    data = SCANNED.format(name=name).encode()
    files = HubFiles(path=f"{place}/canonical.yaml", data=data, local=None)
    world = World(files, find_places(), door, today())
    below = [path for path in find_repositories(folder, door) if path != os.path.realpath(place)]
    managers = {path: manager_of(world, path) for path in below}
    say(f"left out: {path}: the hub {hub!r} manages it" for path, hub in managers.items() if hub)
    found = [path for path, hub in managers.items() if not hub]
    if not found:
        raise UsageError(f"there is no git repository below {folder} that no hub manages")
    return propose(world, found, names_for(found), share=True)


def _measured(proposal: Proposal) -> list[str]:
    from hubctl.adopt.scanning import measure

    found = measure(proposal)
    share = f" ({found.lines * 100 // found.replaced} %)" if found.replaced else ""
    return [
        f"{found.repositories} repositories: {found.lines} lines of canonical.yaml say what "
        f"{found.replaced} lines in {found.files} files say{share}"
    ]


def _ask(place: str) -> None:
    from hubctl.cli.consent import consent

    consent(
        f"Write this to {place}/canonical.yaml?",
        hint="add --yes, or look with --dry-run",
        refusal="nothing was written",
    )


def _create(place: str, proposal: Proposal) -> None:
    from hubctl.adopt.recording import recording
    from hubctl.cli.context import open_world
    from hubctl.fleet.apply import writing
    from hubctl.fleet.canonical_edit import rewrite
    from hubctl.system.exchange import create_files

    create_files(place, _files(proposal.data.decode()))
    world = open_world(place)
    with writing(world):
        batches = [recording(world, plan) for plan in proposal.plans]
        rewrite(world, world.files.data, "init --scan", batches)


def _name(given: str | None, place: str) -> str:
    from hubctl.errors import UsageError
    from hubctl.fleet.hub import hub_name
    from hubctl.model.address import TARGET_NAME

    if given is not None and not TARGET_NAME.match(given):
        raise UsageError(
            f"not a name for a hub: {given!r}", hint="use lower case letters, digits, `-` and `_`"
        )
    return given or hub_name({}, place)
