"""What the real client does when our hooks are broken: each keeps to its policy."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from tests.support.cli import ROOT, Account
from tests.support.real_client import Session, bash, play, spool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_client.conftest import Prepare

CLOSED = {"PreToolUse": ["git-safety-check"]}
OPEN = {"PreToolUse": ["context-monitor"], "PostToolUse": ["output-monitor"]}


def release(account: Account) -> Path:
    return account.home / ".local/share/hubctl/hooks/current"


def break_hook(account: Account, module: str) -> None:
    """Make a hook's module raise when it is imported."""
    path = release(account) / f"hooks_shared/families/{module}.py"
    path.write_text("raise RuntimeError('broken')\n")
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def repo(account: Account) -> Path:
    return account.home / "src/api"


def messages(session: Session) -> str:
    """What the client was told to show to the user."""
    return "".join(str(one["stdout"]) for one in session.stream if "stdout" in one)


def test_a_guard_that_fails_refuses_and_says_how_to_repair(version: str, prepare: Prepare) -> None:
    account = prepare(hooks=CLOSED)
    break_hook(account, "safety/git_safety_check")
    session = play(version, account, repo(account), [bash("echo harmless")])
    [refused] = session.results
    assert refused.refused
    assert "git-safety-check could not check this" in refused.text
    assert "Run: hubctl apply" in refused.text
    [record] = [one for one in spool(account) if one["event"] == "PreToolUse"]
    assert "RuntimeError" in record["hooks"][0]["problem"]


def test_without_a_release_guards_refuse_and_the_repair_gets_through(
    version: str, prepare: Prepare
) -> None:
    account = prepare(hooks=CLOSED)
    hubctl = f"exec {shlex.quote(sys.executable)} -P -m hubctl --hub ~/hub"
    program = account.put("bin/hubctl", f'#!/bin/sh\nPYTHONPATH={ROOT} {hubctl} "$@"\n')
    program.chmod(0o755)
    (release(account) / "run.py").unlink()
    turns = [
        bash("echo before"),
        bash("hubctl apply --yes; echo sneaked in"),
        bash("hubctl apply --yes"),
        bash("echo after"),
    ]
    session = play(version, account, repo(account), turns, path=str(program.parent))
    before, sneaking, repair, after = session.results
    assert before.refused
    assert "Run: hubctl apply" in before.text
    assert sneaking.refused
    assert "sneaked" not in sneaking.text
    assert not repair.refused, repair.text
    assert (after.text, after.refused) == ("after", False)


def test_a_failing_adviser_lets_through_and_tells_once(version: str, prepare: Prepare) -> None:
    account = prepare(hooks=OPEN)
    break_hook(account, "context/output_monitor")
    session = play(version, account, repo(account), [bash("echo one"), bash("echo two")])
    assert [(one.text, one.refused) for one in session.results] == [("one", False), ("two", False)]
    assert messages(session).count("the hook output-monitor did not work") == 1


def test_without_a_release_advisers_let_through(version: str, prepare: Prepare) -> None:
    account = prepare(hooks=OPEN)
    (release(account) / "run.py").unlink()
    session = play(version, account, repo(account), [bash("echo on")])
    assert [(one.text, one.refused) for one in session.results] == [("on", False)]
    assert "hooks of hubctl cannot run here" in messages(session)
