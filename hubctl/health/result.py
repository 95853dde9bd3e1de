"""What a check tells: one line for people, and the findings behind it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.model.finding import Finding


class State(enum.Enum):
    """How a check ended, best first. SKIPPED could not look, and says why."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check's answer.

    Attributes:
        check, title: of the check's row. state: see State.
        summary: one sentence without final period.
        findings: what is wrong, and notes.
        facts: figures for programs and for the details of an audit.
        seconds: how long it took.
    """

    check: str
    title: str
    state: State
    summary: str
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check itself returns; its row and the clock add the rest."""

    summary: str
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    skipped: bool = False

    @property
    def state(self) -> State:
        """As bad as the worst finding that counts."""
        if self.skipped:
            return State.SKIPPED
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return State.ERROR
        if any(finding.severity is Severity.WARNING for finding in self.findings):
            return State.WARNING
        return State.OK


def exit_code(results: Iterable[Result]) -> int:
    """0 where all is well, 1 where something needs attention; docs/reference/exit-codes.md."""
    return int(any(result.state in (State.WARNING, State.ERROR) for result in results))
