from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given, settings

from hubctl.model.item import JsonValue
from hubctl.model.state import Status
from hubctl.output.junit import junit
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples
from tests.output import strategies as some


def tree(plan, command="drift", **options):
    return ET.fromstring(junit(report(command, plan), Options(**options)).encode())


def case(top, address):
    target, _, name = address.partition(":")
    return next(
        c for c in top.iter("testcase") if (c.get("classname"), c.get("name")) == (target, name)
    )


@settings(max_examples=25, deadline=None)
@given(some.plans)
def test_any_report_is_xml_whose_counts_are_right(plan):
    top = tree(plan)
    for suite in (top, *top):
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name)) == len(list(suite.iter(tag)))


def test_one_suite_per_target_and_one_case_per_address():
    top = tree(samples.FLEET)
    assert [suite.get("name") for suite in top] == ["api", "host", "web", "worker", "fleet"]
    api = [found.get("name") for found in top[0]]
    assert api[0] == "18 addresses in sync"
    assert len(api) == 1 + len(samples.API.changes)


def test_drift_fails_unreadable_is_an_error_and_an_exception_is_skipped():
    top = tree(samples.FLEET, blame={"api:.claude/settings.json#/model": "Ann"})
    failure = case(top, "api:.claude/settings.json#/model").find("failure")
    assert failure.get("type") == "drift/drifted"
    assert failure.get("message") == 'somebody changed what hubctl wrote: "sonnet" → "opus"'
    assert "decided by: canonical.yaml:12\nfix: hubctl drift --fix api\nwho: Ann" in failure.text
    assert case(top, "api:.claude/settings.json#/outputStyle").find("failure") is not None
    assert [error.get("type") for error in top.iter("error")] == ["documents/unparsable"]
    skipped = case(top, "api:.claude/settings.json#/spinnerTipsEnabled").find("skipped")
    assert skipped.get("message") == "allowed: trial until 2030-01-01"


def test_a_note_passes_and_says_so():
    note = case(tree(samples.FLEET), "api:.claude/settings.json#/companyAnnouncements")
    assert [child.tag for child in note] == ["system-out"]


def test_characters_that_xml_cannot_hold_are_spelled():
    change = samples.change(
        "api:a.json#/x",
        Status.DRIFTED,
        JsonValue(value=1),
        JsonValue(value=2),
        reason="a\x00b\x1b]\ud800\ufffe <&\"'>",
    )
    failure = next(tree(samples.plan(samples.target("api", change))).iter("failure"))
    assert failure.get("message").startswith("a\\u0000b\\u001b]\\ud800\\ufffe <&\"'>: 2 → 1")


def test_a_clean_fleet_passes():
    top = tree(samples.CLEAN)
    assert (top.get("tests"), top.get("failures"), top.get("errors")) == ("2", "0", "0")
