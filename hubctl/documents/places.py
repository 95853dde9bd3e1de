"""Where something stands in a text, as people count, and how its lines end."""

from __future__ import annotations


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def newline_of(text: str) -> str:
    """The line end of a text: that of its first line, LF if it has none."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
