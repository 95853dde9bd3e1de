"""Checks that one drift report answers: canonical.yaml, drift, settings, secrets, leftovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.fleet.validation import validation_findings
from hubctl.health.kept import EXCEPTIONS
from hubctl.health.result import Answer
from hubctl.model.finding import Severity
from hubctl.output.summary import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.health.subject import Subject
    from hubctl.model.finding import Finding

# Families of rules, as docs/reference/findings.md has them, and the check that tells them.
SETTINGS = ("settings/", "mcp/")
SECRETS = ("secret/", "hidden-unicode/")


def canonical(subject: Subject) -> Answer:
    """canonical.yaml is valid, on its own and on this machine."""
    if subject.world is None:
        return Answer(summary=subject.why_not, findings=subject.broken)
    found = validation_findings(subject.world)
    findings = _telling(f for f in found if not f.rule.startswith(EXCEPTIONS))
    targets = len(subject.world.compiler.head.names)
    return Answer(
        summary=f"valid, {plural(targets, 'target')}{_and(findings)}",
        findings=findings,
        facts={"targets": targets, "path": subject.world.files.path},
    )


def drift(subject: Subject) -> Answer:
    """Reality is as canonical.yaml says."""
    found = subject.drift
    changes = found.open_changes()
    elsewhere = (*SETTINGS, *SECRETS, *EXCEPTIONS)
    others = [f for f in found.findings if not f.rule.startswith(elsewhere)]
    where = len({change.address.target for change in changes})
    summary = (
        f"{plural(len(changes), 'difference')} at {plural(where, 'target')}"
        if changes
        else "every target is as canonical.yaml says"
    )
    return Answer(
        summary=summary,
        findings=tuple(others),
        facts={"differences": len(changes), "targets": len(found.plan.targets)},
    )


def settings(subject: Subject) -> Answer:
    """The client reads every settings file whole, and every entry in it can match."""
    return _family(subject, SETTINGS, "the client reads every settings file whole")


def secrets(subject: Subject) -> Answer:
    """No secret and no hidden text in what hubctl reads and writes."""
    return _family(subject, SECRETS, "no secret and no hidden text seen")


def _family(subject: Subject, rules: tuple[str, ...], fine: str) -> Answer:
    findings = _telling(f for f in subject.drift.findings if f.rule.startswith(rules))
    counted = [f for f in findings if f.severity is not Severity.NOTE]
    return Answer(summary=plural(len(counted), "finding") if counted else fine, findings=findings)


def _telling(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return tuple(sorted(findings, key=lambda finding: order[finding.severity]))


def _and(findings: Iterable[Finding]) -> str:
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    return f", {plural(warnings, 'warning')}" if warnings else ""
