"""`hubctl checkpoint`: the files of a repository as they are now, kept and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.checkpoint.checkpoints import Checkpoint
    from hubctl.checkpoint.restore import Restored, Restoring
    from hubctl.system.git_objects import GitObjects

_FEW = 12

path_option = click.option(
    "--path", default=".", metavar="DIR", help="A folder of the repository. Default: this one."
)
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Keep the files of a repository, and bring them back exactly.

    A checkpoint holds tracked and untracked files, not ignored ones, as a hidden commit below
    refs/hubctl/checkpoints/. Branch, index, stash and HEAD are never touched. No hub is needed.
    """


@command.command()
@click.argument("reason", nargs=-1)
@path_option
@json_option
def create(reason: tuple[str, ...], path: str, *, as_json: bool) -> int:
    """Keep all files as they are now; REASON becomes part of the name."""
    from hubctl.checkpoint import checkpoints
    from hubctl.checkpoint.checkpoints import find
    from hubctl.cli.context import say, write
    from hubctl.cli.tables import print_json
    from hubctl.system.clock import now
    from hubctl.system.files import RealFiles

    store = _store(path)
    name, contents = checkpoints.create(store, RealFiles(), " ".join(reason), now())
    say(f"not in it: {left_out}" for left_out in contents.left_out)
    if as_json:
        made = [_as_json(find(store, name))]
        print_json("hubctl/checkpoints", {"checkpoints": made, "left_out": [*contents.left_out]})
    else:
        write(f"{name}\n")
        say([f"{_count(len(contents.entries))} kept. Run: hubctl checkpoint restore {name}"])
    return 0


@command.command("list")
@path_option
@json_option
def list_checkpoints(path: str, *, as_json: bool) -> int:
    """List the checkpoints, newest first."""
    from hubctl.checkpoint.checkpoints import checkpoints
    from hubctl.cli.tables import print_json, print_table

    found = checkpoints(_store(path))
    if as_json:
        print_json("hubctl/checkpoints", {"checkpoints": [_as_json(one) for one in found]})
        return 0
    rows = [(one.name, one.made, one.on[:7] or "-", one.text) for one in found]
    print_table(("NAME", "MADE (UTC)", "ON", "REASON"), rows, empty="no checkpoints yet")
    return 0


@command.command()
@click.argument("name", default="")
@path_option
@click.option("--diff", "as_diff", is_flag=True, help="The lines too.")
@json_option
def show(name: str, path: str, *, as_diff: bool, as_json: bool) -> int:
    """Show what restoring a checkpoint would change; without a NAME, the newest."""
    from hubctl.checkpoint.checkpoints import find
    from hubctl.checkpoint.restore import plan
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_json
    from hubctl.system.files import RealFiles

    store = _store(path)
    found = plan(store, RealFiles(), find(store, name))
    if as_json:
        paths = {"removed": [*found.removed], "written": [*found.written]}
        print_json("hubctl/checkpoints", {"checkpoints": [_as_json(found.checkpoint)], **paths})
        return 0
    write("\n".join(_told(found, every=True)) + "\n")
    if as_diff:
        # What is ignored now and was then stays, so it is no difference.
        stays = found.now.entries.keys() - found.then.entries.keys() - set(found.removed)
        now = {p: entry for p, entry in found.now.entries.items() if p not in stays}
        tree = store.keep_tree(now)
        write(store.difference(tree, found.checkpoint.reference.commit, ["-M"]))
    return 0


@command.command()
@click.argument("name", default="")
@path_option
@yes_option
@json_option
def restore(name: str, path: str, *, yes: bool, as_json: bool) -> int:
    """Bring all files back to a checkpoint; without a NAME, to the newest.

    What stands there now becomes a checkpoint first, so this can be undone. Ignored files stay, and
    so do branch, index, stash and HEAD.
    """
    from hubctl.checkpoint.checkpoints import find
    from hubctl.checkpoint.restore import plan
    from hubctl.checkpoint.restore import restore as bring_back
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say
    from hubctl.cli.terminal import find_terminal, progress
    from hubctl.system.clock import now
    from hubctl.system.files import RealFiles
    from hubctl.system.lock import writer_lock
    from hubctl.system.places import find_places

    store = _store(path)
    with writer_lock(f"{find_places().state}/checkpoint.lock"):
        found = plan(store, RealFiles(), find(store, name))
        if found.is_empty():
            say([f"Nothing to do: the files are as {found.checkpoint.name} has them."])
            return _print_restored(found, None, as_json=as_json)
        say(_told(found, every=False))
        consent(f"Restore {found.checkpoint.name}?", yes=yes)
        total = len(found.removed) + len(found.written)
        with progress(find_terminal(), total, quiet=as_json) as step:
            done = bring_back(store, RealFiles(), found, now(), step)
    return _print_restored(found, done, as_json=as_json)


def _print_restored(found: Restoring, done: Restored | None, *, as_json: bool) -> int:
    from hubctl.cli.context import say
    from hubctl.cli.tables import print_json

    moved = done.moved if done else ()
    if as_json:
        facts = {
            "checkpoints": [_as_json(found.checkpoint)],
            "removed": [*found.removed],
            "written": [*found.written],
            "moved": [*moved],
            "before": done.before if done else "",
        }
        print_json("hubctl/checkpoints", facts)
    elif done:
        say([f"{_count(done.changed)} changed. Undo: hubctl checkpoint restore {done.before}"])
    say(f"changed by somebody meanwhile, left alone: {path}" for path in moved)
    return 3 if moved else 0


@command.command()
@click.option("--keep", default=20, show_default=True, help="How many stay, newest first.")
@click.option(
    "--older-than", "days", type=float, metavar="DAYS", help="Only those older than this."
)
@path_option
@yes_option
@json_option
def prune(keep: int, days: float | None, path: str, *, yes: bool, as_json: bool) -> int:
    """Drop old checkpoints; git frees their space in its own time."""
    from hubctl.checkpoint.checkpoints import checkpoints, outdated
    from hubctl.cli.consent import consent
    from hubctl.cli.context import say
    from hubctl.cli.tables import print_json
    from hubctl.errors import UsageError
    from hubctl.system.clock import now

    if keep < 0 or (days is not None and days < 0):
        raise UsageError("--keep and --older-than take no negative numbers")
    store = _store(path)
    gone = outdated(checkpoints(store), keep=keep, days=days, now=now())
    if gone:
        say(f"  {one.name}" for one in gone)
        consent(f"Drop {len(gone)}?", yes=yes)
        for one in gone:
            store.drop_reference(one.reference)
    if as_json:
        print_json("hubctl/checkpoints", {"checkpoints": [_as_json(one) for one in gone]})
    else:
        say([f"{len(gone)} dropped." if gone else "Nothing to drop."])
    return 0


def _store(path: str) -> GitObjects:
    from hubctl.cli.context import absolute
    from hubctl.system.git_objects import GitObjects, top_folder

    return GitObjects(top_folder(absolute(path)))


def _as_json(one: Checkpoint) -> dict[str, object]:
    return {
        "name": one.name,
        "made": one.made,
        "reason": one.text,
        "on": one.on,
        "commit": one.reference.commit,
    }


def _told(found: Restoring, *, every: bool) -> list[str]:
    """What will change, a line each: `+` comes, `~` changes, `-` goes."""
    from hubctl.output.cells import printable

    added = frozenset(found.added)
    lines = [f"  {'+' if path in added else '~'} {printable(path)}" for path in found.written]
    lines += [f"  - {printable(path)}" for path in found.removed]
    shown = lines if every or len(lines) <= _FEW else [*lines[:_FEW], "  …"]
    counts = (len(added), len(found.written) - len(added), len(found.removed))
    total = "{} to come back, {} to change, {} to remove".format(*counts)
    return [f"{found.checkpoint.name}: {total}", *shown]


def _count(number: int) -> str:
    from hubctl.output.summary import plural

    return plural(number, "file")
