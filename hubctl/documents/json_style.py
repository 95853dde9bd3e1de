"""How a JSON file is laid out, and writing new values the same way.

Everything is taken from what stands in the file; where it shows nothing, two spaces and line feeds,
as the client itself writes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.json_syntax import Member
from hubctl.documents.places import newline_of

if TYPE_CHECKING:
    from hubctl.documents.json_syntax import Container

_DEFAULT_INDENT = "  "
_INDENTED = re.compile(r"\n([ \t]+)")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Line end, one step of indentation, and what stands between a key and its value."""

    newline: str = "\n"
    indent: str = _DEFAULT_INDENT
    colon: str = ": "

    @property
    def gap(self) -> str:
        """What follows a comma inside a line: nothing in a minified file."""
        return " " if self.colon[-1] in " \t" else ""


def detect_style(text: str, root: Container) -> Style:
    """The layout of a document."""
    return Style(
        newline=newline_of(text),
        indent=_indent_of(text, root),
        # Of colons that are aligned, the narrowest is the one to continue with.
        colon=min(map(_colon_of, root.members), key=len, default=": "),
    )


def _indent_of(text: str, root: Container) -> str:
    for member in root.members:
        if "\n" in member.before:
            inside = member.before.rpartition("\n")[2]
            closing = root.members[-1].after
            return inside.removeprefix(closing.rpartition("\n")[2]) if "\n" in closing else inside
    found = _INDENTED.search(text)
    return found[1] if found else _DEFAULT_INDENT


def _colon_of(member: Member) -> str:
    colon = member.head[member.head.rindex('"') + 1 :]
    return ": " if "\n" in colon else colon


def line_indent(member: Member) -> str | None:
    """The indentation that lines inside a member's value build on; None: it is all in one line."""
    if "\n" in member.before:
        return member.before.rpartition("\n")[2]
    return _last_indent(member.raw_value())


def _last_indent(text: str) -> str | None:
    if "\n" not in text:
        return None
    last = text.rpartition("\n")[2]
    return last[: len(last) - len(last.lstrip(" \t"))]


def new_member(
    container: Container, key: str, value: object, style: Style, base: str | None
) -> Member:
    """A member laid out like its future siblings, or as the first in an empty container.

    `base` is the `line_indent` of the container; it counts only while that is empty.
    """
    keyed = container.brackets == "{}"
    colon = style.colon
    if container.members:
        last = container.members[-1]
        before, after = _like(last, len(container.members), style), ""
        inside = line_indent(last) if "\n" not in before else before.rpartition("\n")[2]
        colon = _colon_of(last) if keyed else colon
    elif base is None:
        before, after, inside = "", "", None
    else:
        inside = base + style.indent
        before, after = style.newline + inside, style.newline + base
    head = write_value(key, style, None) + colon if keyed else ""
    text = write_value(value, style, inside)
    return Member(before=before, head=head, key=key, text=text, after=after)


def _like(last: Member, siblings: int, style: Style) -> str:
    if "\n" in last.before:
        above, _, indent = last.before.rpartition("\n")
        return ("\r\n" if above.endswith("\r") else "\n") + indent
    # What stands before an only member is the space after the bracket, not after a comma.
    return last.before if siblings > 1 else style.gap


def write_value(value: object, style: Style, base: str | None) -> str:
    """A value as JSON text, its further lines indented from `base`; in one line if that is None.

    Raises:
        DocumentError: it cannot be written as JSON.
    """
    indent = None if base is None else style.indent
    separators = ("," if indent is not None else "," + style.gap, style.colon)
    try:
        text = json.dumps(
            value, indent=indent, separators=separators, ensure_ascii=False, allow_nan=False
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"a value cannot be written as JSON: {error}") from None
    text = _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.replace("\n", style.newline + (base or ""))
