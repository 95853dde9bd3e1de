"""Reports: the one value that words, JSON, every other format and the exit code are made of.

Made by `output.verdict.report` only; a format reads it and decides nothing. It holds no secret:
sensitive values are masked before they get here.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.model.change import Change, Plan
    from hubctl.model.finding import Finding


class Verdict(enum.Enum):
    """The outcome in one word; `failed` also stands for a bug of ours."""

    CLEAN = "clean"
    CHANGES = "changes"
    DRIFT = "drift"
    FINDINGS = "findings"
    CONFLICT = "conflict"
    FAILED = "failed"
    INVALID = "invalid"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done at one target.

    Attributes:
        target: its name.
        written: how many changes were carried out; failed: how many were not.
        message: one sentence about what went wrong, "" if nothing did.
        hint: the command that resolves it.
        exit_code: the exit code this outcome alone would cause (0, 3, 4, 70 or 130).
        undone: addresses, as text, that were planned and not carried out; with `failed` and
            none named, nothing of the target was carried out.
        journal: name of the journal entry that `rollback` takes, "" if nothing was written.
    """

    target: str
    written: int = 0
    failed: int = 0
    message: str = ""
    hint: str = ""
    exit_code: int = 0
    undone: tuple[str, ...] = ()
    journal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a command has to tell.

    Attributes:
        command: `plan`, `diff`, `drift`, `apply`, `validate`, `rollback` …
        plan: masked; the findings in it are those beside the changes.
        findings: all that is told: those and one for every change that is not carried out.
        outcomes: what was done, one per target; () for a command that only looks.
        exit_code: worst of all of them.
        verdict: the same in one word.
    """

    command: str
    plan: Plan
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    exit_code: int
    verdict: Verdict

    def told(self) -> dict[str, Finding]:
        """Address → the finding that tells of its change."""
        rows: dict[str, Finding] = {}
        for finding in self.findings:
            if finding.address and finding.rule.startswith("drift/"):
                rows.setdefault(finding.address, finding)
        return rows

    def open_changes(self) -> tuple[Change, ...]:
        """The changes that are told of, in order: all but those that were carried out."""
        told = self.told()
        return tuple(change for change in self.plan.changes() if str(change.address) in told)
