"""Checks of the repositories: they are there, and git is not in the middle of something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.health.result import Answer
from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.summary import plural
from hubctl.system.git import work_tree_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.health.subject import Subject
    from hubctl.model.target import Target
    from hubctl.system.git import WorkTreeState

# What git leaves in its folder while a person has to finish something.
UNFINISHED = (
    ("MERGE_HEAD", "a merge"),
    ("rebase-merge", "a rebase"),
    ("rebase-apply", "a rebase or am"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"),
    ("REVERT_HEAD", "a revert"),
    ("BISECT_LOG", "a bisection"),
)


def repositories(subject: Subject) -> Answer:
    """Where git stands in every repository: unfinished work is told, uncommitted work counted."""
    world = subject.hub()
    located = [world.compiler.locate(name) for name in world.compiler.head.names if name != HOST]
    targets = [one.target for one in located if one.target is not None and one.target.common_dir]
    findings: list[Finding] = []
    states: dict[str, dict[str, object]] = {}
    for target in targets:
        state = work_tree_state(target.root)
        findings += _unfinished(subject, target)
        if state is not None:
            states[target.name] = _facts(state)
    dirty = sum(bool(facts["uncommitted"]) for facts in states.values())
    summary = f"{plural(len(targets), 'checkout')}, {dirty} with uncommitted work"
    return Answer(summary=summary, findings=tuple(findings), facts={"repositories": states})


def _unfinished(subject: Subject, target: Target) -> Iterator[Finding]:
    door = subject.hub().door
    for name, what in UNFINISHED:
        if door.look(f"{target.common_dir}/{name}") is not None:
            yield Finding(
                rule="health/unfinished-git",
                severity=Severity.WARNING,
                message=f"{what} is not finished in {target.name}",
                location=Location(file=target.root),
                hint=f"git -C {target.root} status",
            )


def _facts(state: WorkTreeState) -> dict[str, object]:
    return {
        "branch": state.branch,
        "ahead": state.ahead,
        "behind": state.behind,
        "uncommitted": state.uncommitted,
    }
