"""A unified diff of what apply would change: one header per file, one heading per address.

Line numbers count inside the value an address names: a field has no line of its own until it is
written. Values are escaped, so this is for reading and for pagers, not for `patch`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.model.item import FileText
from hubctl.model.state import Action
from hubctl.output.cells import printable
from hubctl.output.compare import unified_lines
from hubctl.output.options import Options
from hubctl.output.shown import before, text_of
from hubctl.output.style import BAD, DIM, GOOD, NOTE, PLAIN, STRONG, paint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hubctl.model.change import Change
    from hubctl.model.item import Value
    from hubctl.model.report import Report

_NOWHERE = "/dev/null"
_RECORDING = (Action.NONE, Action.ADOPT, Action.FORGET)
_ROLES = {"+": GOOD, "-": BAD, "@": NOTE, "\\": DIM}


def unified(report: Report, options: Options | None = None) -> str:
    """The diff of all open changes that would write something; "" where none would."""
    options = options or Options()
    changes = [c for c in report.open_changes() if c.action not in _RECORDING and not c.excepted]
    lines: list[str] = []
    for path, group in groupby(changes, key=_file):
        lines += _file_lines(path, list(group), options)
    return "".join(line + "\n" for line in lines)


def _file(change: Change) -> str:
    return printable(f"{change.address.target}/{change.address.path}")


def _file_lines(path: str, changes: Sequence[Change], options: Options) -> Iterator[str]:
    old, new = _headers(path, changes)
    for row in (*_modes(changes), f"--- {old}", f"+++ {new}"):
        yield paint(row, STRONG, options)
    for change in changes:
        for row in _rows(change):
            yield paint(row, _ROLES.get(row[:1], PLAIN), options)


def _headers(path: str, changes: Sequence[Change]) -> tuple[str, str]:
    """A file that comes or goes as a whole stands against nothing."""
    if len(changes) > 1 or changes[0].address.fragment:
        return path, path
    change = changes[0]
    gone = change.action is Action.DELETE
    return (path if before(change) is not None else _NOWHERE), (_NOWHERE if gone else path)


def _modes(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        old, new = _mode(before(change)), _mode(change.desired)
        if old and new and old != new:
            yield f"old mode {old}"
            yield f"new mode {new}"


def _mode(value: Value | None) -> str:
    if not isinstance(value, FileText):
        return ""
    return "100755" if value.executable else "100644"


def _rows(change: Change) -> Iterator[str]:
    old, new = text_of(before(change)), text_of(change.desired)
    rows = unified_lines(old, new)
    if change.sensitive and not rows:
        rows = _hidden_rows(old, new)
    heading = f" #{change.address.fragment}" if change.address.fragment else ""
    for row in rows:
        text = printable_line(row)
        yield text + printable(heading) if row.startswith("@@") else text


def _hidden_rows(old: str, new: str) -> tuple[str, ...]:
    """Two masks of one length look alike; that something changes must show all the same."""
    return (
        "@@ -1 +1 @@",
        *(f"-{row}" for row in old.splitlines()),
        *(f"+{row}" for row in new.splitlines()),
    )


def printable_line(row: str) -> str:
    """A line safe to print, its tabs as they are."""
    return "\t".join(printable(piece) for piece in row.split("\t"))
