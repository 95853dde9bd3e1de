"""Tables for people and JSON for programs, for the commands that list things.

Each JSON document is `hubctl/NAME`; docs/reference/formats.md lists them and their schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.cli.context import write
from hubctl.output.cells import pad, width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERSION = 1


def print_json(format_name: str, content: Mapping[str, object]) -> None:
    """One JSON document with its format and version."""
    write(json_document(format_name, content))


def json_document(format_name: str, content: Mapping[str, object]) -> str:
    """What `print_json` prints."""
    from hubctl.output.json_format import json_text

    return json_text({"format": format_name, "version": VERSION, **content})


def print_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str, right: Sequence[int] = ()
) -> None:
    """Columns as wide as they need to be; `right` are the indexes aligned to the right."""
    write(table_text(head, rows, empty=empty, right=right))


def table_text(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str, right: Sequence[int] = ()
) -> str:
    """What `print_table` prints."""
    if not rows:
        return empty + "\n"
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        cells = [_cell(text, widths[i], to_the_right=i in right) for i, text in enumerate(row)]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


def _cell(text: str, columns: int, *, to_the_right: bool) -> str:
    return " " * (columns - width(text)) + text if to_the_right else pad(text, columns)
