"""An opened canonical.yaml, and the loop that brings one place of it to a wanted value.

Parses, splices, parses again, and lets out only bytes that `edit_proof` has found right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.edit_block import Splice, apply_splices
from hubctl.config.edit_parse import parse, refuse
from hubctl.config.edit_place import Edit
from hubctl.config.edit_proof import is_proved
from hubctl.config.edit_spans import header_end
from hubctl.config.edit_tree import Document, Kind
from hubctl.config.edit_values import Values, resolved
from hubctl.config.places import path_text
from hubctl.config.screen import screen
from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOM = b"\xef\xbb\xbf"
_MOST_ROUNDS = 1000
_BY_HAND = "change it by hand in an editor; nothing was written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An opened file.

    Attributes:
        data: its bytes; written: what they say.
        doc: what is edited: it ends in a line end, which is `added` where the file has none.
    """

    data: bytes
    written: Document
    doc: Document
    added: str
    values: Values

    def at(self, path: tuple[str, ...]) -> int | None:
        """The number of what stands at `path`; None if nothing does."""
        return self.values.at(self.written.root, path)

    def items(self, path: tuple[str, ...]) -> tuple[int, ...]:
        """The elements of the list at `path`; () where nothing or null stands.

        Raises:
            UsageError: something else stands there.
        """
        node = self.values.find(self.written.root, path)
        if node is None or self.values.of_node(node) == self.values.of(None):
            return ()
        node = resolved(node)
        if node.kind is not Kind.SEQUENCE:
            what = "a mapping" if node.kind is Kind.MAPPING else "a single value"
            line = self.written.line(node.start)
            raise UsageError(f"`{path_text(path)}` is {what}, no list (line {line})")
        return tuple(self.values.of_node(entry.value) for entry in node.entries)

    def keys(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of the mapping at `path`, merged ones included; () if there is none."""
        node = self.values.find(self.written.root, path)
        node = resolved(node) if node is not None else None
        return tuple(self.values.merged(node)) if node and node.kind is Kind.MAPPING else ()

    def rewrite(
        self, path: tuple[str, ...], wanted: int | None, step: Callable[[Edit], list[Splice]]
    ) -> bytes:
        """Repeat `step` until the place means `wanted` (None: nothing stands there).

        Raises:
            UsageError: a step refuses.
            OperationError: the result could not be proved right.
        """
        for start in self._starts():
            doc = self._brought(start, path, wanted, step)
            for result in self._results(doc):
                if is_proved(self.written, result, path, wanted, self.values):
                    bom = _BOM if self.data.startswith(_BOM) else b""
                    return bom + result.text.encode()
        raise OperationError(
            f"{self.doc.file}: the edit of `{path_text(path)}` would change something else as well",
            hint=_BY_HAND,
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

    def _results(self, doc: Document) -> Iterator[Document]:
        """With a line end that the file never had only where a value would change without."""
        if self.added:
            yield self._reparsed(doc.text.removesuffix(self.added), ())
        yield doc

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
                hint=_BY_HAND,
            ) from error
        return doc


def open_source(data: bytes, file: str) -> Source:
    """Open a file.

    Raises:
        CanonicalError: it is no YAML that can be edited; its findings say why.
        UsageError: it is YAML that canonical.yaml cannot be.
    """
    text, findings = screen(data, file)
    if findings:
        raise refuse(findings)
    added = "" if not text or text.endswith(("\n", "\r")) else _line_end(text)
    written = parse(text, file)
    doc = parse(text + added, file) if added else written
    return Source(data=data, written=written, doc=doc, added=added, values=Values(written))


def _line_end(text: str) -> str:
    ends = {"\r\n": text.count("\r\n"), "\n": text.count("\n"), "\r": text.count("\r")}
    if ends["\r\n"]:
        return "\r\n"
    return "\r" if ends["\r"] > ends["\n"] else "\n"
