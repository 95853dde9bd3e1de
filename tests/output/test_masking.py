from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.model.finding import Finding, Severity
from hubctl.model.item import BlockText, FileText, Handler, JsonValue, LinkTo
from hubctl.model.report import Outcome
from hubctl.model.state import Status
from hubctl.output import FORMATS
from hubctl.output.diff import unified
from hubctl.output.masking import hidden, mask_value
from hubctl.output.options import Options
from hubctl.output.verdict import report
from tests.output import samples

SECRET = 's3cr3t-Ünïcode"quoted\\ <&>| tøken'
ALL = {**FORMATS, "diff": unified}


def leaky_report(value, other, part="/env/KEY"):
    """A report in which every text that can quote the secret does so."""
    change = samples.change(
        f"api:.mcp.json#{part}",
        Status.DRIFTED,
        value,
        other,
        line=3,
        sensitive=True,
        reason=f"it was {SECRET} once",
    )
    finding = Finding(
        rule="check/leak",
        severity=Severity.ERROR,
        message=f"saw {SECRET}",
        exit_code=3,
        expected=SECRET,
        hint=f"remove {SECRET}",
        address="api:.mcp.json",
    )
    plan = samples.plan(samples.target("api", change, findings=(finding,)), findings=(finding,))
    outcome = Outcome(target="api", failed=1, exit_code=3, message=f"wrote {SECRET}", hint=SECRET)
    return report("apply", plan, outcomes=[outcome], extra=[finding])


VALUES = [
    JsonValue(value=SECRET),
    JsonValue(value={"headers": {"Authorization": SECRET}, "list": [SECRET]}),
    FileText(text=f"a line\nTOKEN={SECRET}\n"),
    BlockText(text=f"{SECRET}\n", comment="hash"),
    LinkTo(destination=SECRET),
    Handler(matcher="Bash", entry={"type": "http", "headers": {"x": SECRET}}),
]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("width", [0, 40])
def test_no_format_shows_a_sensitive_value(name, value, width):
    options = Options(width=width, verbose=True)
    for found in (
        leaky_report(value, JsonValue(value=None)),
        leaky_report(JsonValue(value=1), value),
    ):
        shown = ALL[name](found, options)
        for form in (SECRET, json.dumps(SECRET)[1:-1], "s3cr3t", "token", "tøken"):
            assert form not in shown


def test_an_element_hides_in_its_address_too():
    part = f"/list={json.dumps(SECRET, ensure_ascii=False)}"
    found = leaky_report(JsonValue(value=SECRET), JsonValue(value=SECRET), part)
    for show in ALL.values():
        assert "s3cr3t" not in show(found, Options(width=0))
    assert any(str(c.address).endswith('characters›"') for c in found.plan.changes())


def test_what_is_hidden_is_still_told_by_its_length():
    assert hidden("x" * 12) == "‹hidden, 12 characters›"
    assert hidden("x") == "‹hidden, 1 character›"
    assert mask_value(JsonValue(value={"a": ["xx", 1, True]})) == JsonValue(
        value={"a": [hidden("xx"), hidden("1"), hidden("true")]}
    )


def test_the_kind_of_a_handler_stays_readable():
    masked = mask_value(Handler(matcher="Bash", entry={"type": "http", "url": "https://x"}))
    assert masked == Handler(matcher="Bash", entry={"type": "http", "url": hidden("https://x")})


def test_plain_values_are_left_alone():
    found = report("drift", samples.SMALL)
    assert found.plan == samples.SMALL


def test_two_masks_of_one_length_still_show_as_a_difference():
    change = samples.change(
        "api:.env.md", Status.DRIFTED, FileText(text="aaaa"), FileText(text="bbbb"), sensitive=True
    )
    shown = unified(report("plan", samples.plan(samples.target("api", change))))
    assert "-‹hidden, 4 characters›\n+‹hidden, 4 characters›\n" in shown


@settings(max_examples=25, deadline=None)
@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=30).map(
        lambda s: "K" + s + "K"
    ),
    name=st.sampled_from(sorted(ALL)),
)
def test_any_sensitive_string_stays_hidden(secret, name):
    change = samples.change(
        "api:.mcp.json#/env/A",
        Status.DRIFTED,
        JsonValue(value=secret),
        JsonValue(value=secret + "x"),
        sensitive=True,
        reason=f"it was {secret}",
    )
    shown = ALL[name](
        report("drift", samples.plan(samples.target("api", change))), Options(width=0)
    )
    assert secret not in shown
    assert json.dumps(secret)[1:-1] not in shown
