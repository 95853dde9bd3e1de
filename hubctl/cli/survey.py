"""`hubctl survey`: one question, one key stroke, kept in the store for `report space`."""

from __future__ import annotations

import click

_QUESTION = "How do you find the work with Claude Code today? 1 (bad) to 5 (very good): "


@click.command()
@click.argument("answer", type=click.IntRange(1, 5), required=False, metavar="[1-5]")
@click.pass_obj
def command(hub_path: str | None, *, answer: int | None) -> int:
    """Ask how you find the work: one key from 1 to 5. Any other key keeps nothing.

    The answer stays on this machine; `hubctl report space` tells the mean.
    """
    from hubctl.cli.context import say
    from hubctl.cli.measuring import wanted
    from hubctl.cli.terminal import find_terminal
    from hubctl.errors import UsageError

    _ = wanted(hub_path)
    if answer is None and not find_terminal().out:
        raise UsageError("nobody can press a key here", hint="hubctl survey 4")
    answer = answer or _ask()
    if answer is None:
        say(["nothing was kept"])
        return 0
    _keep(answer)
    say(["kept; thank you"])
    return 0


def _ask() -> int | None:
    click.echo(_QUESTION, nl=False)
    key = click.getchar()
    click.echo(key if key.isprintable() else "")
    return int(key) if key in ("1", "2", "3", "4", "5") else None


def _keep(answer: int) -> None:
    from hubctl.cli.figures import now
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.places import find_places

    moment = now()
    with open_store(metrics_path(find_places()), write=True) as store, store.batch() as batch:
        table = store.schema.table("claude_events")
        row: dict[str, str | float] = {
            "time": moment,
            "source": "survey",
            "event": f"survey:{moment}",
            "kind": "survey",
            "value": float(answer),
        }
        batch.put(table, [table.row({**row})])
        batch.roll_up()
