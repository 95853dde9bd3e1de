"""canonical.yaml as a tree of nodes that know where in the text they stand.

Answers questions about nodes and the lines around them; `edit_parse` makes the tree. Resolves
nothing (aliases stay aliases, scalars stay text) and changes nothing.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_PROPERTIES = re.compile(r"!<[^>]*>|[&!][^ \t\r\n,\[\]{}]*")
MERGE = "<<"


class Kind(enum.Enum):
    """What a node is."""

    MAPPING = "mapping"
    SEQUENCE = "sequence"
    SCALAR = "scalar"
    ALIAS = "alias"


class Entry(NamedTuple):
    """One entry of a collection; `key` is None in a sequence."""

    key: Node | None
    value: Node


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """One node; equal only to itself.

    Attributes:
        start: offset of its first character, anchor and tag included.
        end: offset after its last one. Of a block collection and a block scalar it is where the
            parser stopped, which may be lines later: ask `edit_spans`.
        style: of a scalar `""`, `'`, `"`, `|` or `>`.
        flow: a collection in brackets.
        text: of a scalar its content, of an alias its name.
        target: what an alias stands for.
    """

    kind: Kind
    start: int
    end: int
    anchor: str = ""
    tag: str = ""
    style: str = ""
    flow: bool = False
    text: str = ""
    entries: tuple[Entry, ...] = ()
    target: Node | None = None

    @property
    def plain(self) -> bool:
        """Whether it is a scalar without quotes and tag, so that its text decides its type."""
        return self.kind is Kind.SCALAR and not self.style and not self.tag

    @property
    def bare(self) -> bool:
        """Whether nothing at all is written: the null of `key:`."""
        return self.plain and not self.text and not self.anchor

    @property
    def block(self) -> bool:
        """Whether it is a collection on lines of its own."""
        return bool(self.entries) and not self.flow

    @property
    def below(self) -> tuple[Node, ...]:
        """Keys and values directly inside, in order."""
        return tuple(node for entry in self.entries for node in entry if node is not None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """A parsed text, whose last line always has an end.

    Attributes:
        root: the one document's root; None where the text holds comments only.
        tail: where the root's text ends (the `...`, or the end of the text).
        aliases: the aliases of every anchored node that has some.
        starts: offsets of all lines.
    """

    text: str
    file: str
    root: Node | None
    tail: int
    aliases: Mapping[Node, tuple[Node, ...]]
    starts: tuple[int, ...] = field(repr=False)

    def line(self, offset: int) -> int:
        """Number of the line at `offset`, from 1."""
        return bisect_right(self.starts, offset)

    def line_start(self, offset: int) -> int:
        """Where the line at `offset` begins."""
        return self.starts[self.line(offset) - 1]

    def line_after(self, offset: int) -> int:
        """Where the line after the one at `offset` begins; the text's length at its end."""
        number = self.line(offset)
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def column(self, offset: int) -> int:
        """Characters between the start of the line and `offset`."""
        return offset - self.line_start(offset)

    def before(self, offset: int) -> str:
        """The text of the line up to `offset`."""
        return self.text[self.line_start(offset) : offset]

    def rest(self, offset: int) -> str:
        """The text of the line from `offset`, its end included."""
        return self.text[offset : self.line_after(offset)]

    def is_blank(self, offset: int) -> bool:
        """Whether the line at `offset` exists and holds nothing."""
        return offset < len(self.text) and not self.rest(self.line_start(offset)).strip()

    def skip(self, offset: int) -> int:
        """The first offset from here on that is neither space nor comment."""
        found = _SPACE.match(self.text, offset)
        return found.end() if found else offset

    def after_properties(self, node: Node) -> int:
        """Where anchor and tag end; the node's start where it has none."""
        at, end = node.start, node.start
        while found := _PROPERTIES.match(self.text, at) if node.anchor or node.tag else None:
            end = found.end()
            at = self.skip(end)
        return end

    def content(self, node: Node) -> int:
        """Where the node's own text begins, behind anchor and tag."""
        end = self.after_properties(node)
        return self.skip(end) if end > node.start else end


def walk(node: Node) -> Iterator[Node]:
    """The node and everything written inside it; aliases are not followed."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.below))
