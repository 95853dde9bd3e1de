"""The lint of client settings, row by row, and the promises that hold for every row."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.check.client.facts import EVENTS
from hubctl.check.client.schema import ALLOWED_FILE, SCHEMA_FILE, SettingsSchema
from hubctl.check.settings_lint import RULES, lint_settings, parse_version, settings_of
from hubctl.config.shapes import KNOWN
from hubctl.errors import UsageError
from hubctl.model.address import Address, element_fragment, parse_address
from hubctl.model.finding import Severity
from hubctl.model.item import Handler, Item, JsonValue
from hubctl.model.state import Scope
from tests.render.golden_case import rendered

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILE = "api:.claude/settings.json"
CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("settings_cases.jsonl").read_text().splitlines()
]


def load(name: str) -> object:
    return json.loads((SCHEMAS / name).read_text())


SCHEMA = SettingsSchema(load=load)
parsed = functools.cache(load)


def lint(case: dict) -> tuple:
    return lint_settings(
        case["settings"],
        scope=case["place"],
        client=case.get("client", "2.1.328"),
        schema=SCHEMA if case.get("schema") else None,
        file=FILE,
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_rules_that_apply(case):
    findings = lint(case)
    assert sorted({finding.rule for finding in findings}) == case["rules"]
    for finding in findings:
        assert str(parse_address(finding.address)) == finding.address


def test_every_rule_has_a_row_that_meets_it_and_one_that_just_does_not():
    rules = {rule.id for rule in RULES}
    met = {rule for case in CASES for rule in case["rules"]}
    near = {case["near"] for case in CASES if "near" in case}
    assert len(rules) == len(RULES)
    assert met == rules
    assert near == rules
    assert not [case["name"] for case in CASES if case.get("near") in case["rules"]]


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_says_in_one_sentence_what_the_client_does(rule):
    assert rule.id.startswith("settings/")
    assert not rule.reason.endswith(".")
    assert "\n" not in rule.reason + rule.hint


def test_lists_of_known_false_errors_carry_their_reasons():
    assert all(row.reason for row in SCHEMA.allowances())
    assert load(ALLOWED_FILE)["schema"] == SCHEMA_FILE


ALLOWED = {
    "/hooks/*/*/hooks/*/onFailure": {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "x", "onFailure": "block"}]}]}
    },
    "/hooks/*/*/hooks/*/once": {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "x", "once": True}]}]}
    },
    "/hooks/PreModelSwitch": {"hooks": {"PreModelSwitch": []}},
    "/hooks/PostModelSwitch": {"hooks": {"PostModelSwitch": []}},
    "/attribution": {"attribution": False},
    "/permissions/*/*": {"permissions": {"deny": ["*"]}},
    "/permissions/blockReadsOutsideWorkingDirectories": {
        "permissions": {"blockReadsOutsideWorkingDirectories": True}
    },
    "/permissions/blockWritesOutsideWorkingDirectories": {
        "permissions": {"blockWritesOutsideWorkingDirectories": True}
    },
    "/permissions/denyInsteadOfPrompting": {"permissions": {"denyInsteadOfPrompting": True}},
    "/env/*": {"env": {"http_proxy": "x"}},
}


@pytest.mark.parametrize("row", SCHEMA.allowances(), ids=lambda row: row.at)
def test_an_allowance_covers_what_the_schema_really_refuses(row):
    bare = SettingsSchema(load=lambda name: {"allowed": []} if name == ALLOWED_FILE else load(name))
    value = ALLOWED[row.at]
    assert [v for v in bare.violations(value) if row.covers(v)]
    assert SCHEMA.violations(value) == ()


@pytest.mark.parametrize(
    ("event", "client", "severity"),
    [
        ("PreToolUse", "2.1.328", Severity.ERROR),
        ("PermissionRequest", "2.1.328", Severity.ERROR),
        ("Stop", "2.1.328", Severity.WARNING),
        ("Stop", "2.1.197", Severity.ERROR),
    ],
)
def test_an_unreadable_handler_weighs_what_it_costs(event, client, severity):
    broken = {"hooks": {event: [{"hooks": [{"type": "command"}]}]}}
    (finding,) = lint_settings(broken, scope="committed", client=client)
    assert finding.severity is severity
    assert finding.exit_code == 1


@pytest.mark.parametrize("rule", ["settings/kill-switch", "settings/wrong-type"])
def test_what_disarms_every_guard_is_an_error(rule):
    weights = {f.severity for case in CASES for f in lint(case) if f.rule == rule}
    assert weights == {Severity.ERROR}


def test_notes_never_decide_an_exit_code():
    for case in CASES:
        for finding in lint(case):
            assert finding.exit_code == (0 if finding.severity is Severity.NOTE else 1)


def test_a_finding_names_the_element_and_the_handler():
    value = {
        "permissions": {"allow": ["Bash", "Write(a)"]},
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "x", "once": True}]}]},
    }
    addresses = [finding.address for finding in lint_settings(value, scope="local", file=FILE)]
    assert addresses[0] == f'{FILE}#/permissions/allow="Write(a)"'
    assert addresses[1].startswith(f"{FILE}#hook:Stop/")


def test_values_of_env_headers_and_unknown_keys_are_never_shown():
    secret = 918273645
    value = {
        "env": {"TOKEN": secret, "HUBCTL_HOOKS": f"{secret}"},
        "spinnerTipsEnabled": secret,
        "hooks": {
            "Stop": [
                {
                    "hooks": [
                        {
                            "type": "http",
                            "url": "http://localhost/x",
                            "headers": {"A": f"{secret} $B", "C": secret},
                        }
                    ]
                }
            ]
        },
    }
    findings = lint_settings(value, scope="local", schema=SCHEMA, file=FILE)
    assert len(findings) >= 4
    assert str(secret) not in repr(findings)


def test_findings_stand_in_one_order_whatever_the_order_of_keys():
    value = {"model": 1, "env": {"B": 1, "A": 2}, "zzz": 1}
    turned = {"zzz": 1, "env": {"A": 2, "B": 1}, "model": 1}
    one = lint_settings(value, scope="local", schema=SCHEMA, file=FILE)
    assert one == lint_settings(turned, scope="local", schema=SCHEMA, file=FILE)


def test_the_schema_is_asked_once_for_equal_members():
    asked = []

    def counting(name: str) -> object:
        asked.append(name)
        return load(name)

    fresh = SettingsSchema(load=counting)
    first = fresh.violations({"viewMode": 1, "model": "a"})
    again = fresh.violations({"model": "b", "viewMode": 1})
    assert first
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert sorted(asked) == sorted([SCHEMA_FILE, ALLOWED_FILE])


def test_the_schema_uses_only_keywords_that_shapes_know():
    def keywords(part: object) -> set[str]:
        if isinstance(part, list):
            return set().union(*map(keywords, part))
        if not isinstance(part, dict):
            return set()
        found = set(part)
        for key, inner in part.items():
            if key in ("properties", "$defs"):
                found |= set().union(*map(keywords, inner.values()))
            elif key not in ("default", "examples", "const", "enum"):
                found |= keywords(inner)
        return found

    assert keywords(load(SCHEMA_FILE)) <= KNOWN | {"allowTrailingCommas"}


RULES_OF_MANY = st.sampled_from(
    ["Bash", "Bash(ls *)", "Bash(make a:*)", "Bash()", "bash", "mcp__a", "", "Read(./.env)", "X"]
)
MEMBERS = st.dictionaries(
    st.sampled_from(
        ["permissions", "model", "fallbackModel", "cleanupPeriodDays", "spinnerVerbs", "hooks"]
    ),
    st.one_of(
        st.dictionaries(
            st.sampled_from(["allow", "deny", "mode", "verbs", "defaultMode", "PreToolUse"]),
            st.one_of(
                st.lists(st.one_of(RULES_OF_MANY, st.sampled_from([1, 1.0, True])), max_size=4),
                RULES_OF_MANY,
                st.sampled_from(["append", "plan"]),
            ),
            max_size=3,
        ),
        st.lists(RULES_OF_MANY, max_size=5),
        st.sampled_from([0, 1, 2, 0.5, None, True, "opus", ""]),
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MEMBERS, min_size=2, max_size=6))
def test_what_was_found_sound_says_nothing_about_what_is_not(files):
    """A schema that has seen other files finds in each what one that has seen nothing finds."""
    one = SettingsSchema(load=parsed)
    for file in files:
        assert one.violations(file) == SettingsSchema(load=parsed).violations(file)


def test_a_list_is_no_longer_sound_with_one_element_twice_or_too_many():
    one = SettingsSchema(load=parsed)
    assert one.violations({"permissions": {"allow": ["Bash(a)", "Bash(b)"]}}) == ()
    assert one.violations({"permissions": {"allow": ["Bash(c)", "Bash(d)", "Bash(e)"]}}) == ()
    assert one.violations({"permissions": {"allow": ["Bash(a)", "Bash(a)"]}}) != ()
    assert one.violations({"permissions": {"allow": ["Bash(a)", 1]}}) != ()
    assert one.violations({"fallbackModel": ["a", "b", "c"]}) == ()
    assert one.violations({"fallbackModel": ["a", "b", "c", "d"]}) != ()


@pytest.mark.parametrize(
    ("text", "version"), [("2.1.328", (2, 1, 328)), ("2.1", (2, 1, 0)), ("3", (3, 0, 0))]
)
def test_client_versions(text, version):
    assert parse_version(text) == version


@pytest.mark.parametrize("text", ["", "2.x", "2.1.3.4", "latest", "2.1.²"])
def test_no_client_version(text):
    with pytest.raises(UsageError):
        parse_version(text)


def item(fragment: str, value: object) -> Item:
    address = Address(target="api", path=".claude/settings.json", fragment=fragment)
    return Item(address=address, value=value, scope=Scope.COMMITTED, renderer="settings")


def test_items_are_read_as_the_file_they_amount_to():
    entry = {"type": "command", "command": "x"}
    items = [
        item(element_fragment(("permissions", "allow"), "Bash"), JsonValue(value="Bash")),
        item("/env/A", JsonValue(value="1")),
        item("/sandbox", JsonValue(value={})),
        item("hook:PreToolUse/a", Handler(matcher="Bash", entry=entry)),
        item("hook:Stop/b", Handler(matcher="", entry=entry)),
    ]
    assert settings_of(items) == {
        "permissions": {"allow": ["Bash"]},
        "env": {"A": "1"},
        "sandbox": {},
        "hooks": {
            "PreToolUse": [{"matcher": "Bash", "hooks": [entry]}],
            "Stop": [{"hooks": [entry]}],
        },
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["hooks", "matcher", "type", "x", "a/b=~"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["hooks", "permissions", "env", "statusLine", "model", "sandbox", "cleanupPeriodDays", "other"]
)
HOOKS = st.fixed_dictionaries({"hooks": st.dictionaries(st.sampled_from(sorted(EVENTS)), JSON)})
RULE_LISTS = st.fixed_dictionaries(
    {"permissions": st.dictionaries(st.sampled_from(["allow", "ask", "deny"]), st.lists(JSON))}
)


@settings(max_examples=80, deadline=None)
@given(
    value=st.dictionaries(KEYS, JSON, max_size=4) | HOOKS | RULE_LISTS,
    place=st.sampled_from(["committed", "local", "host"]),
)
def test_any_json_object_gets_findings_with_addresses_and_never_an_exception(value, place):
    for finding in lint_settings(value, scope=place, schema=SCHEMA, file=FILE):
        assert str(parse_address(finding.address)) == finding.address


def test_the_schema_is_the_unmodified_copy_that_its_notice_names():
    digest = hashlib.sha256((SCHEMAS / SCHEMA_FILE).read_bytes()).hexdigest()
    assert f"`{digest}`" in (SCHEMAS / "THIRD_PARTY.md").read_text()


@pytest.mark.parametrize(
    ("case", "path", "scope", "rules"),
    [
        ("settings-repository", ".claude/settings.json", "committed", {"settings/unknown-key"}),
        ("settings-repository", ".claude/settings.local.json", "local", {"settings/client-writes"}),
        ("settings-hooks", ".claude/settings.json", "committed", set()),
        ("settings-host", ".claude/settings.json", "host", {"settings/client-writes"}),
    ],
)
def test_what_golden_cases_render_is_clean_but_for_notes(case, path, scope, rules):
    items = [item for item in rendered(case) if item.address.path == path]
    findings = lint_settings(settings_of(items), scope=scope, schema=SCHEMA, file=f"api:{path}")
    assert {finding.rule for finding in findings} == rules
    assert {finding.severity for finding in findings} <= {Severity.NOTE}
