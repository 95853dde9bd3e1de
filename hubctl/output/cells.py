"""Terminal columns of text, and text made safe to print.

Own code because the text output must not load rich: a clean `drift` has no time for it.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_EMOJI_STYLE = "\ufe0f"


def width(text: str) -> int:
    """Columns that `text` takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if char == _EMOJI_STYLE:
        return 1  # it widens the narrow character before it
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, limit: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in at most `limit` columns; what is cut off is shown by an ellipsis."""
    if width(text) <= limit:
        return text
    room = limit - width(ellipsis)
    if room <= 0:
        return ellipsis[: max(limit, 0)]
    kept, used = [], 0
    for char in text:
        used += _char_width(char)
        if used > room:
            break
        kept.append(char)
    return "".join(kept).rstrip() + ellipsis


def pad(text: str, columns: int) -> str:
    """`text` followed by spaces up to `columns`."""
    return text + " " * max(0, columns - width(text))


def printable(text: str) -> str:
    r"""`text` with control, bidirectional, zero-width and surrogate characters as `\x1b`, `\u202e`.

    A value from somebody's file must never steer the terminal or hide what it says.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(char) for char in text)


def _safe(char: str) -> str:
    kind = unicodedata.category(char)
    if kind not in _HIDDEN and (kind != "Zs" or char == " "):
        return char
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
