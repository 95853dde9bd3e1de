"""Cases of hooks_shared/families/safety/git_safety_check.py."""

from __future__ import annotations

import pytest

from hooks_shared import rules
from tests.hooks.safety_case import hits, rows, says

HOOK = "git-safety-check"
FAMILIES = set(rules.GIT_FAMILIES)
GIT = [
    row
    for row in rows("dangerous")
    if {rules.RULES[rule].family for rule in row["rules"]} <= FAMILIES
]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/u")
    monkeypatch.delenv("CLAUDE_PROJECT_DIR", raising=False)


def test_it_decides_what_is_about_git_alone() -> None:
    assert len(GIT) > 100
    wrong = [row["command"] for row in GIT if says(HOOK, row["command"])[0] != row["verdict"]]
    assert wrong == []


def test_it_leaves_the_rest_to_the_other_guard() -> None:
    assert says(HOOK, "rm -rf /") == ("", "")
    assert says(HOOK, "git push -f; rm -rf /")[1].startswith("git-push-force: ")


REWRITES = [
    ("git reset --hard", "git-reset-hard"),
    ("git checkout -- .", "git-discard-all"),
    ("git restore src/a.py", "git-discard"),
    ("git clean -fd", "git-clean"),
    ("git push --force", "git-push-force"),
]


@pytest.mark.parametrize(("command", "rule"), REWRITES)
def test_global_options_and_folders_change_nothing(command: str, rule: str) -> None:
    rest = command.removeprefix("git ")
    for before in ("-C ../x", "--git-dir=x/.git --work-tree=x", "--no-pager -c a.b=c", "-p"):
        assert [hit.rule for hit in hits(f"git {before} {rest}")] == [rule]


def test_an_alias_is_what_it_stands_for() -> None:
    assert says(HOOK, "git -c alias.go='push --force' go origin")[0] == "deny"
    assert says(HOOK, "git -c alias.go='push --force-with-lease' go origin") == ("", "")


def test_families_are_switched() -> None:
    assert says(HOOK, "git push -f", families={"git-remote": "ask"})[0] == "ask"
    assert says(HOOK, "git push -f", families={"git-remote": "off"}) == ("", "")


@pytest.mark.parametrize(
    "command", [None, 1, "", "git", "git -C", "git -c", "git --", "git push -"]
)
def test_half_a_command_is_none(command: object) -> None:
    assert says(HOOK, command) == ("", "")
