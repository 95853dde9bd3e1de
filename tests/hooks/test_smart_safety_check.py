"""Cases of hooks_shared/families/safety/smart_safety_check.py: caught, and let alone."""

from __future__ import annotations

import jsonschema
import pytest

from hooks_shared import registry, rules
from hooks_shared.context import Context
from hooks_shared.families.safety import smart_safety_check
from tests.guards.tree import none_of
from tests.hooks.safety_case import event, hits, rows, says, verdict_of

HOOK = "smart-safety-check"
DANGEROUS, HARMLESS = rows("dangerous"), rows("harmless")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    monkeypatch.delenv("CLAUDE_PROJECT_DIR", raising=False)


def test_there_are_enough_rows_each_with_its_reason() -> None:
    assert len(DANGEROUS) >= 900 and len(HARMLESS) >= 800
    commands = [row["command"] for row in DANGEROUS + HARMLESS]
    assert len(set(commands)) == len(commands)
    assert all(row["why"] for row in DANGEROUS + HARMLESS)
    assert {row["verdict"] for row in DANGEROUS} == {"deny", "ask"}
    assert {row["verdict"] for row in HARMLESS} == {"none"}


def test_every_row_has_its_verdict() -> None:
    none_of(
        f"{row['command']!r}: {found} instead of {row['verdict']}"
        for row in DANGEROUS + HARMLESS
        if (found := verdict_of(row["command"])) != row["verdict"]
    )


def test_dangerous_rows_break_the_rules_they_name() -> None:
    none_of(
        f"{row['command']!r}: {found}"
        for row in DANGEROUS
        if (found := sorted({hit.rule for hit in hits(row["command"])})) != row["rules"]
    )


@pytest.mark.parametrize("rule", rules.RULES.values(), ids=lambda rule: rule.id)
def test_a_safer_alternative_passes_both_guards(rule: rules.Rule) -> None:
    assert rule.safer and verdict_of(rule.safer) == "none"
    assert rule.family in {**rules.SMART_FAMILIES, **rules.GIT_FAMILIES}
    assert rule.severity in (rules.DENY, rules.ASK)
    assert rule.what and rule.advice


def test_a_reason_names_rule_target_and_alternative() -> None:
    decision, reason = says(HOOK, "cd .. && rm -rf ~/Documents")
    assert decision == "deny"
    assert reason == (
        "rm-home: `/home/u/Documents` removes a home folder or what a person keeps in it. "
        "Safer: look first, and let the person remove it, `ls -la ~`."
    )


def test_several_reasons_stay_short() -> None:
    _, reason = says(HOOK, "rm -rf /; rm -rf ~; rm -rf /etc; rm -rf /usr")
    assert reason.startswith("rm-root: ") and reason.endswith(" (and 2 more)")
    assert len(reason) < 600


def test_deny_goes_before_ask() -> None:
    assert says(HOOK, "npm publish; rm -rf /")[0] == "deny"
    assert says(HOOK, "npm publish")[0] == "ask"


@pytest.mark.parametrize("command", [None, 5, [], {}, "", " ", "\n", "\0", "\ud800", "\ue000"])
def test_what_is_no_command_is_none(command: object) -> None:
    assert says(HOOK, command) == ("", "")


def test_git_is_the_other_guards_matter() -> None:
    assert says(HOOK, "git reset --hard") == ("", "")


@pytest.mark.parametrize(
    "command", ["hubctl apply", "hubctl apply --yes", "hubctl hooks verify", "hubctl plan"]
)
def test_the_repair_passes(command: str) -> None:
    assert says(HOOK, command, families={"hooks": "deny"}) == ("", "")


@pytest.mark.parametrize("command", ["hubctl hooks disable x", "hubctl apply; rm -rf /"])
def test_nothing_rides_along_with_the_repair(command: str) -> None:
    assert says(HOOK, command)[0] == "deny"


def test_a_longer_command_than_anybody_writes_is_asked() -> None:
    assert says(HOOK, "echo 'a'" * 40_000)[0] == "ask"
    assert says(HOOK, "echo '" + "a" * 150_000 + "'; rm -rf /")[0] == "deny"


FOLDERS = [
    ("rm -rf src", "/home/u/src/app", "ask"),
    ("rm -rf app", "/home/u/src", "ask"),
    ("rm -rf *", "/", "deny"),
    ("rm -rf *", "/tmp/scratch/x", "deny"),
    ("rm -rf build", "/srv/x", ""),
    ("rm -rf build", "", "deny"),
]


@pytest.mark.parametrize(("command", "cwd", "decision"), FOLDERS)
def test_the_working_folder_decides(command: str, cwd: str, decision: str) -> None:
    context = Context(HOOK, {}, "/dev/null/state", "/dev/null/state", "s")
    verdict = smart_safety_check.decide(event(command, cwd), context)
    assert (verdict.decision if verdict else "") == decision


GENERATED = {"rule": "rm-folder", "reason": "x", "paths": ["*/gen"]}
NPM = {"rule": "publish", "reason": "x", "command": "npm publish"}
TEMPORARY = [
    ("rm -rf ~", "deny"),
    ("rm -rf ~/Documents", "deny"),
    ("rm -rf .", "deny"),
    ("rm -rf ..", "deny"),
    ("rm -rf /tmp/x9", "deny"),
    ("rm -rf /tmp/*", "deny"),
    ("rm -rf src", "ask"),
    ("rm -rf /tmp/x9/repo/src", "ask"),
    ("rm -rf build", ""),
    ("rm -rf /tmp/other", ""),
    ("rm -rf /tmp/other-*", ""),
]


@pytest.mark.parametrize(("command", "decision"), TEMPORARY)
def test_a_project_in_a_temporary_folder_is_still_one(
    command: str, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/tmp/x9/home")
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", "/tmp/x9/repo")
    context = Context(HOOK, {}, "/dev/null/state", "/dev/null/state", "s")
    verdict = smart_safety_check.decide(event(command, "/tmp/x9/repo"), context)
    assert (verdict.decision if verdict else "") == decision


OPTIONS = [
    ("rm -rf src", {}, "ask"),
    ("rm -rf src", {"families": {"files": "off"}}, ""),
    ("rm -rf src", {"families": {"files": "deny"}}, "deny"),
    ("rm -rf src", {"families": {"files": "deny"}, "rules": {"rm-folder": "off"}}, ""),
    ("rm -rf src", {"rules": {"rm-folder": "deny"}}, "deny"),
    ("rm -rf src", {"rules": {"rm-root": "off"}}, "ask"),
    ("rm -rf src", {"families": {"files": "nonsense"}, "rules": []}, "ask"),
    ("rm -rf src", {"exceptions": [{"rule": "rm-folder", "reason": "generated"}]}, ""),
    ("rm -rf src", {"exceptions": [{"rule": "rm-folder"}]}, "ask"),
    ("rm -rf src", {"exceptions": [{"rule": "rm-home", "reason": "x"}]}, "ask"),
    ("rm -rf src", {"exceptions": [GENERATED]}, "ask"),
    ("rm -rf a/gen", {"exceptions": [GENERATED]}, ""),
    ("npm publish", {"exceptions": [NPM]}, ""),
    ("gem push a", {"exceptions": [NPM]}, "ask"),
    ("rm -rf a/gen src", {"exceptions": [GENERATED]}, "ask"),
    ("rm -rf generated/api", {"disposable": ["generated"]}, ""),
    ("rm -rf generated/api", {"disposable": "generated"}, "ask"),
]


@pytest.mark.parametrize(("command", "options", "decision"), OPTIONS)
def test_options_switch_and_except(command: str, options: dict[str, object], decision: str) -> None:
    assert says(HOOK, command, **options)[0] == decision


OWN = {
    "id": "prod-deploy",
    "command": "deployer release *prod*",
    "with": ["--now", "-n"],
    "unless": ["--check"],
    "severity": "ask",
    "reason": "deploys to production",
    "safer": "deployer release prod --check",
}
ADDED = [
    ("deployer release eu-prod --now", "ask"),
    ("sudo env X=1 deployer -v release prod -n", "ask"),
    ("bash -c 'deployer release prod --now'", "ask"),
    ("deployer release prod", ""),
    ("deployer release staging --now", ""),
    ("deployer release prod --now --check", ""),
    ("echo deployer release prod --now", ""),
]


@pytest.mark.parametrize(("command", "decision"), ADDED)
def test_users_add_rules(command: str, decision: str) -> None:
    found, reason = says(HOOK, command, rules_added=[OWN])
    assert found == decision
    assert not decision or (
        reason.startswith("prod-deploy: ") and "`deployer release prod" in reason
    )


def test_an_added_rule_denies_unless_it_says_ask() -> None:
    own = {"id": "x", "command": "foo", "reason": "no"}
    assert says(HOOK, "foo", rules_added=[own, 5, {}])[0] == "deny"


FORMS = [
    ({"rules_added": [OWN]}, True),
    ({"exceptions": [GENERATED, NPM]}, True),
    ({"families": {"files": "off"}, "rules": {"publish": "deny"}, "disposable": ["gen"]}, True),
    ({"exceptions": [{"rule": "publish"}]}, False),
    ({"exceptions": [{"rule": "no-such-rule", "reason": "x"}]}, False),
    ({"rules_added": [{"id": "x", "command": "y"}]}, False),
    ({"families": {"git-work": "off"}}, False),
    ({"rules": {"publish": "maybe"}}, False),
]


@pytest.mark.parametrize(("options", "fits"), FORMS)
def test_the_schema_knows_the_form_of_options(options: dict[str, object], fits: bool) -> None:
    row = registry.find(HOOK)
    assert row is not None
    assert jsonschema.Draft202012Validator(row.schema).is_valid(options) == fits
