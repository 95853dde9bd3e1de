"""Edits that cannot be made, found while planning: their file drops out, the others go on.

A file may be readable and still not editable: the client takes the last of two equal keys, so it is
no error to read, but which one to change is not ours to guess. Writes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.state import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.documents import DocumentError
    from hubctl.engine.observe import Observer
    from hubctl.model.change import Change, TargetPlan

_WRITING = (Action.CREATE, Action.UPDATE, Action.DELETE)


def without_impossible(
    plan: TargetPlan, observer: Observer, containers: Mapping[str, str]
) -> TargetPlan:
    """The plan without changes in files that cannot be edited as it wants, each a finding."""
    inside = [c for c in plan.changes if c.address.fragment and c.action in _WRITING]
    findings: dict[str, Finding] = {}
    for path, changes in groupby(inside, key=lambda change: change.address.path):
        finding = None if path.startswith("unit:") else _tried(path, changes, observer, containers)
        if finding is not None:
            findings[path] = finding
    if not findings:
        return plan
    return replace(
        plan,
        changes=tuple(c for c in plan.changes if c.address.path not in findings),
        findings=(*plan.findings, *findings.values()),
    )


def _tried(
    path: str, changes: Iterable[Change], observer: Observer, containers: Mapping[str, str]
) -> Finding | None:
    """What keeps the changes from being made in a file that is there; None where nothing does."""
    from hubctl.documents import DocumentError, Edit, edit_document

    view = observer.file(path)
    if view.data is None:
        return None
    edits = [Edit(address=c.address, value=c.desired, recorded=c.recorded) for c in changes]
    mine = {key: was for key, was in containers.items() if key.partition("#")[0] == path}
    try:
        edit_document(path, view.data, edits, mine)
    except DocumentError as error:
        return _finding(observer, path, error)
    return None


def _finding(observer: Observer, path: str, error: DocumentError) -> Finding:
    target = observer.target
    return Finding(
        rule="edit/impossible",
        severity=Severity.ERROR,
        message=f"{error.message}; the file is left alone",
        location=Location(file=target.absolute(path), line=error.line, column=error.column),
        address=f"{target.name}:{path}",
        hint=error.hint or f"mend it, then run hubctl plan {target.name}",
        exit_code=3,
    )
