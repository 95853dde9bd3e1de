"""`hubctl metrics status`: what the store holds, from whom, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.metrics.export.targets import Target
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
    from hubctl.cli.context import options, write
    from hubctl.cli.tables import print_table
    from hubctl.output.cells import printable

    rows = [_row(held) for held in found.held]
    print_table(("TABLE", "ROWS", "FIRST", "LAST"), rows, empty="", right=(1,))
    shown = options()
    lines = [f"{name:<11}{shown.sentence(printable(text))}" for name, text in _facts(found)]
    write("\n" + "".join(f"{line}\n" for line in lines))
    if found.targets:
        write("\n")
        targets = [_target(one) for one in found.targets]
        head = ("TARGET", "LAST TRY", "WAITING", "REFUSED", "LOST")
        print_table(head, targets, empty="", right=(2, 3, 4))
        failed = [_failed(one) for one in found.targets if one.problem]
        write("".join(f"{printable(text)}\n" for text in failed))
    notes = [
        f"{_moment(note.time)}  {shown.sentence(printable(note.text))}" for note in found.notes
    ]
    write("\n" + "".join(f"{note}\n" for note in notes) if notes else "")


def _facts(found: Status) -> Iterator[tuple[str, str]]:
    from hubctl.output.summary import plural

    yield "store", f"{found.path}, {found.size / 1e6:.1f} MB"
    read = [f"{source} ({plural(count, 'place')})" for source, count in found.sources.items()]
    yield "read", ", ".join(read) or "nothing yet"
    yield "telemetry", f"last heard {_moment(found.heard)}" if found.heard else "none"
    yield "prices", f"of {found.prices}; {plural(found.unpriced, 'answer')} without a known price"
    if found.damaged:
        yield "damaged", f"{plural(found.damaged, 'line')} of the spool, which were passed over"
    if found.behind:
        yield "behind", f"{found.behind} sessions and days are not added up yet"


def _target(one: Target) -> tuple[str, ...]:
    from hubctl.output.cells import printable

    counts = (f"{number:,}" for number in (one.waiting, one.refused, one.lost))
    return printable(one.target), _moment(one.time), *counts


def _failed(one: Target) -> str:
    times = "" if one.failures == 1 else f" {one.failures} times in a row"
    problem = one.problem.removeprefix(f"{one.target.partition(' ')[2]}: ")
    return f"{one.target} failed{times}: {problem}"


def _row(held: Held) -> tuple[str, ...]:
    return held.table, f"{held.rows:,}", _moment(held.first), _moment(held.last)


def _moment(time: int | None) -> str:
    """A moment in this machine's zone."""
    from datetime import UTC, datetime

    if time is None:
        return "-"
    return f"{datetime.fromtimestamp(time / 1e6, UTC).astimezone():%Y-%m-%d %H:%M}"
