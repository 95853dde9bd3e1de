"""Findings as good compilers print them: place, severity, sentence, the line itself, what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Severity
from hubctl.output.cells import clip, printable, width
from hubctl.output.style import BAD, DIM, NOTE, PLAIN, RUN, STRONG, WARN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.model.finding import Location
    from hubctl.output.options import Options
    from hubctl.output.page import Page

_SECRET = "secret/"  # a line that holds one is named, never shown
_ROLES = {Severity.ERROR: BAD, Severity.WARNING: WARN, Severity.NOTE: NOTE}
_TAB = "    "
_NO_PLACE = ":."  # ends the address of a whole target
_WORD_ENDS = frozenset(" \t:,[]{}#\"'")


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the file, those without a place last."""
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str]:
    at = finding.location
    if at is None:
        return True, finding.address, 0, 0, finding.rule, finding.message
    return False, at.file, at.line, at.column, finding.rule, finding.message


def put_findings(page: Page, findings: Iterable[Finding], indent: int = 0) -> None:
    """Each finding as one paragraph."""
    told = tuple(findings)
    hidden = {_line(finding) for finding in told if finding.rule.startswith(_SECRET)}
    for finding in told:
        _put_finding(page, finding, indent, excerpt=_line(finding) not in hidden)


def put_target_findings(page: Page, target: str, findings: Iterable[Finding], indent: int) -> None:
    """The findings of a target; advice that one line gives to many targets is given once."""
    new: list[Finding] = []
    known: dict[str, list[str]] = {}
    for finding in findings:
        first = target if page.options.verbose else page.told.setdefault(_advice(finding), target)
        if finding.exit_code or first == target:
            new.append(finding)
        else:
            known.setdefault(first, []).append(finding.rule)
    put_findings(page, new, indent)
    for first, rules in known.items():
        page.put(indent, (f"as at {first}: {', '.join(dict.fromkeys(rules))}", DIM))


def _advice(finding: Finding) -> object:
    """What makes two findings the same advice, wherever they are; nothing else is the same."""
    line = finding.decided_by
    return (finding.rule, finding.message, line) if line else finding


def _line(finding: Finding) -> tuple[str, int] | None:
    at = finding.location
    return None if at is None else (at.file, at.line)


def _put_finding(page: Page, finding: Finding, indent: int, *, excerpt: bool) -> None:
    """`file:line:col: error: message`, then the source line, then what helps."""
    role = _ROLES[finding.severity]
    put_finding_head(page, finding, indent)
    if finding.location is not None and excerpt:
        _put_excerpt(page, finding.location, indent + 2, role)
    for word, text in _details(finding, page.options):
        put_detail(page, indent + 2, word, text)


def put_finding_head(page: Page, finding: Finding, indent: int = 0) -> None:
    """The first line alone."""
    role = _ROLES[finding.severity]
    where = _where(finding, page.options)
    page.put(
        indent,
        (f"{where}: " if where else "", STRONG),
        (finding.severity.value, role),
        (f": {printable(page.options.sentence(finding.message))}", PLAIN),
        (f" [{finding.rule}]", DIM),
        hang=4,
    )


def put_detail(page: Page, indent: int, word: str, text: str) -> None:
    """One labelled line; a command stays in one piece."""
    label, role = (f"{word}: ", DIM), RUN if text.startswith("hubctl ") else PLAIN
    text = page.options.sentence(text)
    put = page.put_whole if role == RUN else page.put
    put(indent, label, (printable(text), role))


def _where(finding: Finding, options: Options) -> str:
    text = str(finding.location or finding.address or finding.decided_by or "")
    return printable(options.place(text))


def _details(finding: Finding, options: Options) -> Iterable[tuple[str, str]]:
    if finding.location and finding.address and not finding.address.endswith(_NO_PLACE):
        yield "address", finding.address
    if finding.path:
        yield "path", finding.path
    if finding.expected:
        yield "expected", finding.expected
    if finding.decided_by not in (None, finding.location):
        yield "decided by", options.place(str(finding.decided_by))
    if finding.hint:
        yield "hint", finding.hint


def _put_excerpt(page: Page, at: Location, indent: int, role: str) -> None:
    """The line itself with the place underlined, moved left where it is wider than the page."""
    read = page.options.line
    line = read(at.file, at.line) if read and at.line else None
    if line is None or not line.strip():
        return
    number = str(at.line)
    room = page.room(indent + len(number) + 3)
    before, marked, after = _split(line.rstrip("\r\n"), at.column)
    if width(before + marked) > room:
        before = "…" + before[-(room // 3) :] if len(before) > room // 3 else before
    page.put_whole(indent, (f"{number} │ ", DIM), (clip(before + marked + after, room), PLAIN))
    if marked:
        caret = "^" * max(1, min(width(marked), room - width(before)))
        page.put_whole(
            indent, (f"{' ' * len(number)} │ ", DIM), (" " * width(before) + caret, role)
        )


def _split(line: str, column: int) -> tuple[str, str, str]:
    """Text before the place, the word at it, and the rest, all safe to print."""
    start = column - 1 if 0 < column <= len(line) else len(line)
    end = start + 1 if start < len(line) else start
    while 0 < end < len(line) and line[end - 1] not in _WORD_ENDS and line[end] not in _WORD_ENDS:
        end += 1
    parts = (line[:start], line[start:end], line[end:])
    before, marked, after = (printable(part.replace("\t", _TAB)) for part in parts)
    return before, marked, after
