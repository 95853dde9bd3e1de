"""Small pieces of Markdown: tables, cells, anchors, words for values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def plain(text: str) -> str:
    """Text of the program as Markdown that shows just that, `code` spans kept."""
    parts = text.split("`")
    return "`".join(part if n % 2 else _escape(part) for n, part in enumerate(parts))


def _escape(text: str) -> str:
    for mark, written in (("<", "&lt;"), ("*", "\\*"), ("_", "\\_")):
        text = text.replace(mark, written)
    return text


def cell(text: str) -> str:
    """Text as one table cell: a line, with no bar that would end it."""
    return plain(" ".join(text.split())).replace("|", "\\|")


def code(value: str) -> str:
    """A code span, also of text that holds backticks; safe inside a table."""
    fence = "``" if "`" in value else "`"
    space = " " if "`" in value else ""
    return f"{fence}{space}{value}{space}{fence}".replace("|", "\\|")


def listed(words: Sequence[str]) -> str:
    """`a`, `b` or `c`."""
    spans = [code(word) for word in words]
    return spans[0] if len(spans) == 1 else f"{', '.join(spans[:-1])} or {spans[-1]}"
