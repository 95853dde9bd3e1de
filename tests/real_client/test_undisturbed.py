"""Ordinary work with every hook on: nothing is refused, warned of, or said without need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hubctl.model.events import is_known_to
from hubctl.system.hooks_package import registry
from tests.real_client.hub import every_hook
from tests.support.real_client import Session, bash, play, spool, tool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_client.conftest import Prepare
    from tests.support.cli import Account

TEST = "from shop import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n"
CODE = '"""Adds up."""\n\n\ndef total(prices):\n    return sum(prices)\n'
MOST_TOLD = 600  # characters that all hooks together may add to such a conversation


class Work:
    """One session of ordinary work, and what the hooks recorded of it."""

    def __init__(self, version: str, account: Account, repo: Path) -> None:
        for path in ("shop.py", "test_shop.py"):
            (repo / path).unlink(missing_ok=True)
        account.put("src/api/README.md", "# Shop\n")
        account.put("src/api/build/out.txt", "made\n")
        before = len(spool(account))
        self.session: Session = play(version, account, repo, self._turns(repo))
        self.records = spool(account)[before:]

    def _turns(self, repo: Path) -> list[object]:
        me = "git -c user.name=Ada -c user.email=ada@example.org"
        return [
            tool("Read", file_path=str(repo / "README.md")),
            bash("grep -rn 'total' . | head -5; git status --short; git log --oneline -3 || true"),
            tool("Write", file_path=str(repo / "test_shop.py"), content=TEST),
            tool("Write", file_path=str(repo / "shop.py"), content=CODE),
            tool("Read", file_path=str(repo / "shop.py")),
            tool(
                "Edit",
                file_path=str(repo / "shop.py"),
                old_string="    return sum(prices)\n",
                new_string="    return sum(price for price in prices)\n",
            ),
            bash("python3 -c 'import test_shop; test_shop.test_total(); print(\"green\")'"),
            bash("rm -rf build && mkdir -p build && echo done > build/out.txt"),
            bash("echo 'never run rm -rf / or git push --force' | tee $TMPDIR/notes.txt"),
            bash(
                f"git add -A && {me} commit -q -m 'Add totals, no git reset --hard' && git status"
            ),
        ]


@pytest.fixture(scope="module")
def account(prepare: Prepare, version: str) -> Account:
    """Every hook at all its events, for the client that reads it."""
    return prepare(version, hooks=every_hook())


@pytest.fixture(scope="module")
def work(version: str, account: Account) -> Work:
    return Work(version, account, account.home / "src/api")


def test_every_call_is_carried_out(work: Work) -> None:
    assert work.session.code == 0
    assert [one.text for one in work.session.results if one.refused] == []
    assert len(work.session.results) == 10
    texts = [one.text for one in work.session.results]
    assert "green" in texts[6] and "nothing to commit" in texts[9]


def test_the_client_has_nothing_to_complain_of(work: Work, version: str) -> None:
    assert work.session.complaints == []
    outcomes = {one["outcome"] for one in work.session.stream if "outcome" in one}
    assert outcomes == {"success"}
    registered = {event for _, event, _ in work.session.registered}
    assert registered == {event for event in every_hook() if is_known_to(event, version)}


def test_nobody_is_told_anything_without_need(work: Work) -> None:
    answers = [one["stdout"] for one in work.session.stream if one.get("stdout")]
    parsed = [json.loads(answer) for answer in answers]
    assert [one for one in parsed if "systemMessage" in one or "decision" in one] == []
    told = [one["hookSpecificOutput"].get("additionalContext", "") for one in parsed]
    assert sum(map(len, told)) <= MOST_TOLD, told


def test_all_hooks_ran_and_none_failed(work: Work) -> None:
    rows = [hook for record in work.records for hook in record["hooks"]]
    assert [row for row in rows if "problem" in row] == []
    assert {row["id"] for row in rows} == {hook.id for hook in registry.HOOKS}
    assert [one for record in work.records for one in record["incidents"]] == []
