"""`hubctl metrics status`: what the store holds, from whom, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.metrics.status import Held, Status


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, *, as_json: bool) -> int:
    """Tell what is held, how fresh it is, and whether anything was damaged.

    Exits 3 where what is new cannot be read into the store.
    """
    from hubctl.cli.measuring import bring_up_to_date, measured
    from hubctl.metrics.status import status

    done = bring_up_to_date(hub_path)
    with measured(hub_path, fresh=False) as store:
        found = status(store)
    if as_json:
        _print_json(found, done.problem)
    else:
        _print(found)
    return 3 if done.problem else 0


def _print_json(found: Status, problem: str) -> None:
    from dataclasses import asdict

    from hubctl.cli.tables import print_json

    print_json("hubctl/metrics-status", {**asdict(found), "problem": problem})


def _print(found: Status) -> None:
    from hubctl.cli.context import write
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    rows = [_row(held) for held in found.held]
    print_table(("TABLE", "ROWS", "FIRST", "LAST"), rows, empty="", right=(1,))
    lines = [f"{found.path}: {found.size / 1e6:.1f} MB"]
    for source, count in found.sources.items():
        lines.append(f"read: {source}, {count} files")
    lines.append(f"telemetry: {'last heard ' + _moment(found.heard) if found.heard else 'none'}")
    lines.append(f"prices of {found.prices}; {found.unpriced} answers without a known price")
    for one in found.targets:
        went = one.problem or "everything was sent"
        left = f"{one.waiting} rows wait, {one.refused} were refused"
        lines.append(f"to {one.target}: {_moment(one.time)} {went}; {left}")
    if found.damaged:
        lines.append(f"{found.damaged} damaged lines of the spool were passed over")
    if found.behind:
        lines.append(f"{found.behind} sessions and days are not added up yet")
    lines += [f"{_moment(note.time)} {note.text}" for note in found.notes]
    write("\n" + "".join(f"{printable(line)}\n" for line in lines))


def _row(held: Held) -> tuple[str, ...]:
    return held.table, str(held.rows), _moment(held.first), _moment(held.last)


def _moment(time: int | None) -> str:
    """A moment in this machine's zone."""
    from datetime import UTC, datetime

    if time is None:
        return "-"
    return f"{datetime.fromtimestamp(time / 1e6, UTC).astimezone():%Y-%m-%d %H:%M}"
