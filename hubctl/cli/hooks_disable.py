"""`hubctl hooks disable`: stop a hook from running, by an edit of canonical.yaml."""

from __future__ import annotations

import click


@click.command()
@click.argument("hook")
@click.argument("target", required=False, default="")
@click.pass_obj
def command(hub_path: str | None, hook: str, target: str) -> int:
    """Stop HOOK from running at TARGET, or everywhere.

    Its entries stay in canonical.yaml, with their options and `enabled: false`. Takes effect with
    the next apply. The edit is shown as a diff and is in the journal.
    """
    from hubctl.cli.hooks_switch import switch

    return switch(hub_path, hook, target, on=False)
