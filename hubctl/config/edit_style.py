"""How a file is written: what a new entry has to look like to fit in.

Every habit is counted where the new entry will stand first, then in the whole file; only a file
that shows nothing gets our own habits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from hubctl.config.edit_tree import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.config.edit_tree import Document, Node

T = TypeVar("T")
_SCALARS = (Kind.SCALAR, Kind.ALIAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The habits of a file.

    Attributes:
        eol: line end.
        indent: columns of a mapping inside a mapping.
        offset: columns of a `-` below its key (0: not indented).
        gap: columns from `-` to its element.
        mark: the quote used where one is needed.
        always: text values are quoted even where they need not be.
        brackets: (kind, key) → how many values of that key are written in brackets, minus those
            that are not; under the key "" all of a kind (for a mapping: its neighbours only).
        literal: a text of many lines may become a `|` block.
    """

    eol: str = "\n"
    indent: int = 2
    offset: int = 2
    gap: int = 2
    mark: str = '"'
    always: bool = False
    brackets: Mapping[tuple[Kind, str], int] = field(default_factory=dict)
    literal: bool = True

    def in_brackets(self, kind: Kind, key: str) -> bool:
        """Whether a collection of this kind under this key is written in brackets."""
        return (self.brackets.get((kind, key)) or self.brackets.get((kind, ""), 0)) > 0


@dataclass(slots=True)
class _Counts:
    indent: Counter[int] = field(default_factory=Counter)
    offset: Counter[int] = field(default_factory=Counter)
    gap: Counter[int] = field(default_factory=Counter)
    mark: Counter[str] = field(default_factory=Counter)
    quoted: Counter[bool] = field(default_factory=Counter)
    brackets: Counter[tuple[Kind, str]] = field(default_factory=Counter)


def style_of(doc: Document, near: Node | None, *, literal: bool) -> Style:
    """The style for something new inside `near` (None: anywhere)."""
    every, local = _Counts(), _Counts()
    if doc.root is not None:
        _count(doc, doc.root, every)
    if near is not None:
        _count(doc, near, local)
    indent = _most(local.indent, every.indent, 2)
    # A list never indented tells nothing; then it follows the mappings, as in most files.
    offset = _most(local.offset, every.offset, indent)
    return Style(
        eol=_eol(doc, near),
        indent=indent,
        offset=offset,
        gap=_most(local.gap, every.gap, 2),
        mark=_most(local.mark, every.mark, '"'),
        always=_always(local.quoted) or (not local.quoted and _always(every.quoted)),
        brackets={**every.brackets, **_neighbours(near)},
        literal=literal,
    )


def _eol(doc: Document, near: Node | None) -> str:
    line = doc.rest(near.start if near is not None else 0)
    end = line[len(line.rstrip("\r\n")) :]
    return end if end in ("\n", "\r\n", "\r") else "\n"


def _most(local: Counter[T], every: Counter[T], otherwise: T) -> T:
    for counts in (local, every):
        if counts:
            return counts.most_common(1)[0][0]
    return otherwise


def _always(quoted: Counter[bool]) -> bool:
    return quoted[True] > 0 and not quoted[False]


def _neighbours(near: Node | None) -> Counter[tuple[Kind, str]]:
    counts: Counter[tuple[Kind, str]] = Counter()
    for entry in near.entries if near is not None else ():
        if entry.value.kind is Kind.MAPPING and entry.value.entries:
            counts[(Kind.MAPPING, "")] += 1 if entry.value.flow else -1
    return counts


def _count(doc: Document, top: Node, counts: _Counts) -> None:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        waiting.extend(entry.value for entry in node.entries if entry.value.entries)
        for entry in node.entries:
            if entry.value.kind is Kind.SCALAR:
                _count_quotes(entry.value, counts)
        if node.flow:
            continue
        for entry in node.entries:
            key = entry.key.text if entry.key is not None else ""
            _count_value(doc, node, key, entry.value, counts)
        if node.kind is Kind.SEQUENCE and node.entries:
            _count_gap(doc, node, counts)


def _count_value(doc: Document, node: Node, key: str, value: Node, counts: _Counts) -> None:
    if not value.entries:
        return
    if key:
        counts.brackets[(value.kind, key)] += 1 if value.flow else -1
    scalars = all(entry.value.kind in _SCALARS for entry in value.entries)
    if value.kind is Kind.SEQUENCE and scalars:
        counts.brackets[(Kind.SEQUENCE, "")] += 1 if value.flow else -1
    if value.block and node.kind is Kind.MAPPING:
        _count_step(doc, node, value, counts)


def _count_quotes(value: Node, counts: _Counts) -> None:
    if value.style in ("'", '"'):
        counts.mark[value.style] += 1
        counts.quoted[True] += 1
    elif value.plain and value.text[:1].isalpha() and value.text not in ("true", "false", "null"):
        counts.quoted[False] += 1


def _count_step(doc: Document, node: Node, value: Node, counts: _Counts) -> None:
    step = doc.column(doc.content(value)) - doc.column(doc.content(node))
    if value.kind is Kind.SEQUENCE and step >= 0:
        counts.offset[step] += 1
    elif value.kind is Kind.MAPPING and step > 0:
        counts.indent[step] += 1


def _count_gap(doc: Document, node: Node, counts: _Counts) -> None:
    for entry in node.entries[:4]:
        before = doc.before(entry.value.start)
        lead = before.rstrip(" ")
        if lead.endswith("-") and lead != before:
            counts.gap[len(before) - len(lead) + 1] += 1
