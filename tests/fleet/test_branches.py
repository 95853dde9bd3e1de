"""`hubctl drift --fix --branch`: a commit beside the checkout, and nobody's work touched."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cli import SETTINGS, tree, validate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

HUB = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      settings: {model: opus}
      commands: [ship]
"""
FIX = ("drift", "--fix", "--branch", "hub/repair")
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/gh.log"
case "$2" in
list) cat "$HOME/gh.list" 2>/dev/null || echo '[]' ;;
create) [ -e "$HOME/gh.refuse" ] && { echo 'GraphQL: not allowed by policy' >&2; exit 1; }
        echo 'https://example.org/pr/1' ;;
esac
"""


@pytest.fixture
def api(account: Account) -> Path:
    """A repository whose committed settings drifted, with work of its owner's all over it."""
    account.canonical(HUB)
    account.put("hub/commands/ship.md", "---\ndescription: Ship\n---\nShip.\n")
    root = account.repository("api")
    account.git(root, "config", "user.name", "Ada")
    account.git(root, "config", "user.email", "ada@example.org")
    account.apply()
    (root / "main.py").write_text("print(1)\n")
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "hub")
    (root / SETTINGS).write_text('{"model": "haiku", "mine": 1}\n')
    account.git(root, "commit", "-qam", "drift")
    return root


@pytest.fixture
def origin(account: Account, api: Path) -> Path:
    place = account.home / "origin.git"
    account.git(account.home, "init", "-q", "--bare", str(place))
    account.git(api, "remote", "add", "origin", str(place))
    return place


def run(account: Account, *options: str) -> dict[str, Any]:
    document = account.ok(*FIX, *options, "--json").json
    validate(document, "branches")
    found: dict[str, Any] = document["branches"][0]
    return found


def show(account: Account, root: Path, what: str) -> str:
    return account.git(root, "show", what)


def everything(account: Account, root: Path) -> tuple[object, ...]:
    """What a user would notice: files, index, stash, branch, and all other references."""
    return (
        tree(root),
        account.git(root, "status", "--porcelain=v2"),
        account.git(root, "stash", "list"),
        account.git(root, "symbolic-ref", "HEAD"),
        (root / ".git/index").read_bytes(),
        [x for x in account.git(root, "for-each-ref").splitlines() if "hub/repair" not in x],
        account.git(root, "worktree", "list", "--porcelain"),
    )


def test_a_commit_with_its_findings_and_nothing_else_touched(account: Account, api: Path) -> None:
    (api / "main.py").write_text("print(2)\n")
    account.git(api, "stash")
    (api / "main.py").write_text("print(3)\n")
    account.git(api, "add", "main.py")
    (api / "main.py").write_text("print(4)\n")
    (api / "new.txt").write_text("new\n")
    before = everything(account, api)
    done = run(account)
    assert everything(account, api) == before
    assert (done["state"], done["pushed"], done["request"]) == ("committed", False, "")
    assert json.loads(show(account, api, f"hub/repair:{SETTINGS}")) == {"model": "opus", "mine": 1}
    names = account.git(api, "diff", "--name-only", "HEAD", "hub/repair").split()
    assert names == [SETTINGS]
    message = account.git(api, "log", "-1", "--format=%B", "hub/repair")
    assert f"{SETTINGS}#/model: drifted" in message
    assert "haiku" not in message


def test_the_branch_is_used_again_and_nothing_new_makes_no_commit(
    account: Account, api: Path
) -> None:
    first = run(account)["commit"]
    again = run(account)
    assert (again["state"], again["commit"]) == ("clean", "")
    assert account.git(api, "rev-parse", "hub/repair").strip() == first
    # Somebody breaks another thing on that branch: one more commit on top of it.
    account.git(api, "switch", "-q", "hub/repair")
    (api / ".claude/commands/ship.md").write_text("Other.\n")
    account.git(api, "commit", "-qam", "edit")
    account.git(api, "switch", "-q", "-")
    assert run(account)["state"] == "committed"
    assert account.git(api, "rev-list", "--count", f"{first}..hub/repair").strip() == "2"


def test_a_merged_branch_starts_anew_from_head(account: Account, api: Path) -> None:
    run(account)
    account.git(api, "merge", "-q", "--ff-only", "hub/repair")
    (api / SETTINGS).write_text('{"model": "sonnet"}\n')
    account.git(api, "commit", "-qam", "again")
    head = account.git(api, "rev-parse", "HEAD").strip()
    assert run(account)["state"] == "committed"
    assert account.git(api, "rev-parse", "hub/repair^").strip() == head


def test_deleted_and_executable_files_come_back(account: Account, api: Path) -> None:
    (api / ".claude/commands/ship.md").unlink()
    account.git(api, "commit", "-qam", "gone")
    assert run(account)["state"] == "committed"
    assert "Ship." in show(account, api, "hub/repair:.claude/commands/ship.md")


def test_drift_that_is_not_committed_is_none_of_the_branch(account: Account, api: Path) -> None:
    account.git(api, "reset", "-q", "--hard", "HEAD~1")
    (api / SETTINGS).write_text('{"model": "haiku"}\n')
    assert run(account)["state"] == "clean"
    assert "hub/repair" not in account.git(api, "branch", "--list")


def test_settings_behind_a_link_of_the_repository(account: Account, api: Path) -> None:
    (api / "config").mkdir()
    (api / SETTINGS).rename(api / "config/settings.json")
    (api / SETTINGS).symlink_to("../config/settings.json")
    account.git(api, "add", "-A")
    account.git(api, "commit", "-qm", "link")
    assert run(account)["state"] == "committed"
    assert json.loads(show(account, api, "hub/repair:config/settings.json"))["model"] == "opus"
    assert show(account, api, f"hub/repair:{SETTINGS}") == "../config/settings.json"


def test_programs_of_the_repository_do_not_run(account: Account, api: Path) -> None:
    trap = account.put("trap", f"#!/bin/sh\ntouch {account.home}/ran\n")
    trap.chmod(0o755)
    for name in ("post-checkout", "pre-commit", "commit-msg", "reference-transaction"):
        account.put(f"src/api/.git/hooks/{name}", trap.read_bytes()).chmod(0o755)
    account.git(api, "config", "filter.x.smudge", str(trap))
    account.git(api, "config", "filter.x.clean", str(trap))
    account.git(api, "config", "core.fsmonitor", str(trap))
    (api / ".git/info").mkdir(exist_ok=True)
    (api / ".git/info/attributes").write_text("* filter=x\n")
    assert run(account)["state"] == "committed"
    assert not (account.home / "ran").exists()


# -- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (("switch", "-qc", "hub/repair"), "checked out"),
        (("update-ref", "-d", "HEAD"), "no commit"),
    ],
)
def test_what_cannot_be_is_told(
    account: Account, api: Path, spoil: tuple[str, ...], says: str
) -> None:
    account.git(api, *spoil)
    before = everything(account, api)
    ran = account.run(*FIX)
    assert ran.code == 3
    assert says in ran.err
    assert everything(account, api) == before


@pytest.mark.parametrize(
    "options",
    [
        ("--branch", "x"),
        ("--fix", "--push"),
        ("--fix", "--pr"),
        ("--fix", "--branch", "x", "--format", "sarif"),
    ],
)
def test_options_that_do_not_go_together(
    account: Account, api: Path, options: tuple[str, ...]
) -> None:
    assert account.run("drift", *options).code == 2


@pytest.mark.parametrize("name", ["a..b", "a b", "", "x.lock", "/x"])
def test_names_that_are_none(account: Account, api: Path, name: str) -> None:
    assert account.run("drift", "--fix", "--branch", name).code in (2, 3)
    assert len(account.git(api, "branch", "--list").splitlines()) == 1


def test_a_folder_without_git(account: Account) -> None:
    account.put("src/api/x", "")
    account.canonical(HUB)
    account.put("hub/commands/ship.md", "Ship.\n")
    assert account.run(*FIX).code == 3


# -- pushing ---------------------------------------------------------------------------------------


def test_a_push_and_no_second_one(account: Account, api: Path, origin: Path) -> None:
    done = run(account, "--push")
    assert done["pushed"]
    assert account.git(origin, "rev-parse", "hub/repair").strip() == done["commit"]
    again = run(account, "--push")
    assert (again["state"], again["pushed"]) == ("clean", False)


def test_a_refusal_by_policy_is_no_failure(account: Account, api: Path, origin: Path) -> None:
    hook = origin / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'branches of robots are not allowed' >&2\nexit 1\n")
    hook.chmod(0o755)
    done = run(account, "--push")
    assert (done["state"], done["pushed"]) == ("committed", False)
    assert "robots are not allowed" in done["message"]


def test_a_remote_that_is_not_there_is_a_failure(account: Account, api: Path) -> None:
    account.git(api, "remote", "add", "origin", str(account.home / "nowhere.git"))
    ran = account.run(*FIX, "--push", "--json")
    assert (ran.code, ran.json["branches"][0]["state"]) == (3, "failed")


@pytest.fixture
def gh(account: Account, origin: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = account.put("bin/gh", GH)
    place.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place.parent}:{account.environment['PATH']}")
    return account.home / "gh.log"


def test_a_request_is_made_once(account: Account, api: Path, gh: Path) -> None:
    assert run(account, "--pr")["request"] == "https://example.org/pr/1"
    account.put("gh.list", '[{"url": "https://example.org/pr/1", "state": "OPEN"}]')
    assert run(account, "--pr")["request"] == "https://example.org/pr/1"
    assert sum("pr create" in line for line in gh.read_text().splitlines()) == 1


def test_a_closed_request_is_not_made_again_for_nothing(
    account: Account, api: Path, gh: Path
) -> None:
    run(account, "--push")
    account.put("gh.list", '[{"url": "https://example.org/pr/1", "state": "CLOSED"}]')
    assert run(account, "--pr")["request"] == ""
    assert "pr create" not in gh.read_text()


def test_a_request_that_policy_forbids(account: Account, api: Path, gh: Path) -> None:
    account.put("gh.refuse", "")
    done = run(account, "--pr")
    assert (done["state"], done["pushed"], done["request"]) == ("committed", True, "")
    assert "policy" in done["message"]


def test_without_gh_the_branch_is_pushed_all_the_same(
    account: Account, api: Path, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_git = account.home / "only"
    only_git.mkdir()
    (only_git / "git").symlink_to(shutil.which("git") or "")
    monkeypatch.setenv("PATH", str(only_git))
    done = run(account, "--pr")
    assert (done["state"], done["pushed"]) == ("committed", True)
    assert "gh is not installed" in done["message"]
