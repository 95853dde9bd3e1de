"""Where a session may be started, and which of our hooks hold there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.check.client.facts import LOCAL_AT_ROOT
from hubctl.check.settings_lint import parse_version
from tests.support.real_client import bash, play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_client.conftest import Prepare
    from tests.support.cli import Account

HOST = {"hook": "git-safety-check", "scope": "host"}


@pytest.fixture(scope="module")
def local(prepare: Prepare) -> Account:
    return with_places(prepare(hooks={"PreToolUse": ["git-safety-check"]}))


@pytest.fixture(scope="module")
def host(prepare: Prepare) -> Account:
    return with_places(prepare(hooks={"PreToolUse": [HOST]}))


def with_places(account: Account) -> Account:
    repo = account.repository()
    account.put("src/api/below/file.txt", "x\n")
    account.git(repo, "add", "below")
    account.git(repo, "commit", "-q", "-m", "Start")
    account.git(repo, "worktree", "add", "-q", "../beside")
    return account


def refuses(version: str, account: Account, folder: Path) -> bool:
    session = play(version, account, folder, [bash("git push --force")])
    [push] = session.results
    return "git-push-force" in push.text


@pytest.mark.parametrize("place", ["src/api/below", "src/beside"])
def test_local_hooks_hold_below_and_in_worktrees_unless_the_client_is_old(
    version: str, local: Account, place: str
) -> None:
    holds = parse_version(version) >= LOCAL_AT_ROOT
    assert refuses(version, local, local.home / place) == holds


@pytest.mark.parametrize("place", ["src/api", "src/api/below", "src/beside"])
def test_host_hooks_hold_everywhere(version: str, host: Account, place: str) -> None:
    assert refuses(version, host, host.home / place)


def test_committed_hooks_hold_and_lock_nobody_out_who_has_no_hubctl(
    version: str, prepare: Prepare
) -> None:
    account = prepare(hooks={"PreToolUse": [{**HOST, "scope": "project"}]})
    repo = account.home / "src/api"
    assert refuses(version, account, repo)
    (account.home / ".local/share/hubctl").rename(account.home / "gone")
    session = play(version, account, repo, [bash("echo on")])
    assert [(one.text, one.refused) for one in session.results] == [("on", False)]
    assert session.complaints == []
