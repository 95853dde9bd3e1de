"""canonical.yaml as a tree of nodes that know where in the text they stand.

Reads text into a Document and answers questions about its lines. Resolves nothing (aliases stay
aliases, scalars stay text) and changes nothing.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from hubctl.config.problems import problem
from hubctl.config.syntax import syntax_finding
from hubctl.config.values import MAX_DEPTH, MAX_NODES
from hubctl.errors import CanonicalError, UsageError
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.model.finding import Finding

_BREAK = re.compile(r"\r\n|\n|\r")
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


def parse(text: str, file: str, *, pure: bool = False) -> Document:
    """Read a text.

    `pure` takes the parser written in Python even where libyaml is installed (tests do).

    Raises:
        CanonicalError: it is no YAML that can be edited.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(text, file)
    try:
        builder.read(YAML(typ="safe", pure=pure).parse(text))
    except MarkedYAMLError as error:
        raise refuse((syntax_finding(error, text, file),)) from error
    except YAMLError as error:
        found = problem("syntax", f"this is no YAML: {error}", Location(file=file))
        raise refuse((found,)) from error
    return Document(
        text=text,
        file=file,
        root=builder.root,
        tail=len(text) if builder.tail is None else builder.tail,
        aliases={node: tuple(found) for node, found in builder.aliases.items()},
        starts=builder.starts,
    )


def refuse(findings: tuple[Finding, ...]) -> CanonicalError:
    """The error for a file whose findings say why it cannot be edited."""
    first = findings[0]
    return CanonicalError(
        f"{first.location} cannot be edited: {first.message}", findings=findings, hint=first.hint
    )


def walk(node: Node) -> Iterator[Node]:
    """The node and everything written inside it; aliases are not followed."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.below))


class _Open:
    """A collection whose end has not been read yet."""

    __slots__ = ("anchor", "below", "event", "kind")

    def __init__(self, event: Any, kind: Kind) -> None:
        self.event = event
        self.kind = kind
        self.anchor = event.anchor or ""
        self.below: list[Node] = []


class _Builder:
    def __init__(self, text: str, file: str) -> None:
        self.starts = (
            0,
            *(found.end() for found in _BREAK.finditer(text) if found.end() < len(text)),
        )
        self.file = file
        self.root: Node | None = None
        self.tail: int | None = None
        self.aliases: dict[Node, list[Node]] = {}
        self._anchors: dict[str, Node | None] = {}
        self._stack: list[_Open] = []
        self._documents = 0
        self._nodes = 0

    def read(self, events: Iterable[Any]) -> None:
        handlers = {
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "MappingStartEvent": self._mapping,
            "SequenceStartEvent": self._sequence,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "DocumentStartEvent": self._document,
            "DocumentEndEvent": self._document_end,
        }
        for event in events:
            handler = handlers.get(type(event).__name__)
            if handler:
                handler(event)
            if self._nodes > MAX_NODES:
                self._refuse(event, f"more than {MAX_NODES:,} values", "split the file")

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse(event, "a second document begins", "merge both documents into one")

    def _document_end(self, event: Any) -> None:
        if event.explicit:
            self.tail = event.start_mark.index

    def _scalar(self, event: Any) -> None:
        node = Node(
            kind=Kind.SCALAR,
            start=event.start_mark.index,
            end=event.end_mark.index,
            anchor=event.anchor or "",
            tag=str(event.tag or ""),
            style=event.style or "",
            text=event.value,
        )
        self._place(node)

    def _alias(self, event: Any) -> None:
        target = self._anchors.get(event.anchor)
        if target is None:
            what = "contains itself" if event.anchor in self._anchors else "has no anchor"
            self._refuse(event, f"the alias `*{event.anchor}` {what}", "write the value out")
        node = Node(
            kind=Kind.ALIAS,
            start=event.start_mark.index,
            end=event.end_mark.index,
            text=event.anchor,
            target=target,
        )
        if target is not None:
            self.aliases.setdefault(target, []).append(node)
        self._place(node)

    def _mapping(self, event: Any) -> None:
        self._open(event, Kind.MAPPING)

    def _sequence(self, event: Any) -> None:
        self._open(event, Kind.SEQUENCE)

    def _open(self, event: Any, kind: Kind) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(event, f"more than {MAX_DEPTH} levels", "nest less deeply")
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(event, kind))

    def _end(self, event: Any) -> None:
        opened = self._stack.pop()
        if opened.kind is Kind.MAPPING:
            pairs = zip(opened.below[::2], opened.below[1::2], strict=True)
            entries = tuple(Entry(key, value) for key, value in pairs)
        else:
            entries = tuple(Entry(None, value) for value in opened.below)
        node = Node(
            kind=opened.kind,
            start=opened.event.start_mark.index,
            end=event.end_mark.index,
            anchor=opened.anchor,
            tag=str(opened.event.tag or ""),
            flow=bool(opened.event.flow_style),
            entries=entries,
        )
        self._place(node)

    def _place(self, node: Node) -> None:
        self._nodes += 1
        if node.anchor:
            self._anchors[node.anchor] = node
        if self._stack:
            self._stack[-1].below.append(node)
        else:
            self.root = node

    def _refuse(self, event: Any, what: str, hint: str) -> None:
        line = event.start_mark.line + 1
        raise UsageError(f"{self.file}:{line} cannot be edited: {what}", hint=hint)
