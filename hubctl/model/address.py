"""Addresses: one grammar and one parser for naming anything hubctl can own.

    target:.                                     the target itself
    target:path                                  whole file, or a link
    target:path#/pointer                         field of a structured file (RFC 6901 pointer)
    target:path#/pointer="scalar as JSON"        element of a list of scalars
    target:path#block:id                         owned block of a text file
    target:path#hook:Event/id                    handler entry (also a pre-commit hook entry)
    host:unit:name#enabled | #active             state of a systemd user unit or launchd job

`path` is logical and always uses `/`; a Target says which folder stands behind its first part.
Never an array index: positions move, contents do not.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from functools import lru_cache

from hubctl.errors import UsageError

HOST = "host"
TARGET_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")


class Part(enum.Enum):
    """What an address names inside its file."""

    FILE = "file"
    LINK = "link"
    FIELD = "field"
    ELEMENT = "element"
    BLOCK = "block"
    HANDLER = "handler"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """A parsed address; `str()` gives the one spelling that parses back to an equal value.

    `fragment` is everything after `#` ("" for a file or link). FILE and LINK share a spelling:
    what stands there is a property of the resource, not of its name.
    """

    target: str
    path: str
    fragment: str = ""

    def __str__(self) -> str:
        return f"{self.target}:{self.path}{'#' + self.fragment if self.fragment else ''}"

    @property
    def local(self) -> str:
        """The address without its target, as ledgers store it."""
        return f"{self.path}#{self.fragment}" if self.fragment else self.path

    @property
    def part(self) -> Part:
        """Which kind of thing the fragment names (FILE also stands for LINK)."""
        return part_of(self.path, self.fragment)

    @property
    def pointer(self) -> tuple[str, ...]:
        """Keys down to a FIELD or to the list of an ELEMENT; () otherwise."""
        return split_pointer(pointer_text(self.fragment)) if self.fragment[:1] == "/" else ()

    @property
    def element(self) -> object:
        """The scalar an ELEMENT address names."""
        return json.loads(self.fragment[len(pointer_text(self.fragment)) + 1 :])

    @property
    def name(self) -> str:
        """Block id, `Event/id` of a handler, or the property of a unit; "" otherwise."""
        if self.part is Part.UNIT:
            return self.fragment
        return self.fragment.partition(":")[2] if self.part in _NAMED else ""


_NAMED = (Part.BLOCK, Part.HANDLER)


@lru_cache(maxsize=4096)  # most targets of a fleet have the same addresses
def part_of(path: str, fragment: str) -> Part:
    """Kind of the thing that `fragment` names in `path`."""
    if path.startswith("unit:"):
        return Part.UNIT
    if not fragment:
        return Part.FILE
    if fragment.startswith("block:"):
        return Part.BLOCK
    if fragment.startswith("hook:"):
        return Part.HANDLER
    return Part.FIELD if pointer_text(fragment) == fragment else Part.ELEMENT


def pointer_text(fragment: str) -> str:
    """The pointer of a FIELD or ELEMENT fragment (`=` inside a key is written `~2`)."""
    return fragment.partition("=")[0]


def escape_key(key: str) -> str:
    """One key as a pointer token: RFC 6901, and `~2` for `=` which separates an element."""
    return key.replace("~", "~0").replace("/", "~1").replace("=", "~2")


def unescape_key(token: str) -> str:
    """The inverse of `escape_key`."""
    return token.replace("~2", "=").replace("~1", "/").replace("~0", "~")


def join_pointer(keys: tuple[str, ...]) -> str:
    """Keys as pointer text, `/a/b`; "" for the whole document."""
    return "".join("/" + escape_key(key) for key in keys)


@lru_cache(maxsize=4096)
def split_pointer(text: str) -> tuple[str, ...]:
    """Pointer text as keys; the inverse of `join_pointer`."""
    return tuple(unescape_key(token) for token in text.split("/")[1:])


def element_fragment(keys: tuple[str, ...], value: object) -> str:
    """Fragment naming the scalar `value` inside the list at `keys`."""
    return f"{join_pointer(keys)}={json.dumps(value, ensure_ascii=False)}"


def parse_address(text: str) -> Address:
    """Parse the spelling above.

    Raises:
        UsageError: the text is no address; the message says which part.
    """
    target, colon, rest = text.partition(":")
    if not colon or not TARGET_NAME.match(target):
        raise UsageError(f"not an address: {text!r}", hint="write TARGET:PATH or TARGET:PATH#PART")
    path, _, fragment = rest.partition("#")
    _check_path(text, path)
    _check_fragment(text, path, fragment)
    return Address(target=target, path=path, fragment=fragment)


def _check_path(text: str, path: str) -> None:
    parts = path.removeprefix("unit:").split("/")
    if text.endswith(":."):
        return
    if path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise UsageError(f"not an address: {text!r}", hint="the path is relative and has no '..'")


def _check_fragment(text: str, path: str, fragment: str) -> None:
    if path.startswith("unit:"):
        known = fragment in ("enabled", "active")
    elif fragment.startswith("hook:"):
        known = "/" in fragment
    else:
        known = not fragment or fragment.startswith(("/", "block:"))
    if known and part_of(path, fragment) is Part.ELEMENT:
        known = is_scalar_text(fragment[len(pointer_text(fragment)) + 1 :])
    if not known:
        raise UsageError(
            f"not an address: {text!r}",
            hint="after '#' stands /pointer, /pointer=\"value\", block:id, hook:Event/id, "
            "or for a unit: enabled or active",
        )


def is_scalar_text(text: str) -> bool:
    """Whether a text is a scalar as JSON, as it stands behind the `=` of an element."""
    try:
        return not isinstance(json.loads(text), (dict, list))
    except (ValueError, RecursionError):
        return False
