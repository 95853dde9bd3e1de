"""Findings that end a command before there is a report: written to stderr, as compilers do."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.finding import Finding

SHOWN = 20


def print_findings(findings: Iterable[Finding]) -> None:
    """Write the first SHOWN findings with excerpts of their lines."""
    from hubctl.cli.context import options
    from hubctl.cli.terminal import find_terminal
    from hubctl.output.page import Page
    from hubctl.output.text_findings import by_place, put_findings

    shown = replace(options(), colour=find_terminal().err_colour)
    page = Page(shown)
    ordered = by_place(findings)
    put_findings(page, ordered[:SHOWN])
    print(page.text(), file=sys.stderr)
    if len(ordered) > SHOWN:
        print(f"… {len(ordered) - SHOWN} more: hubctl validate\n", file=sys.stderr)
