"""What is refused before anything is parsed: size, encoding, characters that editors do not show.

Takes bytes, gives text or findings. Cost is linear in the size, which is itself limited.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.config.problems import problem
from hubctl.model.finding import Location

if TYPE_CHECKING:
    from hubctl.model.finding import Finding

MAX_BYTES = 4 << 20
_MOST_SHOWN = 20
_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# U+0085, U+2028 and U+2029 end a line for YAML 1.1 parsers but for no editor: a key could hide
# behind a comment.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# Both take quadratic time: the parser in Python for the name of a tag, libyaml for tag handles.
MAX_NAME = 4096
_LONG_NAME = re.compile(rf"(?:^|[\s\[{{,])([!&*]\S{{{MAX_NAME}}})", re.MULTILINE)
_TAG_HANDLE = re.compile(r"^%TAG\b", re.MULTILINE)
BREAK = re.compile(r"\r\n|\r|\n")


def screen(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file, or "" and why it is refused."""
    if len(data) > MAX_BYTES:
        return "", (_too_large(data, file),)
    if data.startswith(_WIDE):
        return "", (_wrong_encoding(Location(file=file, line=1, column=1), "UTF-16 or UTF-32"),)
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8", "replace")
        byte = f"the byte 0x{body[error.start]:02x}"
        return "", (_wrong_encoding(locate(before, len(before), file), byte),)
    refused = _control_characters(text, file) or _costly(text, file)
    return ("", refused) if refused else (text, ())


def locate(text: str, offset: int, file: str) -> Location:
    """Line and column of a character offset."""
    breaks = list(BREAK.finditer(text, 0, offset))
    start = breaks[-1].end() if breaks else 0
    return Location(file=file, line=len(breaks) + 1, column=offset - start + 1)


def _control_characters(text: str, file: str) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for match in _REFUSED.finditer(text):
        if len(found) == _MOST_SHOWN:
            break
        name = f"U+{ord(match[0]):04X}"
        found.append(
            problem(
                "control-character",
                f"the character {name} stands here; editors do not show it",
                locate(text, match.start(), file),
                expected="visible text",
                hint=f'delete it, or write it as "\\u{ord(match[0]):04x}" in double quotes',
            )
        )
    return tuple(found)


def _costly(text: str, file: str) -> tuple[Finding, ...]:
    if handle := _TAG_HANDLE.search(text):
        where = locate(text, handle.start(), file)
        return (problem("tag", "tag handles mean nothing here", where, hint="delete the line"),)
    if name := _LONG_NAME.search(text):
        message = "the name of a tag, anchor or alias is too long"
        where = locate(text, name.start(1), file)
        return (problem("long-name", message, where, expected=f"at most {MAX_NAME:,} characters"),)
    return ()


def _too_large(data: bytes, file: str) -> Finding:
    return problem(
        "too-large",
        f"the file has {len(data):,} bytes",
        Location(file=file),
        expected=f"at most {MAX_BYTES:,} bytes",
        hint="move long texts into fragments, and repositories of another team into their own hub",
    )


def _wrong_encoding(where: Location, what: str) -> Finding:
    return problem(
        "encoding",
        f"the file is no UTF-8: {what} stands here",
        where,
        expected="UTF-8",
        hint="save the file as UTF-8",
    )
