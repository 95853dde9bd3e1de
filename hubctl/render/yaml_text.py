"""JSON values as YAML that people can read: one spelling for each value, lines of text as lines.

Every string is quoted, so that no reader takes a word for something else. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_MOST_SHORT = 0xFFFF  # of what four digits name


def yaml_text(value: object) -> str:
    """A document; maps in their own order."""
    return "\n".join(_lines(value, "")) + "\n"


def _lines(value: object, indent: str) -> list[str]:
    """A map or a list, every line of it indented."""
    if isinstance(value, Mapping):
        return [line for key, part in value.items() for line in _entry(f"{key}:", part, indent)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [line for part in value for line in _item(part, indent)]
    return [f"{indent}{_scalar(value)}"]


def _entry(head: str, value: object, indent: str) -> list[str]:
    if _is_block(value):
        return [f"{indent}{head} |-", *(f"{indent}  {line}" for line in str(value).split("\n"))]
    if _is_nested(value):
        return [f"{indent}{head}", *_lines(value, f"{indent}  ")]
    return [f"{indent}{head} {_scalar(value)}"]


def _item(value: object, indent: str) -> list[str]:
    if not _is_nested(value):
        return [f"{indent}- {_scalar(value)}"]
    first, *rest = _lines(value, f"{indent}  ")
    return [f"{indent}- {first[len(indent) + 2 :]}", *rest]


def _is_nested(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple)) and bool(value)


def _is_block(value: object) -> bool:
    """Whether a text has lines, and each stands in a block as it is."""
    if not isinstance(value, str) or "\n" not in value:
        return False
    lines = value.split("\n")
    return lines[0][:1] != " " and all(line.rstrip() and line.isprintable() for line in lines)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    return json.dumps(value)


def _escaped(mark: str) -> str:
    if mark in '"\\':
        return f"\\{mark}"
    if mark.isprintable():
        return mark
    number = ord(mark)
    return f"\\u{number:04x}" if number <= _MOST_SHORT else f"\\U{number:08x}"
