"""Shipped commands and skills in the real client: they expand, also where hubctl finds drift."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.real_client import VERSIONS, bash, play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_client.conftest import Prepare
    from tests.support.cli import Account
    from tests.support.real_client import Session

# What stands in the request where the command expanded, and where its pre-run spoke.
TOLD = {
    "health": ("Health of the hub", "difference"),
    "audit": ("Audit of the hub", "difference"),
    "drift": ("Drift of this repository", "/model"),
    "new-project": ("Known repositories", "~/src/api"),
    "tdd:refactor": ("Refactor: same behaviour", "settings.json"),
    "undo:list": ("Checkpoints", "no checkpoints yet"),
}


@pytest.fixture(scope="module")
def account(prepare: Prepare) -> Account:
    """A drifted repository, and a hubctl in the PATH that knows its hub."""
    account = prepare(settings={"model": "sonnet"})
    account.canonical(
        account.read("hub/canonical.yaml").decode()[:-1]
        + ', "global": {"commands": ["health", "audit", "drift", "new-project", "tdd/", "undo/"],'
        ' "skills": ["pytest-test-generator"]}}'
    )
    assert account.process("apply", "--yes").code == 0
    repo = account.home / "src/api"
    account.git(repo, "add", ".")
    account.git(repo, "commit", "-qm", "first")
    settings = repo / ".claude/settings.json"
    settings.write_text(settings.read_text().replace("sonnet", "opus"))
    line = f'HUBCTL_HUB="{account.hub}" exec "{sys.executable}" -m hubctl "$@"'
    account.put("bin/hubctl", f"#!/bin/sh\n{line}\n").chmod(0o755)
    return account


def said(account: Account, version: str, prompt: str, *turns: object) -> Session:
    repo: Path = account.home / "src/api"
    # No Bash: what runs without a question runs by the command's own allowed-tools.
    own = {"path": f"{account.home}/bin", "tools": ("Read",)}
    return play(version, account, repo, turns, prompt=prompt, **own)


@pytest.mark.parametrize("name", TOLD)
def test_a_command_expands_with_what_its_pre_run_said(account: Account, name: str) -> None:
    session = said(account, VERSIONS[0], f"/{name} something")
    assert (session.code, len(session.main_requests)) == (0, 1)
    title, spoke = TOLD[name]
    assert title in session.told
    assert spoke in session.told
    assert "!`" not in session.told


def test_a_skills_script_runs_without_a_question(account: Account) -> None:
    skill = account.home / ".claude/skills/pytest-test-generator"
    account.put("src/api/x.py", "def half(n: int) -> int:\n    return n // 2\n")
    outline = f"python3 {skill}/scripts/outline.py x.py"
    session = said(account, VERSIONS[0], "/pytest-test-generator", bash(outline), bash("touch y"))
    assert f"python3 {skill}/scripts/outline.py FILE" in session.told
    first, second = session.results
    assert (first.refused, "half(n: int) -> int" in first.text) == (False, True)
    assert second.refused
