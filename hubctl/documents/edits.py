"""The one vocabulary for changing a document: edits in, bytes and created containers out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.address import Address
    from hubctl.model.item import Value


class DocumentError(OperationError):
    """The bytes are no document of their format; `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Put `value` at `address`; None removes what stands there.

    `recorded` is the ledger's hash of what we wrote, to recognise a handler by.
    """

    address: Address
    value: Value | None
    recorded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A document after edits.

    Attributes:
        data: the new bytes; None where nothing remains of a file that we created.
        containers: local address (`path#/pointer`, or `path` for the file itself) → what stood
            there before we made or filled it: `absent`, or the inner text of an empty container.
            `path#block:id` → the separator that we put before a block. The ledger keeps it, so
            that removing our content gives the file back byte for byte.
    """

    data: bytes | None
    containers: Mapping[str, str] = field(default_factory=dict)
