"""The vocabulary of the checks over what stands in targets: a row, a hit, and the finding of both.

A check is one row of the table in `check.fleet`: an id, a severity, one sentence, and a pure
function to hits. This module decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a check applies.

    Attributes:
        address: as text. what: what stands there, without any value that could be secret.
        severity, hint: override those of the row.
    """

    address: str
    what: str
    severity: Severity | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of a table of checks.

    Attributes:
        id: stable rule id.
        severity: what a hit weighs unless it says otherwise.
        reason: one sentence, without period: what follows from it.
        hint: the command or edit that resolves it.
        find: all hits in what it looks at (`Seen`, or inventories).
    """

    id: str
    severity: Severity
    reason: str
    hint: str
    find: Callable[..., Iterable[Hit]]


def finding_of(check: Check, hit: Hit) -> Finding:
    """The finding of a hit; `{target}` in a hint is the target that the address names."""
    severity = hit.severity or check.severity
    hint = (hit.hint or check.hint).replace("{target}", hit.address.partition(":")[0])
    return Finding(
        rule=check.id,
        severity=severity,
        message=f"{hit.what} — {check.reason}",
        address=hit.address,
        hint=hint,
        exit_code=0 if severity is Severity.NOTE else 1,
    )
