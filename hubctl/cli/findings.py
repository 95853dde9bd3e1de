"""Findings that end a command before there is a report: written to stderr, as compilers do."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.finding import Finding


def print_findings(findings: Iterable[Finding]) -> None:
    """Write findings with excerpts of their lines."""
    from hubctl.cli.context import options
    from hubctl.cli.terminal import find_terminal
    from hubctl.output.page import Page
    from hubctl.output.text_findings import by_place, put_findings

    shown = replace(options(), colour=find_terminal().err_colour)
    page = Page(shown)
    put_findings(page, by_place(findings))
    print(page.text(), file=sys.stderr)
