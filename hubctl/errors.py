"""Every error a user can meet, and the exit code each one ends with.

    HubctlError (70)
    ├── UsageError (2)        the command line or canonical.yaml is wrong; decided before any work
    │   ├── CanonicalError    canonical.yaml has error findings; carries them all
    │   └── SpecError         a target's spec asks for what no file can hold; carries the part
    ├── OperationError (3)    the world refused: unreadable, unwritable, locked, moved under us
    │   ├── StalePlanError    a saved plan's world is no longer the world; carries the paths
    │   └── JournalOpenError  an earlier apply did not finish; `apply` or `rollback` resolves it
    └── ConflictError (4)     a person must choose

Constructors only store; `cli/main.py` turns an error into words. Many problems at once are
findings in a result, never exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.model.finding import Finding


class HubctlError(Exception):
    """Base of all; `message` says what and where, `hint` what to do."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(HubctlError):
    """The request itself is wrong."""

    exit_code = 2


class CanonicalError(UsageError):
    """canonical.yaml cannot be used; `findings` lists every reason."""

    def __init__(self, message: str, *, findings: Sequence[Finding], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.findings = tuple(findings)


class SpecError(UsageError):
    """What canonical.yaml wants of a target can be no file; `spec` is the part of its spec."""

    def __init__(self, message: str, *, spec: Sequence[str], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.spec = tuple(spec)


class OperationError(HubctlError):
    """An operation failed; nothing was lost."""

    exit_code = 3


class StalePlanError(OperationError):
    """A saved plan no longer fits the world; `paths` are the files that moved."""

    def __init__(self, message: str, *, paths: Sequence[str], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.paths = tuple(paths)


class JournalOpenError(OperationError):
    """An earlier apply was interrupted and its journal is still open."""


class ConflictError(HubctlError):
    """Both sides changed; only a person can choose."""

    exit_code = 4
