"""Findings that end a command before there is a report: written to stderr, as compilers do."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.errors import CanonicalError
    from hubctl.model.finding import Finding

SHOWN = 20


def print_findings(findings: Iterable[Finding]) -> None:
    """Write the first SHOWN findings with excerpts of their lines; nothing where there are none."""
    from hubctl.cli.context import options
    from hubctl.cli.terminal import find_terminal
    from hubctl.output.page import Page
    from hubctl.output.text_findings import by_place, put_findings

    shown = replace(options(), colour=find_terminal().err_colour)
    page = Page(shown)
    ordered = by_place(findings)
    if not ordered:
        return
    put_findings(page, ordered[:SHOWN])
    print(page.text(), file=sys.stderr)
    if len(ordered) > SHOWN:
        print(f"… {len(ordered) - SHOWN} more: hubctl validate\n", file=sys.stderr)


def report_invalid(error: CanonicalError, format_name: str) -> int:
    """Write the findings of an unusable canonical.yaml to stdout as a report in a format."""
    import click

    from hubctl.cli.context import options, print_report, say
    from hubctl.model.change import Plan
    from hubctl.output.verdict import report

    command = click.get_current_context().info_name or ""
    found = [replace(f, exit_code=error.exit_code) for f in error.findings]
    plan = Plan(hub="", canonical="", revision="")
    say([f"error: {error.message}"])
    return print_report(report(command, plan, extra=found), format_name, options())
