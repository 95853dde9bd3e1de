"""Results in words: lines for a terminal, a Markdown page, one JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.health.result import State, exit_code
from hubctl.model.finding import Severity
from hubctl.output.cells import pad, printable, width
from hubctl.output.json_format import json_text
from hubctl.output.markdown import code, escape, table
from hubctl.output.page import Page
from hubctl.output.style import BAD, DIM, GOOD, PLAIN, STRONG, WARN
from hubctl.output.summary import plural
from hubctl.output.text_findings import put_detail, put_finding_head
from hubctl.output.values import encode_finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.health.result import Result
    from hubctl.model.finding import Finding
    from hubctl.output.options import Options

FORMAT, VERSION = "hubctl/health", 1
_MARKS: Final = {
    State.OK: ("✓", GOOD),
    State.SKIPPED: ("·", DIM),
    State.WARNING: ("!", WARN),
    State.ERROR: ("✗", BAD),
}
_FEW = 5


def text(results: Sequence[Result], options: Options) -> str:
    """A line each, and below those that are not well what resolves it."""
    page = Page(options)
    columns = max(width(result.title) for result in results)
    for result in results:
        symbol, role = _MARKS[result.state]
        if options.quiet and result.state in (State.OK, State.SKIPPED):
            continue
        page.put(
            0,
            (symbol, role),
            (" " + pad(result.title, columns).replace(" ", "\u00a0") + "  ", STRONG),
            (printable(options.sentence(result.summary)), _role(result)),
            hang=columns + 4,
        )
        _put_findings(page, result, options)
    page.put(0, (_verdict(results), GOOD if exit_code(results) == 0 else WARN))
    return page.text()


def _role(result: Result) -> str:
    return DIM if result.state is State.SKIPPED else PLAIN


def _put_findings(page: Page, result: Result, options: Options) -> None:
    told = result.findings if options.verbose else _counting(result)
    shown = told if options.verbose else told[:_FEW]
    for finding in shown:
        put_finding_head(page, finding, 4)
        if finding.hint:
            put_detail(page, 6, "hint", finding.hint)
    if len(told) > len(shown):
        page.put(4, (f"… and {len(told) - len(shown)} more: --verbose", DIM))


def _counting(result: Result) -> tuple[Finding, ...]:
    return tuple(f for f in result.findings if f.severity is not Severity.NOTE)


def _verdict(results: Sequence[Result]) -> str:
    bad = [result for result in results if result.state in (State.WARNING, State.ERROR)]
    skipped = sum(result.state is State.SKIPPED for result in results)
    well = len(results) - len(bad) - skipped
    parts = [f"{plural(len(bad), 'check')} needs attention"] if len(bad) == 1 else []
    if len(bad) > 1:
        parts = [f"{len(bad)} checks need attention"]
    parts.append(f"{well} well")
    if skipped:
        parts.append(f"{skipped} skipped")
    return ("Health: " if bad else "Healthy: ") + ", ".join(parts)


def markdown(results: Sequence[Result], options: Options, *, title: str, made: str) -> str:
    """A page that can be kept: the table of checks, then every finding with what resolves it."""
    rows = [
        (result.state.value, escape(result.title), escape(options.sentence(result.summary)))
        for result in results
    ]
    lines = [f"# {title}", "", f"{_verdict(results)}. Made {made}.", ""]
    lines += table(("State", "Check", "What was seen"), rows)
    for result in results:
        if result.findings:
            lines += [f"## {result.title}", "", *_markdown_findings(result, options)]
    lines += ["## Figures", "", *_figures(results)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _markdown_findings(result: Result, options: Options) -> list[str]:
    rows = [
        (
            finding.severity.value,
            code(options.place(str(finding.location)))
            if finding.location
            else code(finding.address),
            escape(options.sentence(finding.message)),
            escape(options.sentence(finding.hint)),
        )
        for finding in result.findings
    ]
    return [*table(("Severity", "Where", "What", "What helps"), rows)]


def _figures(results: Sequence[Result]) -> list[str]:
    rows = []
    for result in results:
        rows.append((escape(result.title), "time", f"{result.seconds * 1000:.0f} ms"))
        rows += [
            (escape(result.title), escape(name), escape(str(value)))
            for name, value in result.facts.items()
            if not isinstance(value, dict)
        ]
    return [*table(("Check", "Figure", "Value"), rows)]


def json(results: Sequence[Result], command: str) -> str:
    """One document (schemas/health.schema.json)."""
    return json_text(
        {
            "format": FORMAT,
            "version": VERSION,
            "command": command,
            "exit_code": exit_code(results),
            "checks": [
                {
                    "id": result.check,
                    "title": result.title,
                    "state": result.state.value,
                    "summary": result.summary,
                    "milliseconds": round(result.seconds * 1000, 1),
                    "facts": dict(result.facts),
                    "findings": [encode_finding(finding) for finding in result.findings],
                }
                for result in results
            ],
        }
    )
