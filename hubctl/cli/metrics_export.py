"""`hubctl metrics export`: tables as files."""

from __future__ import annotations

import click

FORMATS = ("csv", "json", "parquet")


@click.command()
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
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
@click.pass_obj
def command(
    hub_path: str | None, *, tables: tuple[str, ...], format_name: str, folder: str | None
) -> int:
    """Write tables as CSV, JSON lines or Parquet; all of them where none is named.

    Columns are those of the reference, the machine's name in front; times in UTC.
    """
    from hubctl.cli.context import absolute, say
    from hubctl.cli.measuring import measured
    from hubctl.errors import UsageError
    from hubctl.metrics.export import FORMATS as WRITERS
    from hubctl.metrics.schema import schema
    from hubctl.system.export_files import machine_name, write_file, write_stdout

    known = {table.name: table for table in schema().tables}
    for name in tables:
        if name not in known:
            raise UsageError(f"there is no table {name!r}", hint=f"tables: {', '.join(known)}")
    if not folder and (len(tables) != 1 or format_name == "parquet"):
        raise UsageError("several tables, and Parquet, need a folder", hint="-o DIR")
    with measured(hub_path) as store:
        for name in tables or known:
            parts = WRITERS[format_name](store, known[name], machine_name())
            if not folder:
                write_stdout(parts)
                continue
            path = f"{absolute(folder)}/{name}.{'jsonl' if format_name == 'json' else format_name}"
            write_file(path, parts)
            say([path])
    return 0
