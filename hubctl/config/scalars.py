"""Plain scalars of YAML as JSON values, by the core schema of YAML 1.2.

`yes`, `no`, `on` and `off` are text, dates are text, `012` is the number 12 (with a warning, since
YAML 1.1 reads 10), `0o12` is 10. What JSON cannot hold (`.nan`, `.inf`) is refused.
"""

from __future__ import annotations

import math
import re

MAX_DIGITS = 100
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+\Z")

TAGS = ("str", "int", "float", "bool", "null")


class NotJson(ValueError):  # noqa: N818 - says what the scalar is not, nothing failed
    """The scalar is a number of YAML that JSON cannot hold."""


def plain_value(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar.

    Raises:
        NotJson: infinite, no number, or longer than MAX_DIGITS.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _number(text) if text[0] in _FIRST else text


def _number(text: str) -> str | int | float:
    if _FLOAT.match(text) or _OTHER_BASE.match(text):
        if len(text) > MAX_DIGITS:
            raise NotJson(f"a number of {len(text)} characters")
        if _INT.match(text):
            return int(text)
        return _finite(text) if _FLOAT.match(text) else int(text, 0)
    if _NOT_FINITE.match(text):
        raise NotJson(f"`{text}` is no number in JSON")
    return text


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NotJson(f"`{text}` is too large for a number in JSON")
    return value


def has_leading_zero(text: str) -> bool:
    """Whether YAML 1.1 and 1.2 read different numbers here."""
    return len(text) > 1 and _LEADING_ZERO.match(text) is not None


def fits_tag(value: object, tag: str) -> bool:
    """Whether a plain scalar's value is what its tag (one of TAGS, without `!!`) says."""
    kinds = {"int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),)}
    return type(value) in kinds[tag]
