"""Checks of meaning: names that lead nowhere, contradictions, what systemd could not read."""

# ruff: noqa: E501 - a table is read by rows

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.config.load import load
from hubctl.config.semantics import check_semantics
from hubctl.model.finding import Severity
from tests.config.documents import DOCUMENTS, ENTRIES, LOCALS, canonical_of, schema

TODAY = "2030-06-15"
HOOKS = ("git-safety-check", "smart-safety-check")


def missing(kind, names):
    return {name for name in names if name.startswith("no-")}


def findings_of(text, local=None):
    canonical = load(text.encode(), file="c", local=local, local_file="l")
    assert canonical.findings == ()
    return check_semantics(canonical, hooks=HOOKS, missing=missing, today=TODAY)


# text, place, rule, part of the message, part of the hint
ROWS = [
    ("repositories: {a: {profiles: [pyhton]}}\nprofiles: {python: {}}", "c:1:31", "unknown-profile", "`pyhton`", "`python`"),
    ("repositories: {a: {profiles: x}}", "c:1:30", "unknown-profile", "`x`", "declare it"),
    ("profiles:\n  a: {extends: [b]}", "c:2:17", "unknown-profile", "`b`", ""),
    ("profiles:\n  a: {extends: a}", "c:2:7", "profile-cycle", "a → a", ""),
    ("profiles:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: [a]}", "c:4:7", "profile-cycle", "a → b → c → a", ""),
    ("repositories: {a: {path: ~/x/}, b: {path: ~/x}}", "c:1:43", "same-path", "`b` and `a`", ""),
    ("repositories: {a: {path: $H/x}, b: {path: '${H}/./x'}}", "c:1:43", "same-path", "`b` and `a`", ""),
    ("repositories: {a: {path: ~joe/x}}", "c:1:26", "path", "another user", ""),
    ("repositories: {a: {path: x$/y}}", "c:1:26", "path", "begins no variable", ""),
    ("defaults: {settings: {hooks: {}}}", "c:1:23", "hooks-in-settings", "inside", ""),
    ("defaults: {local: {settings: {hooks: {}}}}", "c:1:31", "hooks-in-settings", "inside", ""),
    ("defaults: {hooks: {pre_tool_us: []}}", "c:1:20", "unknown-event", "`pre_tool_us`", "`PreToolUse`"),
    ("defaults: {hooks: {nonsense: []}}", "c:1:20", "unknown-event", "`nonsense`", ""),
    ("defaults: {hooks: {Stop: [], stop: []}}", "c:1:30", "duplicate-key", "`stop` and `Stop`", ""),
    ("defaults: {hooks: {Stop: [git-safty-check]}}", "c:1:27", "unknown-hook", "git-safty-check", "`git-safety-check`"),
    ("defaults: {hooks: {Stop: {add: [{hook: zzz}]}}}", "c:1:33", "unknown-hook", "`zzz`", "refuses until"),
    ("profiles: {p: {hooks: {Stop: [{hook: GIT_safety-check.py, scope: host}]}}}", "c:1:66", "host-scope", "one repository", "global"),
    ("defaults: {hooks: {Stop: [{type: http}]}}", "c:1:27", "missing-key", "`url`", ""),
    ("defaults: {hooks: {Stop: [{type: mcp_tool, server: s}]}}", "c:1:27", "missing-key", "`tool`", ""),
    ("defaults: {hooks: {Stop: [{type: command, command: x, timeout: 30000}]}}", "c:1:64", "timeout", "8.3 hours", "write 30"),
    ("defaults: {commands: [../x]}", "c:1:23", "source-name", "'..'", ""),
    ("defaults: {skills: {add: [/etc/passwd]}}", "c:1:27", "source-name", "absolute", ""),
    ("global: {output_styles: [no-such]}", "c:1:26", "unknown-source", "output-styles/", ""),
    ("units: {u: {command: x, schedule: dayly}}", "c:1:35", "calendar", "dayly", "daily"),
    ("units: {u: {command: x, schedule: [daily, '25:00']}}", "c:1:43", "calendar", "25:00", ""),
    ("units: {u: {command: x, every: 2 fortnights}}", "c:1:32", "timespan", "fortnights", ""),
    ("metrics: {alerts: {every: 2 fortnights}}", "c:1:27", "timespan", "fortnights", ""),
    ("metrics: {report: {folder: ~/r, schedule: dayly}}", "c:1:43", "calendar", "dayly", "daily"),
    ("units: {u: {command: x, memory_max: lots}}", "c:1:37", "amount", "lots", ""),
    ("units: {u: {command: x, cpu_quota: '20'}}", "c:1:36", "amount", "20", "10%"),
    ("units: {u: {schedule: daily}}", "c:1:9", "missing-key", "`u` has no command", ""),
    ("repositories: {a: {units: {u: {every: 1h}}}}", "c:1:28", "missing-key", "`u` has no command", ""),
    ("defaults: {ci: github}", "c:1:12", "ci-package", "what to install", "package:"),
    ("metrics: {alerts: {webhooks: {t: {url: 'https://x/y', kind: slack}}}}", "c:1:35", "secret-address", "is a secret", "${SLACK_WEBHOOK}"),
    ("exceptions: [{address: nonsense}]", "c:1:24", "address", "nonsense", "TARGET:PATH"),
    ("exceptions: [{address: 'apj:CLAUDE.md'}]\nrepositories: {api: {}}", "c:1:24", "unknown-target", "`apj`", "`api`"),
    ("exceptions: [{until: 2030-02-30}]", "c:1:22", "date", "2030-02-30", ""),
    ("exceptions: [{until: 2030-06-14}]", "c:1:22", "expired-exception", "ended on", "until"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "rule", "message", "hint"),
    ROWS,
    ids=[row[0].replace("\n", " ") for row in ROWS],
)
def test_each_contradiction_has_its_place(text, place, rule, message, hint):
    (finding,) = findings_of(text)
    assert (str(finding.location), finding.rule) == (place, f"canonical/{rule}")
    assert message in finding.message
    assert hint in finding.hint
    assert finding.path


WARNINGS = {"unknown-hook", "unknown-source", "timeout", "expired-exception"}


@pytest.mark.parametrize(("text", "rule"), [(row[0], row[2]) for row in ROWS], ids=str)
def test_what_canonical_can_be_used_with_is_a_warning(text, rule):
    (finding,) = findings_of(text)
    if rule in WARNINGS:
        assert finding.severity is Severity.WARNING
        assert finding.exit_code == (1 if rule == "expired-exception" else 0)
    else:
        assert (finding.severity, finding.exit_code) == (Severity.ERROR, 2)


FINE = [
    "metrics: {alerts: {webhooks: {t: {url: '${X}', kind: slack}, u: {url: 'https://x/y'}, v: null}}}",
    "defaults: {hooks: {Stop: [{type: command, command: x, timeout: 3600}]}}",
    "global: {hooks: {stop: [{hook: git_safety_check.py, scope: host}]}}",
    "defaults: {hooks: {stop: {remove: [whatever]}}}",
    "defaults: {commands: {remove: [no-such]}, skills: [tdd], rules: ['a*']}",
    "exceptions: [{address: 'host:.claude/settings.json#/model', until: 2030-06-15}]",
    "repositories: {a: {path: ~/x}, b: {path: ~/y}, c: {}, d: {}}",
    "profiles: {a: {}, b: {extends: a}, c: {extends: [a, b]}}",
    "units: {u: {systemd: {Service: {ExecStart: /bin/true}}, schedule: 'Mon..Fri 09:00'}}",
    "profiles: {p: {units: {u: {every: 1h}}}}\n"
    "repositories: {a: {profiles: [p], units: {u: {command: x}}}}",
]


@pytest.mark.parametrize("text", FINE)
def test_what_is_right_is_left_alone(text):
    assert findings_of(text) == ()


def test_the_local_file_is_checked_with_its_own_places():
    text = "repositories: {api: {path: ~/a}, web: {path: ~/w}}"
    local = b"repositories:\n  api: ~/w\n  wbe: {path: ~/b}\nglobal: {commands: [no-a]}\n"
    found = [(str(f.location), f.rule) for f in findings_of(text, local)]
    assert found == [
        ("c:1:46", "canonical/same-path"),
        ("l:3:3", "canonical/unknown-repository"),
        ("l:4:21", "canonical/unknown-source"),
    ]


def test_a_unit_of_a_profile_without_command_is_told_once():
    many = ", ".join(f"r{i}: {{profiles: [p]}}" for i in range(20))
    text = f"profiles: {{p: {{units: {{u: {{every: 1h}}}}}}}}\nrepositories: {{{many}}}"
    (finding,) = findings_of(text)
    assert str(finding.location) == "c:1:24"


def test_nothing_known_leaves_hooks_and_sources_unchecked():
    canonical = canonical_of({"defaults": {"hooks": {"Stop": ["zzz"]}, "commands": ["no-such"]}})
    assert check_semantics(canonical) == ()


def test_sources_are_asked_once_per_kind_with_each_name_once():
    asked = []

    def answer(kind, names):
        asked.append((kind, names))
        return ()

    body = {"commands": ["a", "b"], "output_styles": ["c"]}
    document = {"defaults": body, "profiles": {"p": {"commands": ["b", "../x", "d"]}}}
    check_semantics(canonical_of(document), missing=answer)
    assert asked == [("commands", ("a", "b", "d")), ("output-styles", ("c",))]


def test_two_cycles_through_one_profile_are_both_told():
    profiles = {"a": {"extends": ["b", "c"]}, "b": {"extends": "a"}, "c": {"extends": "a"}}
    found = check_semantics(canonical_of({"profiles": profiles}))
    assert [f.message.split(": ")[1] for f in found] == ["a → b → a", "a → c → a"]


def test_a_long_chain_of_profiles_is_no_recursion():
    profiles = {f"p{i}": {"extends": f"p{i + 1}"} for i in range(3000)}
    (finding,) = check_semantics(canonical_of({"profiles": profiles}))
    assert finding.rule == "canonical/unknown-profile"


@given(DOCUMENTS, LOCALS)
@settings(max_examples=40)
def test_valid_documents_have_an_answer(document, local):
    check_semantics(canonical_of(document, local), hooks=HOOKS, missing=missing, today=TODAY)


@given(
    st.dictionaries(st.sampled_from(sorted(schema()["properties"])), ENTRIES, min_size=1), ENTRIES
)
def test_documents_that_the_schema_refuses_have_an_answer_too(document, local):
    canonical = canonical_of(document, {"repositories": local, "global": local})
    check_semantics(canonical, hooks=HOOKS, missing=missing, today=TODAY)
