"""Items: what canonical.yaml wants to stand at one address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.model.hashing import hash_json, hash_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.address import Address
    from hubctl.model.state import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """A whole file: its text with LF line ends, and whether it is executable."""

    text: str
    executable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockText:
    """The lines between the two markers of an owned block, LF, ending in a newline.

    `comment` is the marker style: "html" for Markdown, "hash" for ignore files and shell.
    """

    text: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTo:
    """A symbolic link and the text it holds."""

    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonValue:
    """A field's or element's JSON value."""

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One handler entry of a hook event (or one pre-commit hook entry, `matcher` "").

    `ours` marks the dispatcher's own handler, recognised by its program
    even where its text was edited.
    """

    matcher: str
    entry: Mapping[str, object]
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitState:
    """Wanted state of a unit property: "enabled"/"disabled" or "active"/"inactive"."""

    state: str


Value = FileText | BlockText | LinkTo | JsonValue | Handler | UnitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One desired thing.

    Attributes:
        address: where it stands.
        value: what stands there.
        scope: whose ledger records it.
        renderer: name of the registry row that made it.
        spec: path in the target's resolved spec that decides it (for `explain`); a
            set-like element ends in `=value`.
        sensitive: shown masked everywhere.
    """

    address: Address
    value: Value
    scope: Scope
    renderer: str
    spec: tuple[str, ...] = field(default=())
    sensitive: bool = False


def hash_value(value: Value) -> str:
    """The hash under which a ledger records `value`; equal for equivalent values."""
    match value:
        case FileText():
            return hash_text(value.text + ("\0x" if value.executable else ""))
        case BlockText():
            return hash_text(value.text)
        case LinkTo():
            return hash_text("link\0" + value.destination)
        case JsonValue():
            return hash_json(value.value)
        case Handler():
            return hash_json([value.matcher, value.entry])
        case UnitState():
            return hash_text(value.state)
