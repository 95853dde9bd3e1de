"""`hubctl template`: newer templates for projects that were made of older ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.fleet.world import World
    from hubctl.scaffold.update import Updated

_FEW = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Templates of projects that `hubctl new` or copier made."""


@command.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--trust", is_flag=True, help="Let templates run programs of their own.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def update(
    hub_path: str | None, targets: tuple[str, ...], *, dry_run: bool, trust: bool, as_json: bool
) -> int:
    """Bring newer templates into repositories by a three-way update.

    Worked out in a copy of what is committed; what comes out without a conflict reaches the files,
    for you to look at and commit. A conflict is shown and changes nothing. A checkpoint is made
    first wherever files change.
    """
    from hubctl.cli.context import open_world
    from hubctl.cli.terminal import find_terminal, progress
    from hubctl.fleet.apply import writing
    from hubctl.model.address import HOST
    from hubctl.scaffold.update import State

    world = open_world(hub_path)
    names = [name for name in world.names(targets) if name != HOST]
    found: list[Updated] = []
    with writing(world), progress(find_terminal(), len(names), quiet=as_json) as step:
        _refresh(world)
        for name in names:
            target = world.compiler.locate(name).target
            if target is not None and target.common_dir:
                found.append(_update(name, target.root, dry_run=dry_run, trust=trust))
            step(name)
    _tell(found, as_json=as_json)
    if any(one.state is State.REFUSED for one in found):
        return 3
    return 4 if any(one.state is State.CONFLICT for one in found) else 0


def _refresh(world: World) -> None:
    """The shipped templates as repositories, each with the newest version."""
    from hubctl import __version__
    from hubctl.scaffold.sources import LANGUAGES, shipped_source

    for language in LANGUAGES:
        shipped_source(language, world.places, __version__)


def _update(name: str, root: str, *, dry_run: bool, trust: bool) -> Updated:
    from hubctl.scaffold.update import update as bring

    def keep() -> None:
        from hubctl.checkpoint.checkpoints import create
        from hubctl.system.clock import now
        from hubctl.system.files import RealFiles
        from hubctl.system.git_objects import GitObjects

        create(GitObjects(root), RealFiles(), "before template update", now())

    return bring(name, root, trust=trust, before_writing=None if dry_run else keep)


def _tell(found: Sequence[Updated], *, as_json: bool) -> None:
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_json, print_table
    from hubctl.output.cells import printable

    if as_json:
        print_json("hubctl/templates", {"repositories": [_as_json(one) for one in found]})
        return
    rows = [
        (one.name, one.state.value, one.before, one.after, one.message or _few(one.files))
        for one in found
    ]
    print_table(("NAME", "STATE", "HAD", "NEWEST", "WHAT"), rows, empty="no repositories here")
    for one in found:
        for path, lines in one.conflicts:
            write(f"\n{one.name}: {printable(path)} was changed on both sides:\n")
            write("".join(f"  {printable(line)}\n" for line in lines.splitlines()))
    if any(one.conflicts for one in found):
        write("\nNothing was changed there. Bring the files nearer to the template, commit, and\n")
        write("run this again; or run `copier update` in the checkout and resolve by hand.\n")


def _few(files: Sequence[str]) -> str:
    shown = ", ".join(files[:_FEW])
    return f"{shown} and {len(files) - _FEW} more" if len(files) > _FEW else shown


def _as_json(one: Updated) -> dict[str, object]:
    return {
        "name": one.name,
        "state": one.state.value,
        "before": one.before,
        "after": one.after,
        "files": [*one.files],
        "conflicts": [{"path": path, "lines": lines} for path, lines in one.conflicts],
        "message": one.message,
    }
