"""`hubctl package`: the hub as a Claude Code plugin, for people without hubctl."""

from __future__ import annotations

import click


@click.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option("--profile", "profiles", multiple=True, help="Take it in too; more than once.")
@click.option("--all", "everything", is_flag=True, help="Also what runs hubctl itself.")
@click.option("--version", "version", default="", metavar="X.Y.Z", help="Default: by the content.")
@click.pass_obj
def command(
    hub_path: str | None,
    folder: str | None,
    profiles: tuple[str, ...],
    *,
    everything: bool,
    version: str,
) -> int:
    """Write commands, skills, agents and hooks as a plugin with its marketplace to DIR.

    In it is what `defaults`, the chosen profiles and `global` give. DIR (default: the hub's name
    and -plugin) is made, or brought up to date if an earlier run made it; nothing else is touched.
    The same hub gives the same bytes.
    """
    from hubctl.cli.context import absolute, open_world, say, write
    from hubctl.errors import UsageError
    from hubctl.model.semantic_version import read_version
    from hubctl.packaging.contents import contents_of
    from hubctl.packaging.hooks import hook_files
    from hubctl.packaging.manifests import package_files, plugin_name
    from hubctl.packaging.placing import place

    if version and read_version(version) is None:
        raise UsageError(f"{version!r} is no semantic version", hint="such as 1.2.0")
    world = open_world(hub_path)
    contents = contents_of(world, profiles, everything=everything)
    name = plugin_name(world.hub)
    hooks, without = hook_files(world, name, contents.hooks)
    plugin = {**contents.files, **hooks}
    say(f"left out: {one}" for one in (*contents.left_out, *without))
    if not plugin:
        raise UsageError(
            "there is nothing to package",
            hint="name commands, skills, agents or hooks under `defaults` or `global`; or --all",
        )
    root = absolute(folder or f"{name}-plugin")
    placed = place(world.door, root, world.hub, package_files(name, plugin, version))
    count = f"{len(placed.written)} written, {len(placed.removed)} removed"
    write(f"{root}\n")
    say([f"{count}. Next: claude plugin validate {root}"])
    return 0
