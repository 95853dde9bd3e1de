"""Findings about canonical.yaml: one way to make them, and the nearest word for a misspelt one.

Owns the exit codes of the family `canonical/`; says nothing about what is checked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

_SHOWN = 60
_NEAR = 0.6


class More(TypedDict, total=False):
    """What else a finding may say; see Finding."""

    path: str
    expected: str
    hint: str


def problem(rule: str, message: str, location: Location, **more: Unpack[More]) -> Finding:
    """An error in canonical.yaml: exit code 2. `rule` is without its family."""
    return Finding(
        rule=f"canonical/{rule}",
        severity=Severity.ERROR,
        message=message,
        location=location,
        exit_code=2,
        **more,
    )


def warning(
    rule: str, message: str, location: Location, *, exit_code: int = 0, **more: Unpack[More]
) -> Finding:
    """Something doubtful that canonical.yaml can be used with."""
    found = problem(rule, message, location, **more)
    return replace(found, severity=Severity.WARNING, exit_code=exit_code)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` probably means, "" if none is near."""
    import difflib

    folded = {_fold(name): name for name in known}
    if _fold(word) in folded:
        return folded[_fold(word)]
    close = difflib.get_close_matches(_fold(word)[:_SHOWN], folded, n=1, cutoff=_NEAR)
    return folded[close[0]] if close else ""


def _fold(word: str) -> str:
    return word.casefold().replace("-", "_")


def shown(text: str) -> str:
    """Text of a user inside a message: on one line, printable, at most 60 characters."""
    line = "".join(c if c.isprintable() else "·" for c in text[: _SHOWN + 1])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
