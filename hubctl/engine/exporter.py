"""The variables of the client's exporter: they are written together, or not at all.

One that is somebody else's would lead where it says what the others switch on: telemetry of this
account to a server that it never went to. Pure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity
from hubctl.model.state import Action, Status

if TYPE_CHECKING:
    from hubctl.model.change import Change, TargetPlan

SETTINGS = ".claude/settings.json"
_OURS = re.compile(r"/env/(?:CLAUDE_CODE_ENABLE_TELEMETRY|OTEL_[A-Z0-9_]+)\Z")
_ELSEWHERE = re.compile(r"/env/OTEL_EXPORTER_OTLP_(?:LOGS|METRICS)_(?:ENDPOINT|PROTOCOL)\Z")
_WRITING = (Action.CREATE, Action.UPDATE, Action.ADOPT)


def together(plan: TargetPlan) -> TargetPlan:
    """The plan of a host that collects telemetry, without what would lead it elsewhere."""
    ours = [c for c in plan.changes if c.address.path == SETTINGS and _is_ours(c)]
    theirs = [c.address.fragment for c in ours if c.status is Status.CONFLICT and not _decided(c)]
    beside = [at for at in plan.foreign.get(SETTINGS, ()) if _ELSEWHERE.match(at)]
    if not (theirs or beside):
        return plan
    name = (theirs or beside)[0].rpartition("/")[2]
    return replace(
        plan,
        changes=tuple(_held(c, name) if c in ours else c for c in plan.changes),
        findings=(*plan.findings, *(_finding(plan, at) for at in beside)),
    )


def _is_ours(change: Change) -> bool:
    return bool(_OURS.match(change.address.fragment)) and change.desired is not None


def _decided(change: Change) -> bool:
    """Whether a person said what is to become of a conflict."""
    return change.take or bool(change.excepted)


def _held(change: Change, name: str) -> Change:
    if change.action not in _WRITING or _decided(change):
        return change
    reason = f"waits for a decision about {name}, which would lead telemetry elsewhere"
    return replace(change, action=Action.NONE, status=Status.PENDING, reason=reason)


def _finding(plan: TargetPlan, pointer: str) -> Finding:
    name = pointer.rpartition("/")[2]
    return Finding(
        rule="metrics/led-elsewhere",
        severity=Severity.WARNING,
        message=f"{name} leads telemetry past the collector of this machine",
        address=f"{plan.target}:{SETTINGS}#{pointer}",
        hint="take it out of the settings, or say what it shall be in `global.env`",
    )
