"""Reading canonical.yaml into the tree that edits work on, within bounded time and memory.

Builds on the parser's events, because composed nodes do not tell an alias from what it stands for.
`values` reads the same events for what they mean: there an alias is the value of its anchor, here
it is four characters in the file, so that the two share the limits and the parser, not a tree.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hubctl.config.edit_tree import Document, Entry, Kind, Node
from hubctl.config.syntax import events, is_libyaml_alone, syntax_finding
from hubctl.config.values import MAX_DEPTH, MAX_NODES
from hubctl.errors import CanonicalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.finding import Finding

_BREAK = re.compile(r"\r\n|\n|\r")


def parse(text: str, file: str, *, pure: bool = False) -> Document:
    """Read a text.

    `pure` takes the parser written in Python even where libyaml is installed (tests do).

    Raises:
        CanonicalError: it is no YAML that can be edited.
    """
    from ruamel.yaml.error import YAMLError

    builder = _Builder(text, file)
    try:
        with closing(events(text, pure=pure)) as found:
            builder.read(found)
    except YAMLError as error:
        if is_libyaml_alone(error) and not pure:
            return parse(text, file, pure=True)
        raise refuse((syntax_finding(error, text, file),)) from error
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
