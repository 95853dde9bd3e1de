"""SARIF 2.1.0: one result per finding, for code scanning.

A result is told by its address, so it stays the same alert when lines move; an allowed drift is
a suppressed result, not a missing one.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from hubctl import __version__
from hubctl.model.finding import Severity
from hubctl.output.places import Place, deciding_place, place_of, roots
from hubctl.output.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.finding import Finding
    from hubctl.model.report import Report
    from hubctl.output.options import Options
    from hubctl.output.values import Json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(report: Report, _options: Options) -> str:
    """The report as one SARIF log with one run."""
    folders = roots(report)
    names = sorted({finding.rule for finding in report.findings})
    allowed = {str(c.address): c.excepted for c in report.plan.changes() if c.excepted}
    results = [_result(finding, names, folders, allowed) for finding in report.findings]
    driver = {"name": "hubctl", "version": __version__, "rules": [_rule(name) for name in names]}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            name: {"uri": _folder_uri(folders[name])} for name in sorted(_used(report, folders))
        },
        "invocations": [_invocation(report)],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _invocation(report: Report) -> Json:
    return {
        "executionSuccessful": report.exit_code in (0, 1, 4),
        "exitCode": report.exit_code,
        "exitCodeDescription": report.verdict.value,
    }


def _rule(name: str) -> Json:
    rule = rule_of(name)
    return {
        "id": name,
        "shortDescription": {"text": rule.short},
        "help": {"text": rule.help},
    }


def _result(
    finding: Finding, names: list[str], folders: dict[str, str], allowed: Mapping[str, str]
) -> Json:
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": names.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": _locations(finding, folders),
        "partialFingerprints": {"hubctlAddress/v1": _fingerprint(finding)},
    }
    decided = deciding_place(finding, folders)
    if decided is not None:
        text = {"text": "decided by this line"}
        result["relatedLocations"] = [{"id": 1, "message": text} | _physical(decided)]
    if finding.address in allowed and finding.rule.startswith("drift/"):
        reason = allowed[finding.address]
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _message(finding: Finding) -> str:
    said = finding.message or finding.rule  # the format refuses an empty text
    parts = [f"{finding.address}: {said}" if finding.address else said]
    if finding.expected:
        parts.append(f"expected: {finding.expected}")
    if finding.hint:
        parts.append(f"fix: {finding.hint}")
    return ". ".join(parts)


def _locations(finding: Finding, folders: dict[str, str]) -> list[Json]:
    place = place_of(finding, folders)
    location = {} if place is None else _physical(place)
    if finding.address:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.address}]
    return [location] if location else []


def _physical(place: Place) -> Json:
    artifact: Json = {"uri": _uri(place)}
    if place.target:
        artifact["uriBaseId"] = place.target
    physical: Json = {"artifactLocation": artifact}
    if place.line:
        column = {"startColumn": place.column} if place.column else {}
        physical["region"] = {"startLine": place.line} | column
    return {"physicalLocation": physical}


def _uri(place: Place) -> str:
    text = quote(place.path, errors="backslashreplace")
    return f"file://{text}" if place.path.startswith("/") else text


def _folder_uri(root: str) -> str:
    return f"file://{quote(root.rstrip('/'), errors='backslashreplace')}/"


def _used(report: Report, folders: dict[str, str]) -> set[str]:
    found: set[str] = set()
    for finding in report.findings:
        for place in (place_of(finding, folders), deciding_place(finding, folders)):
            if place is not None and place.target:
                found.add(place.target)
    return found


def _fingerprint(finding: Finding) -> str:
    """By address, whatever its drift is called today; without one by path and message."""
    family = "drift" if finding.rule.startswith("drift/") else finding.rule
    about = finding.address or f"{finding.path}\0{finding.message}"
    text = f"{family}\0{about}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
