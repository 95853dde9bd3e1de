"""Byte-preserving edits of canonical.yaml: only the lines that must change do.

Each edit parses, splices the text at the nodes' places, parses again and proves that the result
means the old document with exactly that edit; bytes that cannot be proved are never returned.
Nothing is ever loaded and dumped. Pure: bytes in, bytes out.

- A path is a tuple of keys; lists have no positions (`add_to_list`, `remove_from_list`).
- Setting what stands there, adding an element that is there, removing what is not: the same bytes.
- Comments stay, except those inside a value that is removed or replaced as a whole (deeper than its
  key). A comment above a removed key stays too: it may be about more than that key.
- Where the last entry goes, `{}` or `[]` stays, so that nothing else changes its meaning.
- A new key stands behind the last one of its mapping; a null or `{}` becomes a block.
- An edit through an alias or a merge, or into a value that an alias elsewhere shares, is refused; a
  merged key may be overridden by a value of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config import edit_changes
from hubctl.config.edit_block import Splice, apply_splices
from hubctl.config.edit_place import Edit
from hubctl.config.edit_proof import is_proved
from hubctl.config.edit_spans import header_end
from hubctl.config.edit_tree import MERGE, Document, Kind, parse, refuse
from hubctl.config.edit_values import Values, resolved
from hubctl.config.places import path_text
from hubctl.config.scalars import MAX_DIGITS
from hubctl.config.screen import screen
from hubctl.config.values import MAX_DEPTH
from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = "canonical.yaml"
BY_HAND = "change it by hand in an editor; nothing was written"
_BOM = b"\xef\xbb\xbf"
_MOST_ROUNDS = 1000


def set_value(data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE) -> bytes:
    """The document with the JSON-like `value` at `path`; missing mappings on the way are made.

    Inside a mapping or list that is there, only what differs is touched.

    Raises:
        CanonicalError: the document cannot be edited (its findings say why).
        UsageError: the path leads through something that is no mapping or is shared.
        OperationError: the result could not be proved right.
    """
    _check_path(path)
    _check_value(value, path, len(path))
    source = _open(data, file)
    wanted = source.values.of(value)
    if source.values.at(source.written.root, path) == wanted:
        return data
    return source.rewrite(path, wanted, lambda edit: edit_changes.set_value(edit, value))


def remove_value(data: bytes, path: tuple[str, ...], *, file: str = FILE) -> bytes:
    """The document without the key at the end of `path`; raises like `set_value`."""
    _check_path(path)
    source = _open(data, file)
    if source.values.at(source.written.root, path) is None:
        return data
    return source.rewrite(path, None, edit_changes.remove_value)


def add_to_list(data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE) -> bytes:
    """The document with `value` at the end of the list at `path`, unless the list has it.

    A list that is missing or null is made; raises like `set_value`.
    """
    _check_path(path)
    _check_value(value, path, len(path) + 1)
    source = _open(data, file)
    items = source.items(path)
    number = source.values.of(value)
    if number in items:
        return data
    wanted = source.values.of_list([*items, number])
    return source.rewrite(path, wanted, lambda edit: edit_changes.append_item(edit, value))


def remove_from_list(
    data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE
) -> bytes:
    """The document without any element equal to `value` in the list at `path`.

    Raises like `set_value`.
    """
    _check_path(path)
    source = _open(data, file)
    items = source.items(path)
    number = source.values.of(value)
    if number not in items:
        return data
    wanted = source.values.of_list(item for item in items if item != number)
    return source.rewrite(path, wanted, lambda edit: edit_changes.remove_items(edit, number))


def keys_at(data: bytes, path: tuple[str, ...], *, file: str = FILE) -> tuple[str, ...]:
    """The keys of the mapping at `path`, merged ones included, in order; () if there is none.

    Raises:
        CanonicalError: the document is no YAML.
    """
    source = _open(data, file)
    node = source.values.find(source.written.root, path)
    node = resolved(node) if node is not None else None
    return tuple(source.values.merged(node)) if node and node.kind is Kind.MAPPING else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """An opened file.

    `data` are its bytes; `written` is what they say; `doc` is what is edited: it ends in a line
    end, which is `added` where the file has none.
    """

    data: bytes
    written: Document
    doc: Document
    added: str
    values: Values

    def items(self, path: tuple[str, ...]) -> tuple[int, ...]:
        """The elements of the list at `path`; () where nothing or null stands."""
        node = self.values.find(self.written.root, path)
        if node is None or self.values.of_node(node) == self.values.of(None):
            return ()
        node = resolved(node)
        if node.kind is not Kind.SEQUENCE:
            what = "a mapping" if node.kind is Kind.MAPPING else "a single value"
            line = self.doc.line(node.start)
            raise UsageError(f"`{path_text(path)}` is {what}, no list (line {line})")
        return tuple(self.values.of_node(entry.value) for entry in node.entries)

    def rewrite(
        self, path: tuple[str, ...], wanted: int | None, step: Callable[[Edit], list[Splice]]
    ) -> bytes:
        """Repeat `step` until the place means `wanted`; the proved bytes."""
        for start in self._starts():
            doc = self._brought(start, path, wanted, step)
            # With the line end that the file never had only where a value would change without.
            for text in dict.fromkeys((doc.text.removesuffix(self.added), doc.text)):
                if self._is_proved(text, path, wanted):
                    bom = _BOM if self.data.startswith(_BOM) else b""
                    return bom + text.encode()
        raise OperationError(
            f"{self.doc.file}: the edit of `{path_text(path)}` would change something else as well",
            hint=BY_HAND,
        )

    def _starts(self) -> Iterator[Document]:
        """The document, and where its last text has no line end, with that said in its header."""
        yield self.doc
        last = self.doc.root
        while last is not None and last.entries:
            last = last.entries[-1].value
        if self.added and last is not None and last.style in ("|", ">"):
            start, end = self.doc.content(last), header_end(self.doc, last)
            header = self.doc.text[start:end].rstrip("+") + "-"
            text = apply_splices(self.doc.text, [Splice(start, end, header)])
            yield self._reparsed(text, ())

    def _brought(
        self,
        doc: Document,
        path: tuple[str, ...],
        wanted: int | None,
        step: Callable[[Edit], list[Splice]],
    ) -> Document:
        for _ in range(_MOST_ROUNDS):
            if self.values.at(doc.root, path) == wanted:
                break
            edit = Edit(doc=doc, values=self.values, path=path, literal=not self.added)
            text = apply_splices(doc.text, step(edit))
            if text == doc.text:
                break
            doc = self._reparsed(text, path)
        return doc

    def _reparsed(self, text: str, path: tuple[str, ...]) -> Document:
        try:
            doc = parse(text, self.doc.file)
            self.values.learn(doc)
        except UsageError as error:
            raise OperationError(
                f"{self.doc.file}: the edit of `{path_text(path)}` would break the file",
                hint=BY_HAND,
            ) from error
        return doc

    def _is_proved(self, text: str, path: tuple[str, ...], wanted: int | None) -> bool:
        new = self._reparsed(text, path)
        return is_proved(self.written, new, path, wanted, self.values)


def _open(data: bytes, file: str) -> _Source:
    text, findings = screen(data, file)
    if findings:
        raise refuse(findings)
    added = "" if not text or text.endswith(("\n", "\r")) else _line_end(text)
    written = parse(text, file)
    doc = parse(text + added, file) if added else written
    return _Source(data=data, written=written, doc=doc, added=added, values=Values(written))


def _line_end(text: str) -> str:
    ends = {"\r\n": text.count("\r\n"), "\n": text.count("\n"), "\r": text.count("\r")}
    if ends["\r\n"]:
        return "\r\n"
    return "\r" if ends["\r"] > ends["\n"] else "\n"


def _check_path(path: tuple[str, ...]) -> None:
    if not path:
        raise UsageError("an edit needs the path of a key", hint="for example repositories.api")
    if MERGE in path:
        raise UsageError("`<<` merges mappings and is no key", hint="edit it by hand")
    for key in path:
        _check_value(key, path, 0)
    if len(path) > MAX_DEPTH:
        raise UsageError(f"a path of {len(path)} keys is deeper than {MAX_DEPTH} levels")


def _check_value(value: object, path: tuple[str, ...], depth: int) -> None:
    """Refuse what canonical.yaml cannot hold."""
    problem = _problem(value)
    if depth > MAX_DEPTH:
        problem = f"values are nested deeper than {MAX_DEPTH} levels"
    if problem:
        raise UsageError(f"`{path_text(path)}` cannot be set: {problem}")
    inner = value if isinstance(value, (list, tuple)) else ()
    if isinstance(value, dict):
        inner = (*value, *value.values())
    for item in inner:
        _check_value(item, path, depth + 1)


def _problem(value: object) -> str:
    if isinstance(value, dict):
        wrong = [key for key in value if not isinstance(key, str)]
        return f"the key {wrong[0]!r} is no text" if wrong else ""
    if isinstance(value, str):
        surrogate = any("\ud800" <= c <= "\udfff" for c in value)
        return "the text holds half a character (a surrogate)" if surrogate else ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else f"{value} is no number in JSON"
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        return f"a number of more than {MAX_DIGITS} digits"
    known = value is None or isinstance(value, (bool, int, list, tuple))
    return "" if known else f"a {type(value).__name__} is no JSON value"
