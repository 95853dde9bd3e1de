"""Differences of two texts, line by line, and of two JSON structures, place by place.

difflib and deepdiff are loaded only when there is something to compare.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.output.cells import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file"
_LARGEST_EXPLAINED = 50_000  # characters of JSON; beyond it deepdiff takes seconds


def unified_lines(old: str, new: str, *, context: int = _CONTEXT) -> tuple[str, ...]:
    """Hunks of a unified diff (`@@ …`, ` `, `-`, `+` lines without line ends); () if equal."""
    import difflib

    rows = difflib.unified_diff(_lines(old), _lines(new), n=context, lineterm="")
    found: list[str] = []
    for row in list(rows)[2:]:
        text, end, _ = row.partition("\n")
        found.append(text)
        if not end and not row.startswith("@@"):
            found.append(_NO_NEWLINE)
    return tuple(found)


def _lines(text: str) -> list[str]:
    r"""Lines at `\n` only; a last line without it stays without it, so that it differs."""
    parts = text.split("\n")
    last = parts.pop()
    return [part + "\n" for part in parts] + ([last] if last else [])


def tally(old: str, new: str) -> tuple[int, int]:
    """How many lines a diff adds and removes."""
    rows = unified_lines(old, new, context=0)
    return (
        sum(row.startswith("+") for row in rows),
        sum(row.startswith("-") for row in rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where two structures differ; `sign` is `+`, `-` or `~`, a missing side is ""."""

    place: str
    sign: str
    old: str = ""
    new: str = ""


def explain(old: object, new: object) -> tuple[Difference, ...]:
    """Where two JSON values differ, in order of place.

    () where they are equal, where either is a scalar (nothing is inside to explain) or too large.
    """
    both = (old, new)
    if not all(isinstance(side, (dict, list)) for side in both) or type(old) is not type(new):
        return ()
    if sum(len(json.dumps(side)) for side in both) > _LARGEST_EXPLAINED:
        return ()
    from deepdiff import DeepDiff

    levels = [level for found in DeepDiff(old, new, view="tree").values() for level in found]
    rows = (_difference(level) for level in levels)
    return tuple(sorted(rows, key=lambda row: (row.place, row.sign, row.old, row.new)))


def _difference(level: object) -> Difference:
    kind: str = level.report_type  # type: ignore[attr-defined]
    place = _place(level.path(output_format="list"))  # type: ignore[attr-defined]
    old, new = _shown(level.t1), _shown(level.t2)  # type: ignore[attr-defined]
    if kind.endswith("_added"):
        return Difference(place=place, sign="+", new=new)
    if kind.endswith("_removed"):
        return Difference(place=place, sign="-", old=old)
    return Difference(place=place, sign="~", old=old, new=new)


def _place(path: Sequence[object]) -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return printable(text.removeprefix("."))


def _shown(value: object) -> str:
    try:
        return printable(json.dumps(value, ensure_ascii=False))
    except TypeError:  # deepdiff's own marker of a missing side
        return ""
