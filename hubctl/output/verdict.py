"""From a plan to a report: what each change means, and the one exit code of them all.

docs/reference/exit-codes.md says the same in words; no format and no command weighs anything again.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from hubctl.errors import ConflictError
from hubctl.model.finding import Finding, Severity
from hubctl.model.report import Outcome, Report, Verdict
from hubctl.model.state import Action, Status
from hubctl.output.masking import masked_plan, scrubber
from hubctl.output.resolve import resolving
from hubctl.output.shown import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.model.change import Change, Plan
    from hubctl.output.masking import Scrub

LOOKING: Final = ("plan", "diff")
_BEST_TO_WORST: Final = (0, 1, 4, 3, 2, 130, 70)
_WIDEST_VALUE = 60

_CODES: Final[Mapping[Status, int]] = {
    Status.IN_SYNC: 0,
    Status.PENDING: 1,
    Status.DRIFTED: 1,
    Status.MISSING: 1,
    Status.CONFLICT: 4,
    Status.ORPHAN: 1,
    Status.UNMANAGED: 0,
    Status.UNREADABLE: 3,
    Status.SHADOWED: 0,
}
_SEVERITIES: Final = {0: Severity.NOTE, 1: Severity.WARNING, 3: Severity.ERROR, 4: Severity.ERROR}
_SENTENCES: Final[Mapping[Status, str]] = {
    Status.IN_SYNC: "only the record is new",
    Status.PENDING: "canonical wants it and it is not applied yet",
    Status.DRIFTED: "it was changed after hubctl wrote it",
    Status.MISSING: "it was removed after hubctl wrote it",
    Status.CONFLICT: "canonical and the file disagree, and only a person can choose",
    Status.ORPHAN: "canonical no longer wants it",
    Status.UNMANAGED: "it stands there and canonical does not mention it",
    Status.UNREADABLE: "it cannot be read",
    Status.SHADOWED: "a higher scope overrides it",
}
_WORDS: Final[Mapping[int, Verdict]] = {
    0: Verdict.CLEAN,
    2: Verdict.INVALID,
    3: Verdict.FAILED,
    4: Verdict.CONFLICT,
    70: Verdict.FAILED,
    130: Verdict.INTERRUPTED,
}


def worst(codes: Iterable[int]) -> int:
    """The exit code that outranks the others; an unknown code counts as our bug."""
    return max((code if code in _BEST_TO_WORST else 70 for code in codes), key=_rank, default=0)


def _rank(code: int) -> int:
    return _BEST_TO_WORST.index(code)


def report(
    command: str,
    plan: Plan,
    *,
    check: bool = False,
    outcomes: Iterable[Outcome] = (),
    extra: Iterable[Finding] = (),
) -> Report:
    """Everything `command` has to tell about `plan`.

    Args:
        command: see Report.
        plan: for `apply` the plan that was carried out; for `drift --fix` a fresh one.
        check: `plan` and `diff` exit 1 where there is something to do.
        outcomes: what was done at each target.
        extra: findings of the whole fleet beside the plan's own.
    """
    scrub = scrubber(plan)
    done = tuple(sorted(outcomes, key=lambda outcome: outcome.target))
    failures = tuple(_failure(outcome) for outcome in done if outcome.exit_code)
    whole = replace(plan, findings=(*plan.findings, *extra, *failures))
    masked = masked_plan(whole, scrub)
    by_target = {outcome.target: outcome for outcome in done} if command == "apply" else {}
    findings = tuple(_findings(command, whole, masked, by_target))
    state = worst(finding.exit_code for finding in findings)
    return Report(
        command=command,
        plan=masked,
        findings=findings,
        outcomes=tuple(_scrub_outcome(outcome, scrub) for outcome in done),
        exit_code=_lenient(state, check=check) if command in LOOKING else state,
        verdict=_verdict(command, state, findings),
    )


def _scrub_outcome(outcome: Outcome, scrub: Scrub) -> Outcome:
    return replace(
        outcome,
        message=scrub(outcome.message),
        hint=scrub(outcome.hint),
        undone=tuple(scrub(address) for address in outcome.undone),
    )


def _lenient(state: int, *, check: bool) -> int:
    """A command that only looks tells of work to do under `--check` alone."""
    return int(check) if state in (1, 4) else state


def _verdict(command: str, state: int, findings: tuple[Finding, ...]) -> Verdict:
    if state != 1:
        return _WORDS[state]
    drift = any(f.exit_code == 1 and f.rule.startswith("drift/") for f in findings)
    if not drift:
        return Verdict.FINDINGS
    return Verdict.DRIFT if command == "drift" else Verdict.CHANGES


def _findings(
    command: str, plan: Plan, masked: Plan, done: Mapping[str, Outcome]
) -> Iterator[Finding]:
    """Told from the masked plan; outcomes name the addresses of the plan as it was."""
    beside = (*chain(*(target.findings for target in masked.targets)), *masked.findings)
    held = {f.address: f.hint for f in beside if f.exit_code == ConflictError.exit_code}
    for target, shown in zip(plan.targets, masked.targets, strict=True):
        outcome = done.get(target.target)
        for change, told in zip(target.changes, shown.changes, strict=True):
            if _is_told(change) and not _is_carried_out(change, outcome):
                yield _finding(command, told, held.get(str(told.address), ""))
        yield from shown.findings
    yield from masked.findings


def _is_told(change: Change) -> bool:
    return change.status is not Status.IN_SYNC or change.action is not Action.NONE


def _is_carried_out(change: Change, outcome: Outcome | None) -> bool:
    if outcome is None or change.action is Action.NONE:
        return False
    if outcome.failed and not outcome.undone:
        return False
    return str(change.address) not in outcome.undone


def _finding(command: str, change: Change, held: str) -> Finding:
    """`held`: what to do where something else keeps the change from being carried out."""
    code = _code(command, change)
    return Finding(
        rule=f"drift/{change.status.value}",
        severity=_SEVERITIES[code],
        message=_message(change),
        address=str(change.address),
        decided_by=change.decided_by,
        hint=held or resolving(change),
        exit_code=code,
    )


def _code(command: str, change: Change) -> int:
    if change.excepted:
        return 0
    if command in LOOKING and change.action is not Action.NONE:
        return 1
    if change.take and change.status is Status.CONFLICT:
        return 1
    return _CODES[change.status]


def _message(change: Change) -> str:
    text = change.reason or _SENTENCES[change.status]
    if change.excepted:
        text = f"{text}; allowed: {change.excepted}"
    shown = values(change)
    return f"{text}: {shown}" if shown and len(shown) <= _WIDEST_VALUE else text


def _failure(outcome: Outcome) -> Finding:
    return Finding(
        rule="apply/interrupted" if outcome.exit_code == 130 else "apply/failed",
        severity=Severity.ERROR,
        message=f"{outcome.target}: {outcome.message or 'not everything was carried out'}",
        hint=outcome.hint,
        exit_code=outcome.exit_code,
    )
