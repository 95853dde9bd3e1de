"""Characters that nobody sees in an instruction file, but that a model reads.

Owns what counts as hidden and where such a character is legitimate (emoji, scripts that join
letters, right-to-left text). Which files are looked at is the caller's choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from hubctl.model.finding import Finding, Location, Severity

_MOST_NAMED = 5
_MOST_SHOWN = 60
_BOM = "\ufeff"


class Family(NamedTuple):
    """One kind of hidden character: its rule, its words, and the characters (a regex class)."""

    rule: str
    words: str
    characters: str


# The most dangerous first: a line's finding is named after the first family it has.
FAMILIES = (
    Family("tag", "tag characters, which spell invisible text", "\U000e0000-\U000e007f"),
    Family("bidi", "bidirectional controls", "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"),
    Family("zero-width", "zero-width characters", "\u180e\u200b-\u200d\u2060\ufeff"),
    Family("control", "control characters", "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"),
    Family(
        "invisible",
        "invisible characters",
        "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2028\u2029\u2061-\u2065"
        "\u206a-\u206f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffb"
        "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e0fff",
    ),
)
_HIDDEN = re.compile("[" + "".join(family.characters for family in FAMILIES) + "]")
_FAMILY = tuple((family, re.compile(f"[{family.characters}]")) for family in FAMILIES)

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_JOINING = (
    "[\u0590-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\u1900-\u1cff"
    "\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
# The sign that drops a vowel: a joiner behind it chooses the letter's form, at a word's end too.
_VIRAMA = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]"
_SPACELESS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf]"
_HAN = "[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u05f4\u0620-\u06ff\u0700-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)
_SKIN = "[\U0001f3fb-\U0001f3ff]"
# England, Scotland, Wales: the only flags written with tags.
_FLAGS = "|".join(
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in place) + "\U000e007f"
    for place in ("gbeng", "gbsct", "gbwls")
)
# Everything here may hold hidden characters; what is left outside of it is hidden for a reason.
_LEGITIMATE = re.compile(
    "|".join(
        (
            _FLAGS,
            f"{_PICTURE}(?:\ufe0f|{_SKIN})?(?:\u200d{_PICTURE}(?:\ufe0f|{_SKIN})?)+",
            f"{_PICTURE}[\ufe0e\ufe0f]",
            "[0-9#*]\ufe0f\u20e3",
            f"(?<={_JOINING})[\u200c\u200d](?={_JOINING})",
            f"(?<={_VIRAMA})[\u200c\u200d]",
            "(?<=[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff])\u200d",
            f"(?<={_SPACELESS})\u200b(?={_SPACELESS})",
            f"(?<={_HAN})[\ufe00-\ufe02\U000e0100-\U000e01ef]",
            "(?<=[\u1820-\u18aa])[\u180b-\u180f]",
        )
    )
)
_MARKS = {ord(c): None for c in "\u061c\u200e\u200f"}


def hidden_characters(text: str, file: str) -> tuple[Finding, ...]:
    """One warning for each line with hidden characters; a byte order mark at the start is none.

    `file` names the file in the findings.
    """
    body = text.removeprefix(_BOM)
    if not _HIDDEN.search(body):
        return ()
    findings = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", body), 1):
        found = _found(line) if _HIDDEN.search(line) else []
        if found:
            findings.append(_finding(found, Location(file=file, line=number), line))
    return tuple(findings)


def _found(line: str) -> list[re.Match[str]]:
    if _RIGHT_TO_LEFT.search(line):
        line = line.translate(dict.fromkeys(_MARKS, " "))
    # Same length, so that columns stay.
    cleared = _LEGITIMATE.sub(lambda match: " " * len(match[0]), line)
    return list(_HIDDEN.finditer(cleared))


def _finding(found: list[re.Match[str]], line: Location, text: str) -> Finding:
    characters = [match[0] for match in found]
    family = next(
        family for family, pattern in _FAMILY if any(pattern.match(c) for c in characters)
    )
    spelt = "".join(chr(ord(c) - 0xE0000) for c in characters if "\U000e0020" <= c <= "\U000e007e")
    return Finding(
        rule=f"hidden-unicode/{family.rule}",
        severity=Severity.WARNING,
        message=f"{family.words} stand here: {_names(characters)}" + _spelling(spelt),
        location=Location(file=line.file, line=line.line, column=found[0].start() + 1),
        expected="text that shows everything it says",
        hint="delete them, or write the line anew; an editor hides them, a model reads them",
    )


def _names(characters: list[str]) -> str:
    counts = Counter(characters)
    names = [
        f"U+{ord(c):04X} {unicodedata.name(c, 'CONTROL')}" + (f" ×{n}" if n > 1 else "")
        for c, n in list(counts.items())[:_MOST_NAMED]
    ]
    more = len(counts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _spelling(spelt: str) -> str:
    if not spelt:
        return ""
    short = spelt if len(spelt) <= _MOST_SHOWN else spelt[: _MOST_SHOWN - 1] + "…"
    return f"; they spell “{short}”"
