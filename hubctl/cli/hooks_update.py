"""`hubctl hooks update`: take the hooks of another version, after showing what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.release.changes import Changes
    from hubctl.release.content import Content
    from hubctl.release.source import UpdateSource

_MOST_LINES = 40


@click.command()
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="`hubctl`, a folder, git+https://…[@TAG], or https://….tar.gz#sha256=…. Default: where "
    "the release in use is from.",
)
@click.option(
    "--to", "wish", default="", metavar="VERSION", help="1.2.3, ^1.2, ~1.2 or >=1.2,<2 only."
)
@click.option("--check", is_flag=True, help="Only tell; exit 1 where something would change.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(hub_path: str | None, *, source: str | None, wish: str, check: bool, yes: bool) -> int:
    """Show what another version of the hooks changes, and switch to it.

    Sources are fetched over https, ssh or from this machine; an archive has to have the checksum
    that you name. A release that does not answer an event, or lacks a hook that is enabled here,
    is not switched to. `hubctl hooks rollback` goes back.
    """
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say
    from hubctl.cli.hooks_ground import ground
    from hubctl.release.changes import changes
    from hubctl.release.choose import update
    from hubctl.release.fetch import fetch
    from hubctl.release.installed import content_in_use

    on = ground(hub_path)
    now = content_in_use(on.places, on.door)
    asked = _source(source, now)
    content = fetch(asked, wish, on.door)
    found = changes(now, content)
    if not found.files and now is not None and now.origin == content.origin:
        say([f"nothing changes: {content.version} from {asked}"])
        return 0
    if not (source or wish) and _is_older(found):
        say([f"nothing to do: {asked} has {content.version}, {found.before} is in use"])
        return 0
    _show(found, asked)
    if check:
        return 1
    consent("Switch to these hooks?", yes=yes)
    done = update(content, on.places, on.interpreter, on.door, own=on.own)
    say([f"in use: {done.name} (before: {done.previous or 'none'})", "Undo: hubctl hooks rollback"])
    return 0


def _source(given: str | None, now: Content | None) -> UpdateSource:
    """The source that was named, else where the release in use is from, without its tag."""
    from dataclasses import replace

    from hubctl.cli.context import absolute
    from hubctl.release.interpreter import OURS
    from hubctl.release.source import read_source

    if given is None:
        return replace(read_source(now.origin if now else OURS), tag="")
    asked = read_source(given)
    plain = asked.kind == "folder" or (asked.kind == "archive" and "://" not in asked.place)
    return replace(asked, place=absolute(asked.place)) if plain else asked


def _is_older(found: Changes) -> bool:
    from hubctl.model.semantic_version import read_version

    before, after = read_version(found.before), read_version(found.after)
    return before is not None and after is not None and after.key < before.key


def _show(found: Changes, asked: UpdateSource) -> None:
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_table

    write(f"{found.before or 'nothing installed'} -> {found.after}  from {asked}\n\n")
    rows = [(one.path, one.what, f"+{one.more}", f"-{one.less}") for one in found.files]
    print_table(("FILE", "IS", "MORE", "LESS"), rows, empty="no file changes", right=(2, 3))
    if found.changelog:
        shown = found.changelog[:_MOST_LINES]
        more = len(found.changelog) - len(shown)
        write("\n" + "".join(f"{line}\n" for line in shown))
        write(f"… {more} more lines of the changelog\n" if more else "")
    write("\n")
