"""`hubctl metrics refresh`: read what is new into the store."""

from __future__ import annotations

import click


@click.command()
@click.pass_obj
def command(hub_path: str | None) -> int:
    """Read what is new in the spool, the transcripts and git.

    Other commands do it by themselves; a timer may call this one. Exits 3 where it is not possible.
    """
    from hubctl.cli.context import write
    from hubctl.cli.measuring import bring_up_to_date

    done = bring_up_to_date(hub_path)
    if done.problem:
        return 3
    write(f"{done.lines} lines of transcripts and {done.records} records of hooks were new\n")
    return 0
