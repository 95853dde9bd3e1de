"""Writing one entry as YAML lines in the layout of a file.

Strings are quoted wherever any YAML version could read them as something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hubctl.documents.edits import DocumentError

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.@+=-]*(?: [A-Za-z0-9_/.@+=-]+)*\Z")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
# JSON leaves these as they are; YAML does not accept them even in quotes.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Columns of a file's lists: of the dash, from dash to content, from a key to its list."""

    dash: int = 2
    content: int = 2
    nested: int = 2


def write_entry(entry: Mapping[str, object], layout: Layout, comment: str) -> list[str]:
    """The lines of one list entry, without line ends; `comment` follows the first one.

    Raises:
        DocumentError: a value has no YAML form.
    """
    lines = _item(dict(entry), layout, layout.dash)
    return [f"{lines[0]}  {comment}", *lines[1:]]


def write_flow(value: object) -> str:
    """A value in one line, as JSON, which is YAML too."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"a value cannot be written as YAML: {error}") from None
    if _SURROGATE.search(text):
        raise DocumentError("a value holds a character that UTF-8 cannot say")
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _item(value: object, layout: Layout, column: int) -> list[str]:
    lines = _block(value, layout, column + layout.content)
    first = lines[0].lstrip(" ")
    return [f"{' ' * column}-{' ' * (layout.content - 1)}{first}", *lines[1:]]


def _block(value: object, layout: Layout, column: int) -> list[str]:
    """The lines of a value that starts at a column."""
    if isinstance(value, Mapping) and value:
        return [line for key in value for line in _member(key, value[key], layout, column)]
    if isinstance(value, (list, tuple)) and value:
        return [line for item in value for line in _item(item, layout, column)]
    return [" " * column + _scalar(value)]


def _member(key: object, value: object, layout: Layout, column: int) -> list[str]:
    head = f"{' ' * column}{_scalar(key)}:"
    if isinstance(value, Mapping) and value:
        return [head, *_block(value, layout, column + 2)]
    if isinstance(value, (list, tuple)) and value:
        return [head, *_block(value, layout, column + layout.nested)]
    return [f"{head} {_scalar(value)}"]


def _scalar(value: object) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _WORDS:
        return value
    text = write_flow(value)
    if isinstance(value, float) and "." not in text:
        # Without a point YAML 1.1 takes an exponent for a string.
        return text.replace("e", ".0e")
    return text
