"""Findings about canonical.yaml: one way to make them, and the nearest word for a misspelt one.

Owns the exit codes of the family `canonical/`; says nothing about what is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 60
_NEAR = 0.6


def problem(  # noqa: PLR0913 - keyword only, one per field of a finding
    rule: str,
    message: str,
    location: Location,
    *,
    path: str = "",
    expected: str = "",
    hint: str = "",
) -> Finding:
    """An error in canonical.yaml: exit code 2. `rule` is without its family."""
    return Finding(
        rule=f"canonical/{rule}",
        severity=Severity.ERROR,
        message=message,
        location=location,
        path=path,
        expected=expected,
        hint=hint,
        exit_code=2,
    )


def warning(  # noqa: PLR0913 - keyword only, one per field of a finding
    rule: str,
    message: str,
    location: Location,
    *,
    path: str = "",
    expected: str = "",
    hint: str = "",
    exit_code: int = 0,
) -> Finding:
    """Something doubtful that canonical.yaml can be used with."""
    return Finding(
        rule=f"canonical/{rule}",
        severity=Severity.WARNING,
        message=message,
        location=location,
        path=path,
        expected=expected,
        hint=hint,
        exit_code=exit_code,
    )


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
