"""Repairs that do not last: when somebody keeps changing a value back, hubctl stops and says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.finding import Finding, Severity
from hubctl.model.state import REPAIRED, Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.engine.journal import Journal
    from hubctl.model.change import Change, TargetPlan

LIMIT = 3
WINDOW = timedelta(days=1)
_REPAIRED_TEXTS = tuple(status.value for status in REPAIRED)


def recent_repairs(journal: Journal, now: datetime) -> Counter[str]:
    """Address → how often it was repaired within the last day."""
    counts: Counter[str] = Counter()
    for entry_id in reversed(journal.ids()):
        try:
            entry = journal.read(entry_id)
            began = datetime.fromisoformat(entry.time)
        except (OperationError, ValueError):
            continue  # a damaged entry tells nothing, and must not stop every repair after it
        if now - began > WINDOW:
            break
        if entry.command.startswith("rollback") or entry.ending != "done":
            continue
        for batch in entry.batches:
            if batch.target not in entry.failed:
                counts.update(a for a, status in batch.changes if status in _REPAIRED_TEXTS)
    return counts


def hold_contested(
    plan: TargetPlan, repaired: Mapping[str, int], who: Callable[[Change], str]
) -> TargetPlan:
    """The plan without repairs that were undone LIMIT - 1 times already, each one a finding."""
    held = [c for c in plan.changes if _is_contested(c, repaired)]
    if not held:
        return plan
    kept = tuple(_held(c) if c in held else c for c in plan.changes)
    findings = tuple(_contested(c, repaired[str(c.address)], who(c)) for c in held)
    return replace(plan, changes=kept, findings=(*plan.findings, *findings))


def _is_contested(change: Change, repaired: Mapping[str, int]) -> bool:
    if change.status not in REPAIRED or change.action is Action.NONE:
        return False
    if change.take or change.excepted:
        return False
    return repaired.get(str(change.address), 0) >= LIMIT - 1


def _held(change: Change) -> Change:
    return replace(change, action=Action.NONE)


def _contested(change: Change, times: int, who: str) -> Finding:
    return Finding(
        rule="repair/contested",
        severity=Severity.ERROR,
        message=f"somebody keeps changing this back: repaired {times} times within a day; {who}",
        address=str(change.address),
        decided_by=change.decided_by,
        hint=f"settle it with them, or write it again: hubctl apply --take '{change.address}'",
        exit_code=4,
    )
