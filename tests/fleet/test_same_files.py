"""Two targets that would write into one file are told before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli import rules, tree

if TYPE_CHECKING:
    from tests.support.cli import Account

HEAD = "hub:\n  name: acme\n  follow: [~/dot]\n"
MODEL = "    overrides:\n      settings:\n        cleanupPeriodDays: 20\n"
TWO = (
    f"{HEAD}repositories:\n  api:\n    path: ~/src/api\n{MODEL}  web:\n    path: ~/src/web\n{MODEL}"
)
GLOBAL = f"{HEAD}global:\n  settings:\n    cleanupPeriodDays: 30\nrepositories:\n  dot:\n    path: "
RULE = "canonical/same-repository"


def refused(account: Account, *names: str) -> None:
    before = tree(account.home, without=(".git", ".cache", ".local"))
    assert rules(account.report("plan")).count(RULE) == 1
    ran = account.run("apply", "--yes")
    assert ran.code == 2
    for name in names:
        assert name in ran.err + ran.out
    assert tree(account.home, without=(".git", ".cache", ".local")) == before
    assert RULE in rules(account.report("drift"))
    assert RULE in rules(account.report("drift"))


def test_repositories_that_share_a_folder_behind_links(account: Account) -> None:
    account.canonical(TWO)
    account.put("dot/claude/settings.json", "{}")
    for name in ("api", "web"):
        (account.repository(name) / ".claude").symlink_to(account.home / "dot/claude")
    refused(account, "api", "web", "dot/claude")


@pytest.mark.parametrize("path", ["~/", "~/.claude"])
def test_a_repository_around_the_folder_of_the_client(account: Account, path: str) -> None:
    wants = MODEL if path == "~/" else "    conventions: [Be brief.]\n"
    shared = (
        GLOBAL
        if path == "~/"
        else GLOBAL.replace(
            "  settings:\n    cleanupPeriodDays: 30\n", "  instructions:\n    text: Be kind.\n"
        )
    )
    account.canonical(f"{shared}{path}\n{wants}")
    (account.home / ".claude").mkdir()
    account.git(account.home / path.removeprefix("~/"), "init", "-q", "--template=")
    refused(account, "host", "dot")


def test_a_repository_around_it_that_wants_other_files_is_fine(account: Account) -> None:
    account.canonical(f"{GLOBAL}~/\n    conventions: [Be brief.]\n")
    account.git(account.home, "init", "-q", "--template=")
    account.apply()
    account.in_sync()
    assert b"Be brief." in account.read("CLAUDE.md")
    assert b"30" in account.read(".claude/settings.json")


def test_nested_repositories_are_fine(account: Account) -> None:
    account.canonical(TWO.replace("~/src/web", "~/src/api/web"))
    account.repository("api")
    account.repository("api/web")
    account.apply()
    account.in_sync()
