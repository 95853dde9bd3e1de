"""`hubctl metrics export`: tables as files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.metrics.export.files import Selection
    from hubctl.metrics.schema import Table

FORMATS = ("csv", "json", "parquet")
_SERIES = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _names(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[click.shell_completion.CompletionItem]:
    from hubctl.metrics.schema import schema

    names = [table.name for table in schema().tables if table.name.startswith(incomplete)]
    return [click.shell_completion.CompletionItem(name) for name in names]


@click.command()
@click.argument("tables", nargs=-1, metavar="[TABLE]...", shell_complete=_names)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help="How they are written; json is one object a line.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    help="Folder for one file a table. Without it one table goes to stdout.",
)
@click.option("--since", default="", metavar="DAY", help="Rows from this day on, as in 2026-01-31.")
@click.option("--until", default="", metavar="DAY", help="Rows up to this day.")
@click.option(
    "--series",
    metavar="NAME",
    help="Only what changed since the last export of this name, as the next file of each table. A "
    "row that changed comes again: of rows of the same keys the last one stands.",
)
@click.option("--no-refresh", "stale", is_flag=True, help="Do not read first what is new.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter per option
    hub_path: str | None,
    *,
    tables: tuple[str, ...],
    format_name: str,
    folder: str | None,
    since: str,
    until: str,
    series: str | None,
    stale: bool,
) -> int:
    """Write tables as CSV, JSON lines or Parquet; all of them where none is named.

    Columns are those of the reference, the machine's name in front; times in UTC. Each file is
    whole or not there, and tells one state of the store. In CSV null is empty, and a text that a
    spreadsheet would run has an apostrophe in front.
    """
    from hubctl.cli.context import absolute
    from hubctl.cli.measuring import bring_up_to_date
    from hubctl.errors import UsageError

    chosen = _tables(tables)
    if not folder and (len(tables) != 1 or format_name == "parquet" or series):
        raise UsageError("several tables, Parquet and series need a folder", hint="-o DIR")
    if series is not None and (since or until or not _SERIES.fullmatch(series)):
        raise UsageError(
            "a series has a name of letters, digits, '.', '_' and '-', and goes on where it ended",
            hint="--series nightly, without --since and --until",
        )
    selection = _selection(since, until)
    if not stale:
        bring_up_to_date(hub_path)
    if series is not None:
        return _write_series(series, chosen, format_name, absolute(folder or ""))
    if folder:
        return _write_files(chosen, format_name, absolute(folder), selection)
    return _write_out(chosen[0], format_name, selection)


def _tables(names: Sequence[str]) -> list[Table]:
    from hubctl.errors import UsageError
    from hubctl.metrics.schema import schema

    known = {table.name: table for table in schema().tables}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no table {name!r}", hint=f"tables: {', '.join(known)}")
    return [known[name] for name in names or known]


def _selection(since: str, until: str) -> Selection:
    from hubctl.errors import UsageError
    from hubctl.metrics.days import bounds
    from hubctl.metrics.export.files import Selection
    from hubctl.reports.periods import parse_day

    first = bounds(parse_day(since))[0] if since else None
    last = bounds(parse_day(until))[1] if until else None
    if first is not None and last is not None and last <= first:
        raise UsageError("--until is before --since")
    return Selection(since=first, until=last)


def _write_files(
    tables: Iterable[Table], format_name: str, folder: str, selection: Selection
) -> int:
    from hubctl.cli.context import say
    from hubctl.metrics.export.files import FORMATS as WRITERS
    from hubctl.metrics.export.files import SUFFIXES, one_state, pages
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.export_files import machine_name, write_file
    from hubctl.system.places import find_places

    with open_store(metrics_path(find_places())) as store, one_state(store):
        for table in tables:
            found = pages(store, table, machine_name(), selection)
            path = f"{folder}/{table.name}.{SUFFIXES[format_name]}"
            write_file(path, WRITERS[format_name](table, found))
            say([path])
    return 0


def _write_out(table: Table, format_name: str, selection: Selection) -> int:
    from hubctl.metrics.export.files import FORMATS as WRITERS
    from hubctl.metrics.export.files import one_state, pages
    from hubctl.metrics.store import metrics_path, open_store
    from hubctl.system.export_files import laid_down, machine_name, write_stdout
    from hubctl.system.places import find_places

    with laid_down() as kept:
        # A reader who takes his time must not hold the store meanwhile.
        with open_store(metrics_path(find_places())) as store, one_state(store):
            found = pages(store, table, machine_name(), selection)
            kept.put(WRITERS[format_name](table, found))
        write_stdout(kept.parts())
    return 0


def _write_series(name: str, tables: Iterable[Table], format_name: str, folder: str) -> int:
    from hubctl.cli.context import say
    from hubctl.metrics.export.series import Series, export_next
    from hubctl.metrics.store import metrics_path
    from hubctl.output.summary import plural
    from hubctl.system.export_files import machine_name, write_file
    from hubctl.system.places import find_places

    series = Series(name=name, machine=machine_name(), format_name=format_name)
    written = 0
    for part in export_next(
        metrics_path(find_places()),
        series,
        tables,
        lambda file, parts: write_file(f"{folder}/{file}", parts),
    ):
        say([f"{folder}/{part.file}: {plural(part.rows, 'row')}"])
        written += 1
    say([] if written else ["nothing is new"])
    return 0
