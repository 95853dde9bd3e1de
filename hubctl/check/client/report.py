"""Turns hits of rules into findings; the one place that words and weighs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.check.client.rule import Hit, Rule


def findings_of(found: Iterable[tuple[Rule, Hit]], file: str) -> tuple[Finding, ...]:
    """Findings sorted by place and rule; `file` is `target:path`, "" where there is none."""
    findings = {_finding(rule, hit, file) for rule, hit in found}
    return tuple(sorted(findings, key=lambda f: (f.address, f.path, f.rule, f.message)))


def _finding(rule: Rule, hit: Hit, file: str) -> Finding:
    severity = hit.severity or rule.severity
    return Finding(
        rule=rule.id,
        severity=severity,
        message=f"{hit.what} — {rule.reason}",
        location=Location(file=file.partition(":")[2]) if file else None,
        path=".".join(hit.at),
        address=f"{file}#{hit.place}" if file else "",
        hint=rule.hint,
        exit_code=0 if severity is Severity.NOTE else 1,
    )
