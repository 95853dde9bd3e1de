"""Words, JSON, the other formats and the exit code are made of one value, in every world."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from tests.robust.worlds import ALL
from tests.support.cli import SETTINGS, tree

FORMATS = ("text", "json", "sarif", "junit", "markdown", "github")
EXPECTED = {
    "new": 1,
    "clean": 0,
    "drifted": 1,
    "drifted_secret": 1,
    "missing": 1,
    "pending": 1,
    "orphan": 1,
    "edited_orphan": 4,
    "both_moved": 4,
    "foreign_value": 4,
    "unmanaged": 0,
    "unreadable": 3,
    "unreadable_and_drifted": 3,
    "excepted": 0,
    "expired": 1,
    "no_lock": 0,
    "damaged_lock": 1,
    "no_repository": 1,
    "not_on_this_machine": 0,
    "shadowed": 0,
    "interrupted": 3,
    "warned": 0,
}
WORDS = {0: ("clean",), 1: ("drift", "findings"), 3: ("failed",), 4: ("conflict",)}
TALKS = ("interrupted", "warned")  # undone first; refused
SECRETS = ("a value nobody needs to see", "something else entirely")


@pytest.fixture(params=ALL, ids=lambda world: world.__name__)
def world(request, account):
    request.param(account)
    return request.param.__name__


def drift(account):
    return {name: account.run("drift", "--format", name) for name in FORMATS}


def test_every_format_tells_the_same_and_ends_alike(world, account):
    before = tree(account.home / "src", without=())
    ran = drift(account)
    report = account.report("drift")
    assert {name: found.code for name, found in ran.items()} == dict.fromkeys(
        FORMATS, EXPECTED[world]
    )
    assert report["verdict"] in WORDS[EXPECTED[world]]
    assert max([f["exit_code"] for f in report["findings"]], default=0) == EXPECTED[world]
    counting = [f for f in report["findings"] if f["exit_code"]]
    assert len(sarif(ran["sarif"])) == len(report["findings"])
    assert junit_failures(ran["junit"]) == len(counting)
    assert github(ran["github"]) == len(report["findings"])
    for finding in counting:
        for name in ("text", "markdown"):
            assert path_of(finding) in plain(ran[name].out), name
    assert tree(account.home / "src", without=()) == before


def path_of(finding):
    """The path an address names; for a whole target its name, for none the start of the words."""
    target, _, path = finding["address"].partition("#")[0].partition(":")
    return (target if path == "." else path) or finding["message"][:20]


def plain(text):
    return re.sub(r"[\\`]", "", text)


def sarif(ran):
    (run,) = ran.json["runs"]
    return run["results"]


def junit_failures(ran):
    return len(ET.fromstring(ran.out).findall(".//failure")) + len(
        ET.fromstring(ran.out).findall(".//error")
    )


def github(ran):
    return len([line for line in ran.out.splitlines() if line.startswith("::")])


def test_every_finding_has_an_address_the_deciding_line_and_what_to_do(world, account):
    report = account.report("drift")
    decided = {c["address"]: c["decided_by"] for t in report["targets"] for c in t["changes"]}
    for finding in report["findings"]:
        assert finding["address"] or finding["location"], finding
        assert finding["hint"], finding
        assert finding["message"] and not finding["message"].endswith("."), finding
        if finding["rule"].startswith("drift/"):
            assert finding["hint"]
            assert finding["decided_by"] == decided[finding["address"]]
    for target in report["targets"]:
        for change in target["changes"]:
            wanted = change["after"] is not None
            assert (change["decided_by"] is not None) == wanted, change
            if wanted:
                assert change["decided_by"]["file"] == str(account.hub / "canonical.yaml")
                assert change["decided_by"]["line"] > 0


def test_a_plan_tells_the_same_in_every_format(world, account):
    before = tree(account.home / "src", without=())
    report = account.report("plan")
    checked = account.report("plan", "--check")
    work = [c for t in report["targets"] for c in t["changes"] if c["action"] != "none"]
    assert report["exit_code"] in (0, 3)
    assert bool(work) <= (checked["exit_code"] > 0 or world in ("excepted", "no_lock"))
    for name in FORMATS:
        assert account.run("plan", "--format", name).code == report["exit_code"]
        assert account.run("plan", "--check", "--format", name).code == checked["exit_code"]
    assert account.run("diff").code == report["exit_code"]
    assert account.run("diff", "--check").code == checked["exit_code"]
    assert tree(account.home / "src", without=()) == before


def test_no_format_shows_a_sensitive_value(world, account):
    outputs = [found.out + found.err for found in drift(account).values()]
    outputs += [account.run("plan", "--format", name, "-v").out for name in FORMATS]
    outputs += [account.run(*command).out for command in (("diff",), ("show",), ("show", "--json"))]
    outputs += [
        account.run("explain", f"api:{SETTINGS}#/env/SHELL_COLOUR", *more).out
        for more in ((), ("--json",))
    ]
    outputs.append(account.run("drift", "--blame", "-v").out)
    ran = account.run("apply", "--yes", "-v")
    outputs += [ran.out, ran.err]
    for text in outputs:
        assert not any(secret in text for secret in SECRETS)


def test_apply_then_drift_agree_on_what_is_left(world, account):
    first = account.report("apply", "--yes")
    second = account.report("apply", "--yes")
    left = account.report("drift")
    if world == "warned":
        assert (first["exit_code"], first["verdict"]) == (2, "invalid")
        return
    assert second["exit_code"] <= first["exit_code"]
    assert not [o for o in second["outcomes"] if o["written"]]
    if second["exit_code"] == 0:
        assert left["exit_code"] == 0


def test_stdout_is_the_document_and_nothing_else(world, account):
    for command in (("drift",), ("plan",), ("validate",), ("apply", "--yes")):
        ran = account.run(*command, "--json")
        assert json.loads(ran.out)["command"] == command[0]
        assert (ran.err == "") == (world not in TALKS or command[0] != "apply")


def test_two_runs_give_the_same_bytes(world, account):
    for name in FORMATS:
        assert (
            account.run("drift", "--format", name).out == account.run("drift", "--format", name).out
        )
