"""Reports for people. Plain strings with optional ANSI; nothing heavy is loaded here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.output.cells import printable
from hubctl.output.page import Page
from hubctl.output.style import PLAIN, STRONG, mark
from hubctl.output.text_drift import put_drift
from hubctl.output.text_findings import by_place, put_finding_head, put_findings
from hubctl.output.text_plan import put_apply, put_plan
from hubctl.output.text_summary import put_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubctl.model.report import Report
    from hubctl.output.options import Options


def text(report: Report, options: Options) -> str:
    """The report as its command shows it."""
    page = Page(options)
    if options.quiet:
        _put_quiet(page, report)
    else:
        _PAGES.get(report.command, _put_found)(page, report)
    return page.text()


def _put_found(page: Page, report: Report) -> None:
    put_findings(page, by_place(report.findings))
    put_summary(page, report)


def _put_quiet(page: Page, report: Report) -> None:
    """One line for each thing that counts; nothing at all where nothing does."""
    told = report.told()
    for change in report.open_changes():
        finding = told[str(change.address)]
        if not finding.exit_code:
            continue
        symbol, _, role = mark(change)
        spans = (f"{symbol} ", role), (f"{change.status.value} ", PLAIN)
        page.put_whole(0, *spans, (printable(str(change.address)), STRONG))
    for finding in report.findings:
        if finding.exit_code and told.get(finding.address) is not finding:
            put_finding_head(page, finding)


_PAGES: Final[Mapping[str, Callable[[Page, Report], None]]] = {
    "plan": put_plan,
    "diff": put_plan,
    "apply": put_apply,
    "rollback": put_apply,
    "drift": put_drift,
}
