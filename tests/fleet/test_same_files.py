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


@pytest.mark.parametrize("name", ["api", "web"])
def test_whoever_asks_for_one_of_them_is_told_too(account: Account, name: str) -> None:
    test_repositories_that_share_a_folder_behind_links(account)
    for command in (("plan", name), ("drift", name), ("drift", name)):
        assert rules(account.report(*command)).count(RULE) == 1
    assert account.run("apply", "--yes", name).code == 2


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


# -- one file behind links of two targets --------------------------------------------------------


SAME = "contain/same-file"
SETTINGS = ".claude/settings.json"


def link(account: Account, name: str, path: str, to: str) -> None:
    place = account.home / "src" / name / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(account.home / to)


def told_once(account: Account, name: str, other: str, *, code: int = 4) -> None:
    """The file is told at `name`, which leaves it alone; everything else goes on."""
    for command in (("plan",), ("apply", "--yes"), ("drift",), ("drift",), ("drift", "--fix")):
        report = account.report(*command)
        (finding,) = [f for f in report["findings"] if f["rule"] == SAME]
        assert finding["address"].partition(":")[0] == name
        assert other in finding["message"]
        assert finding["decided_by"]["line"] > 0
        assert report["exit_code"] == (0 if command == ("plan",) else code)
    assert account.report("drift", name)["exit_code"] == code


def test_two_links_to_one_file(account: Account) -> None:
    account.canonical(TWO.replace(MODEL, MODEL.replace("20", "30"), 1))
    account.put("dot/settings.json", '{"theme": "dark"}\n')
    for name in ("api", "web"):
        account.repository(name)
        link(account, name, SETTINGS, "dot/settings.json")
    told_once(account, "web", f"api:{SETTINGS}")
    assert b'"cleanupPeriodDays": 30' in account.read("dot/settings.json")
    account.in_sync("api")


def test_two_linked_folders_that_are_one(account: Account) -> None:
    rules_of = "    overrides: {rules: [house]}\n"
    account.canonical(TWO.replace(MODEL, rules_of))
    account.put("hub/rules/house.md", "Tidy up.\n")
    (account.home / "dot/rules").mkdir(parents=True)
    for name in ("api", "web"):
        account.repository(name)
        link(account, name, ".claude/rules", "dot/rules")
    told_once(account, "web", "api:.claude/rules/house.md")
    account.in_sync("api")


@pytest.mark.parametrize("asked", ["web", "api"])
def test_a_link_into_another_repository(account: Account, asked: str) -> None:
    """It lies in the other one's folder, so it is the other one's, whatever comes first."""
    account.canonical(TWO.replace("~/dot", "~/src").replace("20", "30", 1))
    account.repository("web", "{}")
    account.repository("api")
    link(account, "api", SETTINGS, f"src/web/{SETTINGS}")
    told_once(account, "api", f"web:{SETTINGS}")
    assert b'"cleanupPeriodDays": 20' in account.read(f"src/web/{SETTINGS}")
    assert account.report("drift", asked)["exit_code"] == (4 if asked == "api" else 0)


def test_a_link_of_the_account_into_a_repository(account: Account) -> None:
    account.canonical(f"{GLOBAL}~/dot\n{MODEL}")
    account.put(f"dot/{SETTINGS}", "{}")
    account.git(account.home / "dot", "init", "-q", "--template=")
    (account.home / ".claude").mkdir()
    (account.home / SETTINGS).symlink_to(account.home / "dot" / SETTINGS)
    told_once(account, "host", f"dot:{SETTINGS}")
    assert b"20" in account.read(f"dot/{SETTINGS}")


def test_one_link_to_a_file_that_nobody_else_wants_is_fine(account: Account) -> None:
    account.canonical(
        TWO.replace(f"  web:\n    path: ~/src/web\n{MODEL}", "  web: {path: ~/src/web}\n")
    )
    account.put("dot/settings.json", "{}")
    for name in ("api", "web"):
        account.repository(name)
        link(account, name, SETTINGS, "dot/settings.json")
    account.apply()
    account.in_sync()
