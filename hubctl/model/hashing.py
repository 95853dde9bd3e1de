"""Hashes of values and texts: how two states are compared without keeping either.

JSON is hashed over a canonical form after RFC 8785 (sorted keys, no spaces, UTF-8), with one
difference that semantics asks for: numbers keep their JSON type, so 1 and 1.0 differ. Text is
hashed over UTF-8 with LF line ends, so a line-end-only difference is none.
"""

from __future__ import annotations

import hashlib
import json

PREFIX = "sha256:"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTING = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False
)


def hash_bytes(data: bytes) -> str:
    """`sha256:…` of raw bytes."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def hash_text(text: str) -> str:
    """`sha256:…` of text whatever its line ends."""
    unix = text.replace("\r\n", "\n") if "\r" in text else text
    return hash_bytes(unix.encode("utf-8", "surrogatepass"))


def hash_json(value: object) -> str:
    """`sha256:…` of a JSON value whatever its key order and spacing."""
    return hash_bytes(canonical_json(value))


def canonical_json(value: object) -> bytes:
    """The canonical bytes that `hash_json` hashes."""
    text = _SORTING.encode(value)
    if text.isascii():  # then characters have the order that UTF-16 gives them
        return text.encode()
    return _ENCODER.encode(_ordered(value)).encode("utf-8", "surrogatepass")


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    return value


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
