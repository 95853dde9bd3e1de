"""Scalars as YAML text that every YAML reader, of version 1.1 or 1.2, takes for the same value.

Says what may stand plain and how the rest is quoted; knows nothing of the document around it.
"""

from __future__ import annotations

import re

from hubctl.config.scalars import NotJson, plain_value

_ESCAPES = {"\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1b": "\\e", "\\": "\\\\"}
_JOINERS = {0x200C: None, 0x200D: None}  # of emoji and of scripts that join letters
# What may not stand in a YAML file at all, or ends a line there.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_OLD_WORDS = frozenset(
    ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<")
)
# Numbers with underscores, in base 60 and other bases, and dates: text in YAML 1.2, not in 1.1.
_OLD_NUMBER = re.compile(
    r"[-+]?(?:0[xob][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)\Z"
    r"|[-+]?\.(?i:inf|nan)\Z|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)
_PLAIN_START = re.compile(r"\w|[/.$(^+;<\\~]|[^\x00-\x7f]")
_NEVER_PLAIN = re.compile(r": |:\Z| #|\A(?:\.\.\.|---)")
_NEVER_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}:?]")


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether the text can stand without quotes and stays text."""
    if not text or text != text.strip() or not _is_visible(text):
        return False
    if not _PLAIN_START.match(text) or _NEVER_PLAIN.search(text):
        return False
    if flow and _NEVER_PLAIN_IN_FLOW.search(text):
        return False
    return not _means_something(text)


def _means_something(text: str) -> bool:
    if text.lower() in _OLD_WORDS or _OLD_NUMBER.match(text):
        return True
    try:
        return not isinstance(plain_value(text), str)
    except NotJson:
        return True


def quoted(text: str, mark: str) -> str:
    """The text in quotes: in `mark` (`'` or `"`) where that needs no backslash."""
    if not _is_visible(text):
        return '"' + "".join(map(_escaped, text)).replace('"', '\\"') + '"'
    if mark == "'" or '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_visible(text: str) -> bool:
    return text.isprintable() or text.translate(_JOINERS).isprintable()


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _is_visible(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def scalar_text(value: object, *, flow: bool, mark: str, always: bool = False) -> str:
    """A JSON scalar on one line; text is quoted where it must be, or `always`."""
    if isinstance(value, str):
        return value if not always and is_plain(value, flow=flow) else quoted(value, mark)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _float_text(value) if isinstance(value, float) else str(value)


def _float_text(value: float) -> str:
    # `1e+22` is text in YAML 1.1: it wants a point.
    digits, exponent, power = repr(value).partition("e")
    return (digits if "." in digits else digits + ".0") + exponent + power


def can_be_literal(text: str) -> bool:
    """Whether a text reads well, and exactly, as a `|` block."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or _CONTROL.search(text):
        return False
    if lines[0][:1] in ("", " ", "\t") or lines[-1] == "":
        return False
    return all(line.strip() or not line for line in lines)
