"""Findings: everything hubctl has to tell about something that is not as it should be."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """How bad: an ERROR refuses, a WARNING counts in exit codes of `drift`, a NOTE never does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in a file; `line` and `column` count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        rule: stable id, kebab-case with a family (`canonical/unknown-key`, `drift/drifted`).
        severity: see Severity.
        message: one sentence without final period, values masked where sensitive.
        location: where it was seen (canonical.yaml, or a file of a target).
        path: path inside the document (`repositories.api.profiles`), "" if none.
        address: the address it is about, as text; "" if none.
        decided_by: the line of canonical.yaml that decides, if one does.
        expected: what was expected there, "" if it goes without saying.
        hint: the command or edit that resolves it.
        exit_code: the exit code this finding alone would cause (0, 1, 2, 3 or 4).
    """

    rule: str
    severity: Severity
    message: str
    location: Location | None = None
    path: str = ""
    address: str = ""
    decided_by: Location | None = None
    expected: str = ""
    hint: str = ""
    exit_code: int = 0
