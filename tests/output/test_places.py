"""Where findings stand in files: only what a checkout can hold is named relative to one."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

from hubctl.model.change import Plan, TargetPlan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.output.github import github
from hubctl.output.options import Options
from hubctl.output.sarif import sarif
from hubctl.output.verdict import report

HUB = "/home/ann/hub/canonical.yaml"
LINE = Location(file=HUB, line=3, column=1)
ROOTS = {"host": "/home/ann", "api": "/home/ann/src/api", "odd": "/home/ann/src/a b#%?é"}
CALL = ".claude/settings.json"

# address, seen at → file and base of the annotation
PLACES = {
    ("api:.claude/settings.json#/model", None): (CALL, "api"),
    ("api:CLAUDE.md#block:hubctl", None): ("CLAUDE.md", "api"),
    ("odd:.claude/rules/a b", None): (".claude/rules/a b", "odd"),
    # Neither is a file of a checkout: the line that decides is all there is to annotate.
    ("host:.claude/settings.json#/model", None): (HUB, ""),
    ("host:unit:x.timer#enabled", None): (HUB, ""),
    ("api:.git/info/exclude#block:hubctl", None): (HUB, ""),
    ("api:@state/registry.json", None): (HUB, ""),
    ("api:.", None): (HUB, ""),
    # What was seen somewhere is told where it was seen.
    ("host:.claude/settings.json", "/home/ann/.claude/settings.json"): (
        "/home/ann/.claude/settings.json",
        "",
    ),
    ("host:.claude/settings.json", "/elsewhere/settings.json"): ("/elsewhere/settings.json", ""),
    ("api:.claude/x", "/home/ann/src/api/.claude/x"): (".claude/x", "api"),
    ("api:.claude/x", "/home/ann/dot/x"): ("/home/ann/dot/x", ""),
    ("odd:x", "/home/ann/src/a b#%?é/ü x"): ("ü x", "odd"),
}


def told(address: str, seen: str | None):
    location = Location(file=seen, line=2) if seen else None
    finding = Finding(
        rule="read/failed",
        severity=Severity.ERROR,
        message="x",
        address=address,
        location=location,
        decided_by=LINE,
        exit_code=3,
    )
    targets = tuple(TargetPlan(target=name, root=root) for name, root in ROOTS.items())
    plan = Plan(hub="acme", canonical=HUB, revision="", targets=targets, findings=(finding,))
    return report("drift", plan)


@pytest.mark.parametrize(("at", "expected"), PLACES.items(), ids=str)
def test_sarif_names_a_valid_uri_and_the_base_it_is_relative_to(at, expected):
    run = json.loads(sarif(told(*at), Options()))["runs"][0]
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    uri, base = artifact["uri"], artifact.get("uriBaseId", "")
    assert re.fullmatch(r"[\w/.~%-]+|file:///[\w/.~%-]+", uri, re.ASCII), uri
    assert base == expected[1]
    assert bool(urlsplit(uri).scheme) == (not base)
    if base:
        assert not uri.startswith("/")
        assert run["originalUriBaseIds"][base]["uri"].endswith("/")


@pytest.mark.parametrize(("at", "expected"), PLACES.items(), ids=str)
def test_an_annotation_is_relative_to_its_checkout_or_absolute(at, expected):
    line = github(told(*at), Options()).splitlines()[0]
    file = re.search(r"file=([^,]*)", line)[1]
    assert file == expected[0].replace("%", "%25")
