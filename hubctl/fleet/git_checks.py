"""What git says about files that are about to be written.

Local ones must not be tracked, committed ones not ignored. Asked only where there is something to
write, because it costs a process.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.state import Action, Scope
from hubctl.system import git, git_ignores

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.engine.observe import Observer
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.target import Target

_WRITING = (Action.CREATE, Action.UPDATE)
_ELSEWHERE = (".git/", "@state/")
EXCLUDE = ".git/info/exclude"


def check_git(plan: TargetPlan, observer: Observer) -> TargetPlan:
    """The plan without writes to local files that git shows, with findings about ignored ones."""
    target = observer.target
    if target.is_host or not target.common_dir:
        return plan
    plan = _without_unprotected(plan, observer)
    local = _paths(plan, Scope.LOCAL, _WRITING)
    tracked = git.tracked(target.root, local)
    ignored = git_ignores.ignored(target.root, _paths(plan, Scope.COMMITTED, (Action.CREATE,)))
    if not tracked and not ignored:
        return plan
    refused = [c for c in plan.changes if _is_tracked(c, tracked)]
    return replace(
        plan,
        changes=tuple(replace(c, action=Action.NONE) if c in refused else c for c in plan.changes),
        findings=(
            *plan.findings,
            *(_tracked(target, change) for change in refused),
            *(_ignored(target, path) for path in sorted(ignored)),
        ),
    )


def _without_unprotected(plan: TargetPlan, observer: Observer) -> TargetPlan:
    """The plan without local files that would show in git, where their block cannot be written."""
    told = {finding.address for finding in plan.findings}
    target = observer.target
    if f"{target.name}:{EXCLUDE}" not in told:
        return plan
    local = _paths(plan, Scope.LOCAL, _WRITING)
    shown = set(local) - git_ignores.ignored(target.root, local)
    if not shown:
        return plan
    kept = tuple(c for c in plan.changes if c.address.path not in shown)
    findings = (_unprotected(target, path) for path in sorted(shown))
    return replace(plan, changes=kept, findings=(*plan.findings, *findings))


def _unprotected(target: Target, path: str) -> Finding:
    return Finding(
        rule="git/not-ignored",
        severity=Severity.ERROR,
        message=f"git would show {path}, which is about this machine alone; it is left alone",
        address=f"{target.name}:{path}",
        hint=f"mend {target.absolute(EXCLUDE)}, or ignore {path} yourself",
        exit_code=3,
    )


def _paths(plan: TargetPlan, scope: Scope, actions: Iterable[Action]) -> tuple[str, ...]:
    found = {
        change.address.path
        for change in plan.changes
        if change.scope is scope and change.action in actions
    }
    return tuple(sorted(path for path in found if not path.startswith(_ELSEWHERE)))


def _is_tracked(change: Change, tracked: frozenset[str]) -> bool:
    return change.scope is Scope.LOCAL and change.address.path in tracked


def _tracked(target: Target, change: Change) -> Finding:
    path = change.address.path
    return Finding(
        rule="git/tracked",
        severity=Severity.ERROR,
        message=f"git tracks {path}, which is about this machine alone; nothing is written there",
        address=str(change.address),
        decided_by=change.decided_by,
        hint=f"git -C {target.root} rm --cached {path}",
        exit_code=4,
    )


def _ignored(target: Target, path: str) -> Finding:
    return Finding(
        rule="git/ignored",
        severity=Severity.WARNING,
        message=f"git ignores {path}, which is meant for everybody who clones",
        location=Location(file=f"{target.root}/{path}"),
        address=f"{target.name}:{path}",
        hint=f"`git -C {target.root} check-ignore -v {path}` shows the rule; or set commit: false",
        exit_code=1,
    )
