"""What it all comes to: how many of what, in one line, and the command to run next.

Every format ends in these same words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hubctl.errors import ConflictError
from hubctl.model.finding import Severity
from hubctl.model.report import Verdict
from hubctl.model.state import REPAIRED, Action, Status
from hubctl.output.cells import printable
from hubctl.output.resolve import quote
from hubctl.output.shown import is_undecided
from hubctl.output.style import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hubctl.model.change import Change
    from hubctl.model.finding import Finding
    from hubctl.model.report import Report

_APPLIED = (Status.PENDING, Status.ORPHAN)
_ACTS = ("create", "update", "delete", "record")


def headline(report: Report) -> tuple[str, str]:
    """The summary in two parts, as in `Plan: ` and `2 to create, 1 to update; 40 in sync`."""
    word, parts = _HEADLINES.get(report.command, _found)(report)
    in_sync = report.plan.counts()[Status.IN_SYNC]
    if in_sync:
        parts.append(f"{in_sync} in sync")
    return f"{printable(word)}: ", "; ".join(filter(None, parts))


def _plan(report: Report) -> tuple[str, list[str]]:
    words = Counter(mark(change)[1] for change in report.open_changes())
    parts = [", ".join(f"{words[word]} to {word}" for word in _ACTS if words[word])]
    if words["needs you"]:
        parts.append(f"{words['needs you']} {'needs' if words['needs you'] == 1 else 'need'} you")
    parts.append(_levels(words["note"], beside(report)))
    return "Plan", parts if any(parts) else ["nothing to do"]


def _drift(report: Report) -> tuple[str, list[str]]:
    changes, told = report.open_changes(), report.told()
    counted = Counter(c.status for c in changes if told[str(c.address)].exit_code)
    words = ", ".join(f"{counted[status]} {status.value}" for status in Status if counted[status])
    parts = [words or "none", _levels(len(changes) - counted.total(), beside(report))]
    return "Drift", parts


def _apply(report: Report) -> tuple[str, list[str]]:
    written = sum(outcome.written for outcome in report.outcomes)
    failed = sum(outcome.failed for outcome in report.outcomes)
    touched = sum(1 for outcome in report.outcomes if outcome.written)
    done = f"{plural(written, 'change')} in {plural(touched, 'target')}" if written else ""
    told = (f"{failed} failed" if failed else "", _levels(0, beside(report)))
    word = "Rolled back" if report.command == "rollback" else "Applied"
    return word, [done or "nothing", *told]


def _found(report: Report) -> tuple[str, list[str]]:
    levels = _levels(0, report.findings)
    valid = "" if report.verdict is Verdict.INVALID else "valid"
    return report.plan.canonical or "canonical.yaml", [valid, levels]


def _verify(report: Report) -> tuple[str, list[str]]:
    return "Verified", [_levels(0, report.findings) or "nothing is wrong"]


_HEADLINES: Final[Mapping[str, Callable[[Report], tuple[str, list[str]]]]] = {
    "plan": _plan,
    "diff": _plan,
    "drift": _drift,
    "apply": _apply,
    "rollback": _apply,
    "verify": _verify,
}


def _levels(notes: int, findings: Iterable[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    counts[Severity.NOTE] += notes
    return ", ".join(plural(counts[level], level.value) for level in Severity if counts[level])


def plural(count: int, word: str) -> str:
    """`1 change`, `2 changes`, `2 addresses`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}{'es' if word[-1] == 's' else 's'}"


def beside(report: Report) -> list[Finding]:
    """The findings that neither a change nor an outcome tells."""
    own = [finding for target in report.plan.targets for finding in target.findings]
    return [*own, *fleet_wide(report)]


def fleet_wide(report: Report) -> list[Finding]:
    """The findings of no single target that no outcome tells."""
    return [finding for finding in report.plan.findings if not finding.rule.startswith("apply/")]


def next_steps(report: Report) -> Iterator[tuple[str, str]]:
    """What to do now, most useful first: (word, command)."""
    held = {f.address for f in beside(report) if f.exit_code == ConflictError.exit_code}
    changes = [c for c in report.open_changes() if not c.excepted and str(c.address) not in held]
    if report.command == "drift":
        yield from _run("hubctl drift --fix", (c for c in changes if c.status in REPAIRED))
        yield from _run("hubctl apply", (c for c in changes if c.status in _APPLIED))
    else:
        yield from _run("hubctl apply", (c for c in changes if c.action is not Action.NONE))
    undecided = [str(change.address) for change in changes if is_undecided(change)]
    if undecided:
        address = printable(quote(undecided[0])) if len(undecided) == 1 else "ADDRESS"
        yield "Decide", f"hubctl apply --take {address}"
    if report.command == "apply" and any(outcome.written for outcome in report.outcomes):
        yield "Undo", "hubctl rollback"


def _run(command: str, changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    targets = {change.address.target for change in changes}
    if targets:
        yield "Run", f"{command} {targets.pop()}" if len(targets) == 1 else command
