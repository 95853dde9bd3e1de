"""Reading a document: one literal table says which file has which format.

Pure functions over bytes; nothing here is written and no file is opened.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from hubctl.documents.json_document import read_json
from hubctl.documents.text_document import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.address import Address
    from hubctl.model.item import Value
    from hubctl.model.state import Absent

JSON = "json"
YAML_ENTRIES = "yaml-entries"
TEXT = "text"
_SMALL = 16 << 10  # bytes; what is larger is not kept
# How a logical path ends → format; everything else is text with owned blocks.
FORMATS = ((".json", JSON), (".pre-commit-config.yaml", YAML_ENTRIES))


class Document(Protocol):
    """A parsed file.

    Attributes:
        root: the parsed value of a JSON file, to be read only; None for other formats.
        hashes: fragment and recorded hash → hash of what stands there, as far as somebody asked.
    """

    root: object
    hashes: dict[tuple[str, str], str]

    def get(self, address: Address, recorded: str = "") -> Value | Absent:
        """The value that stands at an address; `recorded` helps to recognise a handler."""

    def blocked(self, address: Address) -> str | None:
        """The pointer of a value that keeps anything from standing at an address, or None."""

    def parts(self) -> Iterator[tuple[str, Value]]:
        """Everything addressable, as fragment and value, in document order."""


def format_of(path: str) -> str:
    """JSON, YAML_ENTRIES or TEXT."""
    return next((name for suffix, name in FORMATS if path.endswith(suffix)), TEXT)


def read_document(path: str, data: bytes) -> Document:
    """Parse a file; the format follows from its logical path.

    Equal files of many repositories may be one document.

    Raises:
        DocumentError: it cannot be parsed; with line and column.
    """
    return _read_known(path, data) if len(data) <= _SMALL else _read(path, data)


@lru_cache(maxsize=128)
def _read_known(path: str, data: bytes) -> Document:
    return _read(path, data)


def _read(path: str, data: bytes) -> Document:
    kind = format_of(path)
    if kind == JSON:
        return read_json(data)
    if kind == YAML_ENTRIES:
        from hubctl.documents.yaml_document import read_yaml

        return read_yaml(data)
    return read_text(path, data)
