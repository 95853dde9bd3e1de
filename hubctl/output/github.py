"""GitHub workflow commands: annotations on the files of a pull request.

GitHub keeps ten annotations of each level per step; the others are counted in the last line.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING, Final

from hubctl.model.finding import Severity
from hubctl.output.cells import printable
from hubctl.output.places import Place, place_of, roots
from hubctl.output.summary import headline

if TYPE_CHECKING:
    from hubctl.model.finding import Finding
    from hubctl.model.report import Report
    from hubctl.output.options import Options

MOST: Final = 10
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github(report: Report, options: Options) -> str:
    """At most ten commands of each level, worst level first, then the summary."""
    folders = roots(report)
    lines: list[str] = []
    counts = Counter(finding.severity for finding in report.findings)
    for severity in Severity:
        found = [finding for finding in report.findings if finding.severity is severity]
        lines += [_command(finding, folders, options.base) for finding in found[:MOST]]
    word, text = headline(report)
    lines.append(f"hubctl {report.command}: {report.verdict.value}. {printable(word + text)}")
    hidden = sum(max(0, count - MOST) for count in counts.values())
    if hidden:
        lines.append(f"{hidden} more without an annotation; hubctl {report.command} lists them")
    return "\n".join(lines) + "\n"


def _command(finding: Finding, folders: dict[str, str], base: str) -> str:
    place = place_of(finding, folders)
    rows = {} if place is None else _position(place, folders, base)
    rows["title"] = finding.rule
    properties = ",".join(f"{name}={_property(text)}" for name, text in rows.items())
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(_message(finding))}"


def _position(place: Place, folders: dict[str, str], base: str) -> dict[str, str]:
    rows = {"file": printable(_file(place, folders, base))}
    if place.line:
        rows["line"] = str(place.line)
    if place.column:
        rows["col"] = str(place.column)
    return rows


def _file(place: Place, folders: dict[str, str], base: str) -> str:
    """Relative to the checkout where it lies inside; GitHub ignores files outside."""
    if not base or not place.target:
        return place.path
    path = posixpath.join(folders[place.target], place.path)
    inside = path.startswith(base.rstrip("/") + "/")
    return posixpath.relpath(path, base) if inside else path


def _message(finding: Finding) -> str:
    lines = [f"{finding.address}: {finding.message}" if finding.address else finding.message]
    lines += [f"expected: {finding.expected}"] if finding.expected else []
    lines += [f"decided by: {finding.decided_by}"] if finding.decided_by else []
    lines += [f"fix: {finding.hint}"] if finding.hint else []
    return "\n".join(map(printable, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
