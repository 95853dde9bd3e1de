"""JUnit XML: one suite per target, one case per address, for CI systems that show tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from hubctl.output.summary import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.finding import Finding
    from hubctl.model.report import Report
    from hubctl.output.options import Options

_FLEET = "fleet"
# XML 1.0 cannot write these characters at all, not even escaped.
_NO_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_OUTCOMES: Final = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def junit(report: Report, options: Options) -> str:
    """The report as one `testsuites` document."""
    top = ET.Element("testsuites", name=f"hubctl {report.command}")
    told = report.told()
    for target in report.plan.targets:
        top.append(_target_suite(target, told, options))
    if report.plan.findings:
        suite = ET.SubElement(top, "testsuite", name=_FLEET)
        suite.extend(_finding_case(_FLEET, finding) for finding in report.plan.findings)
    for suite in (*top, top):
        _count(suite)
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _target_suite(target: TargetPlan, told: Mapping[str, Finding], options: Options) -> ET.Element:
    suite = ET.Element("testsuite", name=target.target)
    if target.in_sync:
        name = f"{plural(target.in_sync, 'address')} in sync"
        ET.SubElement(suite, "testcase", classname=target.target, name=name)
    for change in target.changes:
        if str(change.address) in told:
            suite.append(_change_case(change, told[str(change.address)], options))
    suite.extend(_finding_case(target.target, finding) for finding in target.findings)
    return suite


def _change_case(change: Change, finding: Finding, options: Options) -> ET.Element:
    name = _clean(change.address.local)
    case = ET.Element("testcase", classname=change.address.target, name=name)
    if change.excepted:
        ET.SubElement(case, "skipped", message=_clean(f"allowed: {change.excepted}"))
        return case
    blame = options.blame.get(str(change.address), "")
    _tell(case, finding, f"who: {blame}" if blame else "")
    return case


def _finding_case(suite: str, finding: Finding) -> ET.Element:
    where = finding.location or finding.address or finding.path
    name = _clean(f"{finding.rule} {where}".rstrip())
    case = ET.Element("testcase", classname=suite, name=name)
    _tell(case, finding)
    return case


def _tell(case: ET.Element, finding: Finding, more: str = "") -> None:
    """What counts fails the case or is its error; the rest is only said."""
    text = "\n".join(filter(None, (*_lines(finding), more)))
    if not finding.exit_code:
        ET.SubElement(case, "system-out").text = _clean(text)
        return
    tag = "failure" if finding.exit_code in (1, 4) else "error"
    element = ET.SubElement(case, tag, type=finding.rule, message=_clean(finding.message))
    element.text = _clean(text)


def _lines(finding: Finding) -> tuple[str, ...]:
    return (
        f"{finding.severity.value}: {finding.message}",
        f"at: {finding.location}" if finding.location else "",
        f"address: {finding.address}" if finding.address else "",
        f"expected: {finding.expected}" if finding.expected else "",
        f"decided by: {finding.decided_by}" if finding.decided_by else "",
        f"fix: {finding.hint}" if finding.hint else "",
    )


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    for tag, name in _OUTCOMES.items():
        element.set(name, str(len(list(element.iter(tag)))))


def _clean(text: str) -> str:
    return re.sub(_NO_XML, lambda found: f"\\u{ord(found[0]):04x}", text)
