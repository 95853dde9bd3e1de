"""The drift report in words: what, since when or why, who, and how to fix it, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity
from hubctl.model.state import Status
from hubctl.output.cells import clip, pad, printable, width
from hubctl.output.page import GLUE
from hubctl.output.shown import before, is_text, one_line, values
from hubctl.output.style import DIM, NOTE, PLAIN, RUN, STRONG, mark
from hubctl.output.summary import plural
from hubctl.output.text_change import has_places, put_values
from hubctl.output.text_findings import put_target_findings
from hubctl.output.text_plan import put_agreeing, put_fleet_findings, put_outcomes, put_target_head
from hubctl.output.text_summary import put_summary

if TYPE_CHECKING:
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.item import Value
    from hubctl.model.report import Report
    from hubctl.output.page import Page

_HASH_ONLY = "what hubctl wrote; the lock holds no more than its hash"
_STATUS = 10
_LABEL = 8


def put_drift(page: Page, report: Report) -> None:
    """The whole page of `drift`."""
    put_outcomes(page, report.outcomes)
    told = report.told()
    agreeing: list[TargetPlan] = []
    advice = 0
    for target in report.plan.targets:
        changes = [change for change in target.changes if str(change.address) in told]
        findings = [f for f in target.findings if page.options.verbose or not _is_advice(f)]
        advice += len(target.findings) - len(findings)
        if changes or findings or page.options.verbose:
            put_target_head(page, target)
            _put_changes(page, changes, told)
            if changes and findings:
                page.gap()
            put_target_findings(page, target.target, findings, 2)
        else:
            agreeing.append(target)
    if agreeing:
        put_agreeing(page, agreeing)
    _put_advice(page, advice)
    put_fleet_findings(page, report)
    put_summary(page, report)


def _is_advice(finding: Finding) -> bool:
    """A note on what canonical.yaml asks for: true every day, and no drift."""
    family = finding.rule.partition("/")[0]
    return finding.severity is Severity.NOTE and family in ("settings", "mcp")


def _put_advice(page: Page, count: int) -> None:
    if count:
        page.gap()
        words = f"{plural(count, 'note')} on what canonical.yaml asks for: "
        page.put(0, (words, DIM), (f"hubctl{GLUE}validate", RUN))


def _put_changes(page: Page, changes: list[Change], told: dict[str, Finding]) -> None:
    """What counts first, each with all there is to say; notes after it, one line each."""
    for change in changes:
        finding = told[str(change.address)]
        if finding.severity is not Severity.NOTE:
            page.gap()
            put_drifted(page, change, finding)
    notes = [change for change in changes if told[str(change.address)].severity is Severity.NOTE]
    if notes:
        page.gap()
    for change in notes:
        _put_note(page, change, told[str(change.address)])


def put_drifted(page: Page, change: Change, finding: Finding) -> None:
    """One change with what, why, who and how to fix it."""
    symbol, _, role = mark(change)
    head = pad(f"{symbol}{GLUE}{change.status.value}", _STATUS + 2)
    page.put(2, (f"{head} ", role), (printable(change.address.local), STRONG), hang=4)
    _put_what(page, change)
    _put_row(page, "why", page.options.sentence(change.reason))
    _put_row(page, "decided", page.options.place(str(change.decided_by or "")))
    _put_row(page, "who", page.options.blame.get(str(change.address), ""))
    _put_row(page, "fix", page.options.sentence(finding.hint))


def _put_what(page: Page, change: Change) -> None:
    """Lines or places that differ where there are such; found and wanted otherwise."""
    old, new = before(change), change.desired
    if not values(change) and not is_text(change):
        return
    if old is None or new is None or not (is_text(change) or has_places(change)):
        _put_row(page, "found", _bounded(page, old))
        _put_row(page, "wanted", _HASH_ONLY if _is_hash_only(change) else _bounded(page, new))
        return
    _put_row(page, "differs", values(change) if is_text(change) else "in these places")
    put_values(page, 6 + _LABEL, change, page.width)


def _is_hash_only(change: Change) -> bool:
    """Whether something is wanted that only its lock tells of (a checkout without its hub)."""
    return change.desired is None and change.status in (Status.DRIFTED, Status.MISSING)


def _bounded(page: Page, value: Value | None) -> str:
    """The value in three lines at most, one where it cannot be wrapped, unless all is asked for."""
    if value is None:
        return "nothing"
    text, room = one_line(value), page.room(6 + _LABEL)
    if page.options.verbose:
        return text
    return clip(text, room if any(width(word) > room for word in text.split(" ")) else 3 * room)


def _put_row(page: Page, label: str, text: str) -> None:
    if not text:
        return
    command, _, other = text.partition(", or ") if text.startswith("hubctl ") else ("", "", text)
    if command:
        page.put_whole(6, (pad(label, _LABEL), DIM), (printable(command), RUN))
        label = "or"
    if other:
        page.put(6, (pad(label, _LABEL), DIM), (printable(other), PLAIN), hang=_LABEL)


def _put_note(page: Page, change: Change, finding: Finding) -> None:
    page.put(
        2,
        (pad(f"?{GLUE}{change.status.value}", _STATUS + 2) + " ", NOTE),
        (printable(change.address.local), PLAIN),
        (f"  {printable(finding.message)}", DIM),
        hang=4,
    )
