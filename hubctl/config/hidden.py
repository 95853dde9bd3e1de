"""Characters nobody sees but a model reads: bidirectional controls, zero-width, tag characters.

Joiners that scripts and emoji need are left alone. Pure; linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_KINDS = (
    ("bidirectional", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    ("zero-width", "\u200b\u200c\u200d\u2060\ufeff\u180e"),
)
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_FIRST_WITH_JOINERS = 0x0600  # Arabic; everything before has no use for joiners
_KEYCAPS = "#*0123456789"
_SHOWN = 4


def hidden_characters(text: str, file: str) -> tuple[Finding, ...]:
    """One finding for each line with hidden characters; a BOM at the start is none."""
    if text.isascii():
        return ()
    body = text.removeprefix("\ufeff")
    return tuple(
        _finding(characters, Location(file=file, line=number, column=characters[0][0] + 1))
        for number, line in enumerate(body.split("\n"), 1)
        if not line.isascii() and (characters := tuple(_hidden(line)))
    )


def _hidden(line: str) -> Iterator[tuple[int, str]]:
    for match in _ANY.finditer(line):
        at, character = match.start(), match[0]
        if not _is_needed(line, at, character):
            yield at, character


def _is_needed(line: str, at: int, character: str) -> bool:
    before = line[at - 1] if at else ""
    after = line[at + 1] if at + 1 < len(line) else ""
    if _VARIATION.match(character):
        return bool(before) and (not before.isascii() or before in _KEYCAPS)
    if character == _ZWJ:
        return _joins(before) and _joins(after)
    if character == _ZWNJ:
        return _is_script_letter(before) and _is_script_letter(after)
    return False


def _joins(character: str) -> bool:
    """A letter of a script with joiners, or part of an emoji sequence."""
    if not character or character.isascii():
        return False
    return _is_script_letter(character) or unicodedata.category(character) in ("So", "Sk", "Mn")


def _is_script_letter(character: str) -> bool:
    if not character or ord(character) < _FIRST_WITH_JOINERS:
        return False
    return character.isalpha() or unicodedata.category(character) in ("Mn", "Mc")


def _finding(characters: tuple[tuple[int, str], ...], location: Location) -> Finding:
    names = list(dict.fromkeys(_name(character) for _, character in characters))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return Finding(
        rule=f"hidden-unicode/{_kind(characters[0][1])}",
        severity=Severity.WARNING,
        message=f"hidden characters that a model reads: {', '.join(names[:_SHOWN])}{more}",
        location=location,
        hint="delete them, or say why they are there where people can see it",
    )


def _kind(character: str) -> str:
    if "\U000e0000" <= character <= "\U000e007f":
        return "tag"
    return next((name for name, members in _KINDS if character in members), "invisible")


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}".rstrip()
