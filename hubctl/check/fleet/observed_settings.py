"""Lint of settings as they stand: what somebody's own keys do to everything else in the file.

Only what matters to a fleet: a value that makes the client drop the whole file, whatever switches
guards off, keys that are about to go, and homes of one person in files for everybody. What
canonical puts there was linted when it was rendered and is not told twice. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hubctl.check.client import key_rules, permission_rules, unreadable_rules
from hubctl.check.client.report import findings_of
from hubctl.model.address import join_pointer
from hubctl.model.finding import Severity
from hubctl.model.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.client.rule import Case, Hit, Rule
    from hubctl.check.fleet.seen import Seen
    from hubctl.model.finding import Finding

_SWITCH: Final = "settings/kill-switch"
_TOLD: Final = {
    _SWITCH: None,
    "settings/hook-state-moved": None,
    "settings/deprecated-key": None,
    # Somebody's own grants hurt nobody else: no reason to fail a pipeline.
    "settings/committed-home": Severity.NOTE,
}
"""Rules that are told whatever they weigh → the weight they have here, None for their own."""
_RULES: Final[tuple[Rule, ...]] = (
    *key_rules.RULES,
    *unreadable_rules.RULES,
    *(rule for rule in permission_rules.RULES if rule.severity is Severity.ERROR),
)


def observed_lint(seen: Seen) -> tuple[Finding, ...]:
    """Findings about the settings files of one target, sorted by place."""
    found: list[Finding] = []
    for path, case in seen.cases():
        found += findings_of(_hits(seen, path, case), seen.address(path))
    # The address names place and target alike; the location of a rendered file would not.
    other = f"edit it there, or set it in canonical.yaml and run hubctl apply {seen.target}"
    return tuple(replace(f, location=None, path="", hint=f.hint or other) for f in found)


def _hits(seen: Seen, path: str, case: Case) -> Iterator[tuple[Rule, Hit]]:
    known = _FOUND.get((case.settings,), (case.place, case.client), lambda: tuple(_found(case)))
    for rule, hit in known:
        if rule.id == _SWITCH or not _is_owned(seen, path, hit):
            yield rule, hit


_FOUND: Shared[tuple[tuple[Rule, Hit], ...]] = Shared()


def _found(case: Case) -> Iterator[tuple[Rule, Hit]]:
    """What is to be told of one file, whoever owns it."""
    for rule in _RULES:
        for hit in rule.find(case):
            severity = hit.severity or rule.severity
            if rule.id in _TOLD or severity is Severity.ERROR:
                yield rule, replace(hit, severity=_TOLD.get(rule.id) or severity)


def _is_owned(seen: Seen, path: str, hit: Hit) -> bool:
    keys = [hit.place, *(join_pointer(hit.at[:n]) for n in range(1, len(hit.at) + 1))]
    return any(f"{path}#{key}" in seen.owned for key in keys)
