"""The plan in words: target by target, file by file, before → after, why, and what is next.

`plan`, `diff` and what `apply` has left; nothing is decided here.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.output.cells import printable, width
from hubctl.output.page import GLUE
from hubctl.output.style import BAD, DIM, GOOD, LEGEND, PLAIN, STRONG, mark
from hubctl.output.summary import fleet_wide
from hubctl.output.text_change import name_in_file, put_head, put_values
from hubctl.output.text_findings import put_detail, put_findings, put_target_findings
from hubctl.output.text_summary import put_summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.report import Outcome, Report
    from hubctl.output.page import Page

_IN_FILE = 4


def put_plan(page: Page, report: Report) -> None:
    """The whole page of `plan`."""
    _put_legend(page, report.open_changes())
    put_targets(page, report)
    put_summary(page, report)


def put_apply(page: Page, report: Report) -> None:
    """The whole page of `apply` and `rollback`: what was done, then what is left."""
    put_outcomes(page, report.outcomes)
    put_targets(page, report, quiet_agreement=True)
    put_summary(page, report)


def put_outcomes(page: Page, outcomes: Iterable[Outcome]) -> None:
    """What was done, a line for each target."""
    for outcome in outcomes:
        _put_outcome(page, outcome)
    page.gap()


def _put_outcome(page: Page, outcome: Outcome) -> None:
    message = page.options.sentence(outcome.message)
    page.put(
        0,
        (outcome.target, STRONG),
        (f"  wrote {outcome.written}", GOOD if outcome.written else DIM),
        (f", failed {outcome.failed}" if outcome.failed else "", BAD),
        (f": {printable(message)}" if message else "", PLAIN),
    )
    if outcome.hint:
        put_detail(page, 2, "hint", outcome.hint)


def _put_legend(page: Page, changes: Iterable[Change]) -> None:
    used = {mark(change) for change in changes}
    spans = [
        span
        for symbol, word, role in LEGEND
        if (symbol, word, role) in used
        for span in ((symbol + GLUE, role), (word.replace(" ", GLUE) + "   ", PLAIN))
    ]
    if spans:
        page.put(0, *spans)
        page.gap()


def put_targets(page: Page, report: Report, *, quiet_agreement: bool = False) -> None:
    """Every target that has something to tell, and the names of the others."""
    told = report.told()
    agreeing: list[TargetPlan] = []
    for target in report.plan.targets:
        changes = [change for change in target.changes if str(change.address) in told]
        if changes or target.findings or page.options.verbose:
            _put_target(page, target, changes)
        else:
            agreeing.append(target)
    if agreeing and not quiet_agreement:
        put_agreeing(page, agreeing)
    put_fleet_findings(page, report)


def put_fleet_findings(page: Page, report: Report) -> None:
    """What was found beside the targets."""
    page.gap()
    put_findings(page, fleet_wide(report))


def put_agreeing(page: Page, targets: list[TargetPlan]) -> None:
    """Targets with nothing to tell, by name while they are few."""
    names = ", ".join(target.target for target in targets[:8])
    rest = f" and {len(targets) - 8} more" if len(targets) > 8 else ""
    page.gap()
    page.put(0, ("in sync: ", GOOD), (names + rest, PLAIN))


def put_target_head(page: Page, target: TargetPlan) -> None:
    """Name, folder and how much of it agrees."""
    page.gap()
    place = printable(page.options.place(target.root))
    told = f"  {place}  {target.in_sync} in sync" if place else "  not here"
    page.put(0, (target.target, STRONG), (told, DIM))


def _put_target(page: Page, target: TargetPlan, changes: list[Change]) -> None:
    put_target_head(page, target)
    for path, group in groupby(changes, key=lambda change: change.address.path):
        _put_file(page, path, list(group))
    put_target_findings(page, target.target, target.findings, 2)


def _put_file(page: Page, path: str, changes: list[Change]) -> None:
    """A file's own line, unless the one change is about the file itself."""
    if len(changes) == 1 and not changes[0].address.fragment:
        put_change(page, 2, changes[0])
        return
    page.put(2, (printable(path), PLAIN))
    for change in changes:
        put_change(page, _IN_FILE, change)


def put_change(page: Page, indent: int, change: Change) -> None:
    """Name and values, why with the line that decides, and what differs."""
    name = name_in_file(change)
    put_head(page, indent, change, name)
    why = f": {change.reason}" if change.reason else ""
    if change.excepted:
        why += f"; allowed: {change.excepted}"
    decided = page.options.place(str(change.decided_by or ""))
    where = f" ({decided})" if decided else ""
    status = (change.status.value, mark(change)[2])
    page.put(
        indent + 2, status, (printable(page.options.sentence(why)), PLAIN), (printable(where), DIM)
    )
    if page.options.verbose and change.renderer:
        page.put(indent + 2, (f"renderer {change.renderer}, {change.scope.value}", DIM))
    put_values(page, indent + 4, change, indent + 4 + width(name))
