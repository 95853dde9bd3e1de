"""The last lines of every text: the summary, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.report import Verdict
from hubctl.output.style import BAD, GOOD, PLAIN, RUN, STRONG
from hubctl.output.summary import headline, next_steps

if TYPE_CHECKING:
    from hubctl.model.report import Report
    from hubctl.output.page import Page

_ROLES = {Verdict.CLEAN: GOOD, Verdict.FAILED: BAD, Verdict.INVALID: BAD}


def put_summary(page: Page, report: Report) -> None:
    """The headline, then each next command on a line of its own."""
    word, counts = headline(report)
    page.gap()
    page.put(0, (page.options.place(word), STRONG), (counts, _ROLES.get(report.verdict, PLAIN)))
    for label, command in next_steps(report):
        page.put_whole(0, (f"{label}: ", STRONG), (command, RUN))
