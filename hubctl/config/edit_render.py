"""New values as YAML text in the style of their file.

Lines come without line ends; which of them replace what is `edit_block` and `edit_flow`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubctl.config.edit_scalars import can_be_literal, scalar_text
from hubctl.config.edit_tree import Kind

if TYPE_CHECKING:
    from hubctl.config.edit_style import Style

_WIDEST = 100


class Parts(NamedTuple):
    """A value behind its key or dash: what stands on that line, and the lines below it."""

    inline: str
    lines: tuple[str, ...] = ()


def flow_text(value: object, style: Style) -> str:
    """A value on one line, as it stands inside brackets."""
    if isinstance(value, dict):
        inner = (
            f"{_key(key, style, flow=True)}: {flow_text(v, style)}" for key, v in value.items()
        )
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow_text(item, style) for item in value) + "]"
    return scalar_text(value, flow=True, mark=style.mark, always=style.always)


def flow_entry(key: str, value: object, style: Style, *, key_mark: str = "") -> str:
    """An entry inside `{}`."""
    return f"{_key(key, style, flow=True, key_mark=key_mark)}: {flow_text(value, style)}"


def entry_lines(
    key: str, value: object, column: int, style: Style, *, key_mark: str = ""
) -> tuple[str, ...]:
    """An entry of a block mapping at `column`; `key_mark` quotes the key in any case."""
    parts = below_key(value, column, style, key=key)
    lead = " " * column + _key(key, style, flow=False, key_mark=key_mark) + ":"
    return (f"{lead} {parts.inline}" if parts.inline else lead, *parts.lines)


def item_lines(value: object, column: int, style: Style) -> tuple[str, ...]:
    """An element of a block sequence whose `-` stands at `column`."""
    parts = behind_dash(value, column + style.gap, style)
    return (" " * column + "-" + " " * (style.gap - 1) + parts.inline, *parts.lines)


def below_key(value: object, column: int, style: Style, *, key: str = "") -> Parts:
    """A value of a block mapping whose keys stand at `column`."""
    if isinstance(value, dict) and value and not _fits_brackets(value, style, key):
        return Parts("", block_lines(value, column + style.indent, style))
    if isinstance(value, (list, tuple)) and value and not _fits_brackets(value, style, key):
        return Parts("", block_lines(value, column + style.offset, style))
    return _single(value, column + style.indent, style)


def behind_dash(value: object, column: int, style: Style) -> Parts:
    """An element of a block sequence; what it consists of stands at `column`."""
    collection = isinstance(value, (dict, list, tuple)) and value
    if collection and not _fits_brackets(value, style, ""):
        first, *lines = block_lines(value, column, style)
        return Parts(first[column:], tuple(lines))
    return _single(value, column, style)


def block_lines(value: object, column: int, style: Style) -> tuple[str, ...]:
    """The lines of a collection that has something in it, at `column`."""
    if isinstance(value, dict):
        entries = (entry_lines(key, inner, column, style) for key, inner in value.items())
        return tuple(line for lines in entries for line in lines)
    items = value if isinstance(value, (list, tuple)) else ()
    return tuple(line for item in items for line in item_lines(item, column, style))


def literal(text: str, column: int) -> Parts:
    """A text of many lines as a `|` block at `column`."""
    body = text.removesuffix("\n").split("\n")
    lines = tuple(" " * column + line if line else "" for line in body)
    return Parts("|" if text.endswith("\n") else "|-", lines)


def _single(value: object, column: int, style: Style) -> Parts:
    if isinstance(value, str) and style.literal and can_be_literal(value):
        return literal(value, column)
    if isinstance(value, (dict, list, tuple)):
        return Parts(flow_text(value, style))
    return Parts(scalar_text(value, flow=False, mark=style.mark, always=style.always))


def _fits_brackets(value: object, style: Style, key: str) -> bool:
    kind = Kind.MAPPING if isinstance(value, dict) else Kind.SEQUENCE
    if not style.in_brackets(kind, key):
        return False
    if kind is Kind.SEQUENCE and any(isinstance(item, (dict, list)) for item in _inside(value)):
        return False
    long = any(isinstance(item, str) and "\n" in item for item in _inside(value))
    return not long and len(flow_text(value, style)) <= _WIDEST


def _inside(value: object) -> tuple[object, ...]:
    if isinstance(value, dict):
        return tuple(value.values())
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _key(key: str, style: Style, *, flow: bool, key_mark: str = "") -> str:
    always = bool(key_mark)
    return scalar_text(key, flow=flow, mark=key_mark or style.mark, always=always)
