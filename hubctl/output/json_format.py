"""A report as one JSON document (schemas/report.schema.json): for scripts and dashboards."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hubctl.output.options import Options
from hubctl.output.values import Json, encode_finding, encode_location, encode_value

if TYPE_CHECKING:
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.report import Outcome, Report

FORMAT = "hubctl/report"
VERSION = 1


def report_json(report: Report, options: Options | None = None) -> str:
    """The whole report; keys in a fixed order, so that equal reports are equal bytes."""
    blame = (options or Options()).blame
    plan = report.plan
    document = {
        "format": FORMAT,
        "version": VERSION,
        "command": report.command,
        "verdict": report.verdict.value,
        "exit_code": report.exit_code,
        "hub": plan.hub,
        "canonical": plan.canonical,
        "revision": plan.revision,
        "counts": {status.value: count for status, count in plan.counts().items()},
        "targets": [_target(target, blame) for target in plan.targets],
        "findings": [encode_finding(finding) for finding in report.findings],
        "outcomes": [_outcome(outcome) for outcome in report.outcomes],
    }
    return json_text(document)


def _target(target: TargetPlan, blame: Mapping[str, str]) -> Json:
    return {
        "name": target.target,
        "root": target.root,
        "in_sync": target.in_sync,
        "changes": [_change(change, blame) for change in target.changes],
        "findings": [encode_finding(finding) for finding in target.findings],
    }


def _change(change: Change, blame: Mapping[str, str]) -> Json:
    return {
        "address": str(change.address),
        "scope": change.scope.value,
        "renderer": change.renderer,
        "status": change.status.value,
        "action": change.action.value,
        "before": encode_value(change.observed),
        "after": encode_value(change.desired),
        "reason": change.reason,
        "decided_by": encode_location(change.decided_by),
        "sensitive": change.sensitive,
        "excepted": change.excepted,
        "take": change.take,
        "blame": blame.get(str(change.address), ""),
    }


def _outcome(outcome: Outcome) -> Json:
    return {
        "target": outcome.target,
        "written": outcome.written,
        "failed": outcome.failed,
        "message": outcome.message,
        "hint": outcome.hint,
        "exit_code": outcome.exit_code,
        "undone": list(outcome.undone),
        "journal": outcome.journal,
    }


def json_text(document: object) -> str:
    """A document as readable UTF-8; half a surrogate pair can only be written as an escape."""
    text = json.dumps(_finite(document), ensure_ascii=False, indent=2)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(_finite(document), indent=2)
    return text + "\n"


def _finite(value: object) -> object:
    """JSON has no infinity; a user's `1e999` reads as one and is told as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
