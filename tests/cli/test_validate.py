"""`hubctl validate`: everything wrong with canonical.yaml at once, each with its line."""

from __future__ import annotations

import sys

import pytest

from hubctl.fleet import compiled_file
from tests.fleet.memory import settled_sources, watch_rendering
from tests.support.cli import MODEL, ROOT, rules, tree, validate

WRONG = """\
hub:
  name: acme
profiles:
  a: {extends: b}
  b: {extends: a}
repositories:
  api:
    path: ~/src/api
    langauge: python
    profiles: [pyhton]
    overrides:
      hooks: {stop: [session-sumary]}
      rules: [nowhere]
    units:
      sync: {command: /bin/true, schedule: "Blursday 25:00"}
  web:
    path: ~/src/api
exceptions:
  - {address: "api", reason: x, until: 2020-01-01}
"""
FOUND = {
    "canonical/profile-cycle": 5,
    "canonical/unknown-key": 9,
    "canonical/unknown-profile": 10,
    "canonical/unknown-hook": 12,
    "canonical/unknown-source": 13,
    "canonical/same-path": 17,
    "canonical/address": 19,
}


def test_a_valid_hub_says_so(api):
    ran = api.ok("validate")
    assert "valid" in ran.out
    assert ran.err == ""


def test_everything_is_told_at_once_with_line_and_advice(account):
    account.canonical(WRONG)
    report = account.report("validate")
    assert (report["exit_code"], report["verdict"]) == (2, "invalid")
    lines = {finding["rule"]: finding["location"]["line"] for finding in report["findings"]}
    assert {rule: lines.get(rule) for rule in FOUND} == FOUND
    calendar = [f for f in report["findings"] if f["location"]["line"] == 15]
    assert len(calendar) == 1
    for finding in report["findings"]:
        assert finding["location"]["file"] == str(account.hub / "canonical.yaml")
        assert finding["location"]["column"] > 0
        assert finding["path"]
        assert finding["hint"] or finding["expected"], finding


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("langauge", "language"), ("pyhton", "declare it"), ("session-sumary", "session-summary")],
)
def test_a_misspelling_suggests_what_was_meant(account, wrong, right):
    account.canonical(WRONG)
    told = [f for f in account.report("validate")["findings"] if wrong in f["message"]]
    assert right in told[0]["hint"] + told[0]["expected"]


def test_words_show_the_line_and_point_at_the_place(account):
    account.canonical(WRONG)
    out = account.run("validate").out
    assert "~/hub/canonical.yaml:9:5: error" in out
    assert "9 │     langauge: python" in out
    assert "^^^^^^^^" in out


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("drift",), ("show",)])
def test_other_commands_refuse_before_any_work(account, command):
    account.canonical(WRONG)
    account.repository()
    before = tree(account.home)
    ran = account.run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "canonical.yaml:9:5" in ran.err
    after = tree(account.home, without=(".git", ".local"))
    assert after == before


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes"), ("drift",)])
@pytest.mark.parametrize("name", ["json", "sarif", "junit", "markdown", "github"])
def test_other_commands_refuse_in_the_format_they_were_asked_for(account, command, name):
    account.canonical(WRONG)
    ran = account.run(*command, "--format", name)
    assert ran.code == 2
    assert "profile-cycle" in ran.out
    if name == "json":
        validate(ran.json, "report")
        assert (ran.json["verdict"], ran.json["command"]) == ("invalid", command[0])


def test_what_concerns_this_machine_alone_does_not_count(api):
    api.canonical(MODEL + "  gone:\n    path: ~/src/gone\n  elsewhere: {}\n")
    report = api.report("validate")
    assert report["exit_code"] == 0
    assert rules(report) == ["fleet/missing-repository", "fleet/not-here"]


def test_two_names_for_one_git_directory_are_an_error(api):
    (api.home / "src/link").symlink_to("api")
    api.canonical(MODEL + "  other:\n    path: ~/src/link\n")
    assert rules(api.report("validate")) == ["canonical/same-repository"]
    assert api.run("validate").code == 2
    assert api.run("apply", "--yes").code == 2


def test_repositories_inside_others_are_a_note(account):
    places = {"outer": "a", "inner": "a/b", "deep": "a/b/c/d", "beside": "a-b", "other": "z"}
    lines = (f"  {name}: {{path: ~/src/{place}}}\n" for name, place in places.items())
    account.canonical("hub: {name: acme}\nrepositories:\n" + "".join(lines))
    for place in places.values():
        account.repository(place)
    report = account.report("validate")
    told = [f["message"].partition(":")[0] for f in report["findings"]]
    assert told == ["inner lies inside outer", "deep lies inside inner"]
    assert report["exit_code"] == 0
    account.apply()
    account.in_sync()


def test_the_seed_is_valid_as_it_stands(account):
    """The YAML that this project began with."""
    account.canonical((ROOT / "tests/fixtures/seed-002.yaml").read_bytes())
    report = account.report("validate")
    assert report["exit_code"] == 0
    assert not [f for f in report["findings"] if f["severity"] == "error"]
    assert account.run("plan").code == 0


def test_a_file_that_is_no_yaml_is_one_finding(account):
    for text, line in (("a: [\n", 2), ("a: 1\na: 2\n", 2), ("\tx: 1\n", 1), ("- a\n", 1)):
        account.canonical(text)
        report = account.report("validate")
        assert report["exit_code"] == 2
        assert line in [f["location"]["line"] for f in report["findings"]], text


RENDERED = """\
      mcp: {files: {command: /home/ann/bin/files}}
      hooks: {stop: [session-sumary]}
      rules: [nowhere]
"""


def test_what_is_wrong_with_what_it_renders_has_its_file_and_the_line_that_decides(api):
    api.canonical(MODEL + RENDERED)
    told = {f["rule"]: f for f in api.report("validate")["findings"]}
    assert set(told) == {
        "canonical/unknown-hook",
        "canonical/unknown-source",
        "mcp/committed-home",
    }
    finding = told["mcp/committed-home"]
    assert finding["location"]["file"] == f"{api.home}/src/api/.mcp.json"
    assert finding["decided_by"]["line"] == 9


def test_a_name_that_leads_nowhere_is_told_once_with_its_line(api):
    api.canonical(MODEL + RENDERED)
    for command in ("plan", "drift"):
        told = [f for f in api.report(command)["findings"] if not f["rule"].startswith("drift/")]
        lines = {f["rule"]: f["location"]["line"] for f in told if f["location"]["line"]}
        assert lines == {"hooks/unknown": 10, "sources/not-found": 11}
        assert len(told) == 3


HANDLER = "{type: command, command: make, matcher: "
IMPOSSIBLE = {
    "two expressions": (
        f"      hooks: {{stop: [{HANDLER}'^A'}}, {HANDLER}'^B'}}]}}\n",
        "hooks.Stop",
        "under two matchers",
    ),
    "two sets of fields": (
        f"      hooks: {{stop: [{HANDLER}A}}, {HANDLER}A, timeout: 5}}]}}\n",
        "hooks.Stop",
        "with different fields",
    ),
}


@pytest.mark.parametrize("text, path, message", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
@pytest.mark.parametrize("command", ["validate", "plan", "drift"])
def test_what_no_file_can_hold_is_an_error_with_its_line(api, command, text, path, message):
    api.canonical(MODEL + text)
    report = api.report(command)
    (finding,) = report["findings"]
    assert (report["exit_code"], finding["rule"]) == (2, "canonical/unrenderable")
    assert (finding["location"]["line"], finding["path"]) == (9, path)
    assert message in finding["message"]


def test_a_file_of_this_machine_alone_may_name_its_home(api):
    api.canonical(MODEL.replace("overrides:", "commit: false\n    overrides:") + RENDERED)
    assert "mcp/committed-home" not in rules(api.report("validate"))


@pytest.mark.parametrize("how", ["-q", "-v"])
def test_quiet_hides_no_error(account, how):
    account.canonical(WRONG)
    ran = account.run("validate", how)
    assert (ran.code, "unknown-profile" in ran.out) == (2, True)


def test_a_second_look_at_what_did_not_change_renders_and_parses_nothing(account, monkeypatch):
    """As pre-commit runs it: no other command fills the cache."""
    account.canonical(MODEL + "global: {commands: [tdd/]}\n")
    account.repository()
    monkeypatch.setattr(compiled_file, "sources_state", settled_sources)
    first = account.report("validate")
    rendered = watch_rendering(monkeypatch)
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    monkeypatch.setitem(sys.modules, "ruamel.yaml", None)
    ran = account.run("validate", "--json")
    assert (ran.code, ran.json, rendered) == (0, first, [])
