"""`hubctl hooks enable`: let a hook run, by an edit of canonical.yaml."""

from __future__ import annotations

import click


@click.command()
@click.argument("hook")
@click.argument("target", required=False, default="")
@click.pass_obj
def command(hub_path: str | None, hook: str, target: str) -> int:
    """Let HOOK run at TARGET, or wherever canonical.yaml lists it.

    Entries that are switched off come back with their options. A hook that no line lists yet is
    added for every event that it is for. The edit is shown as a diff and is in the journal.
    """
    from hubctl.cli.hooks_switch import switch

    return switch(hub_path, hook, target, on=True)
