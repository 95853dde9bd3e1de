"""A page of text being written: indented, wrapped at spaces, painted by role.

Words are never broken: an address or a command stays whole even where it is wider than the
terminal, so that it can be copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hubctl.output.cells import width
from hubctl.output.style import PLAIN, paint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.output.options import Options

Span: TypeAlias = tuple[str, str]
GLUE = "\u00a0"  # a space where no line may end; values of users have it escaped (cells.printable)
_ENDLESS = 1 << 30
_NARROWEST = 20


class Page:
    """Lines written so far; `text()` gives them all."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.width = max(options.width, _NARROWEST) if options.width else _ENDLESS
        self.told: dict[object, str] = {}
        """What need not be said twice → the name of the target where it was said."""
        self._lines: list[str] = []

    def put(self, indent: int, *spans: Span, hang: int = 2) -> None:
        """One paragraph of (text, role) spans; `hang` indents its further lines more."""
        line: list[Span] = []
        used, margin = 0, indent
        for gap, word in _words(spans):
            columns = sum(width(text) for text, _ in word)
            if line and used + gap + columns > self.width - margin:
                self._close(margin, line)
                line, used = [], 0
                margin = min(indent + hang, self.width // 2)
            spaces = gap if line else 0
            line += [(" " * spaces, PLAIN), *word]
            used += spaces + columns
        self._close(margin, line)

    def put_whole(self, indent: int, *spans: Span) -> None:
        """One line as it is, however long: for commands."""
        self._close(indent, list(spans))

    def gap(self) -> None:
        """An empty line, never two and never the first."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def room(self, indent: int) -> int:
        """Columns left at an indent."""
        return max(self.width - indent, _NARROWEST // 2)

    def text(self) -> str:
        """All lines, each ending in a line end; "" for an empty page."""
        lines = self._lines
        while lines and not lines[-1]:
            lines = lines[:-1]
        return "".join(line + "\n" for line in lines)

    def _close(self, margin: int, spans: list[Span]) -> None:
        painted = "".join(paint(text, role, self.options) for text, role in _runs(spans))
        painted = painted.replace(GLUE, " ")
        self._lines.append(" " * margin + painted if painted else "")


def _words(spans: tuple[Span, ...]) -> Iterator[tuple[int, list[Span]]]:
    """Each word with the number of spaces before it; touching spans make one word."""
    gap, word = 0, list[Span]()
    for text, role in spans:
        for number, piece in enumerate(text.split(" ")):
            if number:
                if word:
                    yield gap, word
                    gap, word = 0, []
                gap += 1
            if piece:
                word.append((piece, role))
    if word:
        yield gap, word


def _runs(spans: list[Span]) -> Iterator[Span]:
    """Neighbours of one role joined, spaces taking the role before them: fewer colour codes."""
    run, last = "", PLAIN
    for text, role in spans:
        if role != last and text.strip(" "):
            if run:
                yield run, last
            run, last = "", role
        run += text
    if run:
        yield run, last
