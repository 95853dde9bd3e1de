"""Strict JSON: bytes to a value, or one error that says where and why.

As strict as the client, which drops a whole settings file for one comment or trailing comma.
Must not repair anything; a byte order mark is accepted because the client accepts it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.places import position_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DEPTH = 200
"""Levels of nesting: what parses here must also compare and hash without recursion limits."""

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_SPACE = " \t\n\r"
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
_COMMENTS = ("//", "/*", "#")
_IGNORED = "is not JSON; Claude Code ignores the whole file"
# Strings first, so that what looks like structure inside one is passed over.
_TOKENS = r'"(?:[^"\\]|\\.)*"|[\[{}\]]|NaN|-?Infinity|[0-9]{4301,}'


def parse_json(data: bytes) -> object:
    """The value of a JSON file.

    Raises:
        DocumentError: not UTF-8, not strict JSON, or nested deeper than MAX_DEPTH.
    """
    return parse_json_text(decode_utf8(data))


def decode_utf8(data: bytes) -> str:
    """The text of a file without its byte order mark.

    Raises:
        DocumentError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _not_utf8(data) from None


def parse_json_text(text: str) -> object:
    """The value of JSON text; errors as in `parse_json`."""
    try:
        value: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    except RecursionError:
        raise _too_deep(text) from None
    except ValueError:
        raise _refused_number(text) from None
    # Counting brackets is nearly free; only a text with many of them is looked at closely.
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(value):
        raise _too_deep(text)
    return value


def _refuse(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _is_deep(value: object) -> bool:
    level = _containers((value,))
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        level = [child for parent in level for child in _containers(_children(parent))]
    return bool(level)


def _children(container: object) -> Iterable[object]:
    if isinstance(container, dict):
        return container.values()
    return container if isinstance(container, list) else ()


def _containers(values: Iterable[object]) -> list[object]:
    return [value for value in values if isinstance(value, (dict, list))]


def _not_utf8(data: bytes) -> DocumentError:
    body = data.removeprefix(_BOM)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start
    what = "UTF-16" if data.startswith(_WIDE) else f"the byte 0x{body[offset]:02x}"
    before = body[:offset].decode("utf-8", "replace")
    return _at(before, len(before), f"not UTF-8: {what} stands here", "save the file as UTF-8")


def _at(text: str, offset: int, message: str, hint: str = "") -> DocumentError:
    line, column = position_of(text, offset)
    return DocumentError(message, line=line, column=column, hint=hint)


def _explain(text: str, error: json.JSONDecodeError) -> DocumentError:
    offset = error.pos
    while offset < len(text) and text[offset] in _SPACE:
        offset += 1
    comma = _trailing_comma(text, offset)
    if comma >= 0:
        return _at(text, comma, f"a trailing comma {_IGNORED}", "remove the comma")
    if text.startswith(_CONFLICT, offset):
        return _at(text, offset, "a merge-conflict marker stands here", "resolve the conflict")
    for comment in _COMMENTS:
        if text.startswith(comment, offset):
            return _at(text, offset, f"a {comment} comment {_IGNORED}", "remove the comment")
    if offset == len(text):
        what = "the file ends too early" if text.strip(_SPACE) else "the file is empty"
        hint = "" if text.strip(_SPACE) else "delete the file, or write {} into it"
        return _at(text, offset, f"not JSON: {what}", hint)
    return _at(text, error.pos, f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}")


def _trailing_comma(text: str, offset: int) -> int:
    """Where the comma is if a trailing one is at fault, else -1; Python names either place."""
    before = text[:offset].rstrip(_SPACE)
    if text.startswith(("}", "]"), offset) and before.endswith(","):
        return len(before) - 1
    if text.startswith(",", offset) and text[offset + 1 :].lstrip(_SPACE)[:1] in ("}", "]"):
        return offset
    return -1


def _refused_number(text: str) -> DocumentError:
    import re

    for match in re.finditer(_TOKENS, text, re.DOTALL):
        if match[0][0] not in '"[]{}':
            if match[0][0].isdigit():
                return _at(text, match.start(), f"a number of {len(match[0])} digits")
            return _at(text, match.start(), f"{match[0]} {_IGNORED}", "write a number or null")
    return DocumentError("not JSON: a number that cannot be read")


def _too_deep(text: str) -> DocumentError:
    import re

    depth = 0
    message = f"nested deeper than {MAX_DEPTH} levels"
    for match in re.finditer(_TOKENS, text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            return _at(text, match.start(), message)
    return DocumentError(message)
