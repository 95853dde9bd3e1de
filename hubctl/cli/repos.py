"""`hubctl repos`: the repositories of the hub, listed and edited in canonical.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.engine.operations import Batch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """List, add, change and remove repositories.

    Edits touch only the lines they must: comments, order, quotes and line ends of canonical.yaml
    stay. Every edit is shown as a diff and is in the journal.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def list_repositories(hub_path: str | None, *, as_json: bool) -> int:
    """List the repositories."""
    from dataclasses import asdict

    from hubctl.cli.context import open_world
    from hubctl.cli.tables import print_json, print_table
    from hubctl.fleet.repositories import repositories

    found = repositories(open_world(hub_path))
    if as_json:
        print_json("hubctl/repositories", {"repositories": [asdict(row) for row in found]})
        return 0
    rows = [(r.name, r.path, r.language, ", ".join(r.profiles), r.state) for r in found]
    print_table(("NAME", "PATH", "LANGUAGE", "PROFILES", "STATE"), rows, empty="no repositories")
    return 0


@command.command()
@click.argument("path")
@click.option("--name", help="Default: the folder's name.")
@click.option("--language", help="Default: what its files tell.")
@click.option("--test-command", help="How its tests are run.")
@click.option("--profile", "profiles", multiple=True, help="May be given more than once.")
@click.option("--no-commit", is_flag=True, help="Local footprint only: nothing to commit there.")
@click.pass_obj
def add(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    path: str,
    *,
    name: str | None,
    language: str | None,
    test_command: str | None,
    profiles: tuple[str, ...],
    no_commit: bool,
) -> int:
    """Add the repository at PATH to canonical.yaml."""
    from hubctl.cli.context import absolute
    from hubctl.cli.recovery import open_settled
    from hubctl.cli.rewriting import rewrite_canonical
    from hubctl.config.edit_repositories import add_repository
    from hubctl.fleet.repositories import new_entry

    world = open_settled(hub_path)
    chosen, entry = new_entry(
        absolute(path), name, world.places.home, language, test_command, profiles
    )
    if no_commit:
        entry["commit"] = False
    data = add_repository(world.files.data, chosen, entry, file=world.files.path)
    return rewrite_canonical(world, data, f"repos add {chosen}", f"Run: hubctl plan {chosen}")


@command.command("set")
@click.argument("name")
@click.argument("key")
@click.argument("value")
@click.pass_obj
def set_key(hub_path: str | None, name: str, key: str, value: str) -> int:
    """Set KEY (dots lead deeper) of a repository to VALUE (YAML).

    Example: hubctl repos set api overrides.settings.model sonnet
    """
    from hubctl.cli.recovery import open_settled
    from hubctl.cli.rewriting import rewrite_canonical
    from hubctl.config.edit_repositories import set_repository
    from hubctl.fleet.repositories import parse_value

    world = open_settled(hub_path)
    path = tuple(key.split("."))
    data = set_repository(world.files.data, name, path, parse_value(value), file=world.files.path)
    return rewrite_canonical(world, data, f"repos set {name} {key}", f"Run: hubctl plan {name}")


@command.command()
@click.argument("name")
@click.option("--restore", is_flag=True, help="Give back what stood there before hubctl came.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(hub_path: str | None, name: str, *, restore: bool, yes: bool) -> int:
    """Let a repository go.

    Our markers, hooks and ledgers leave it; files and settings stay and keep working. With
    --restore what hubctl created there goes too, unless somebody edited it, and what it replaced
    comes back: byte for byte in files that nobody else wrote to since.
    """
    from hubctl.cli.consent import consent
    from hubctl.cli.recovery import open_settled
    from hubctl.cli.rewriting import rewrite_canonical
    from hubctl.config.edit_repositories import remove_repository
    from hubctl.errors import UsageError
    from hubctl.fleet.left_behind import departure, is_left_behind

    world = open_settled(hub_path)
    try:
        data = remove_repository(world.files.data, name, file=world.files.path)
    except UsageError:
        if not is_left_behind(world, name):
            raise
        data = world.files.data
    batches = departure(world, name, restore=restore)
    consent(f"Let {name} go?", yes=yes, show=lambda: _show_files(batches))
    return rewrite_canonical(world, data, f"repos remove {name}", "Undo: hubctl rollback", batches)


command.add_command(remove, "eject")  # the word that other tools have for it


def _show_files(batches: tuple[Batch, ...]) -> None:
    from hubctl.cli.context import say

    for batch in batches:
        say(f"  {operation.path}" for operation in batch.operations)
