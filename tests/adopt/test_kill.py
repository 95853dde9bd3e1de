"""Kill adopt and accept at every effect: a repository keeps its bytes, and running again finishes.

The kill is real: a child process runs the command behind a door that sends SIGKILL to itself ahead
of effect number N, for every N there is.
"""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from hubctl.cli.main import main
from hubctl.fleet import world
from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.cli import LOCK, SETTINGS, changes, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.cli import Account

HUB = "# ours\nhub:\n  name: acme\n"
THEIRS = '{\n\t"model": "opus",\n\t"permissions": {"allow": ["Bash(ls)"]}\n}\n'
SHIP = "---\ndescription: Ship\n---\nShip it.\n"
ADOPT = ("adopt", "~/src/api", "--yes")
OWN = (*ADOPT, "--own", "api:.claude/commands/ship.md", "--own", f"api:{SETTINGS}#/model")
ACCEPT = ("accept", f"api:{SETTINGS}#/model", "api:.claude/commands/ship.md")


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killing a process loses nothing that the kernel already has; only losing power would."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def configured(account: Account) -> None:
    """A repository with a configuration of its own, and a hub that does not know it."""
    account.canonical(HUB)
    account.repository("api", THEIRS)
    account.put("src/api/.claude/commands/ship.md", SHIP)
    account.put("src/api/CLAUDE.md", "mine, no newline")


def drifted(account: Account) -> None:
    """A managed repository in which somebody changed a value and a command."""
    configured(account)
    account.ok(*OWN)
    account.apply()
    settings = account.home / "src/api" / SETTINGS
    settings.write_text(settings.read_text().replace("opus", "haiku"))
    ship = account.home / "src/api/.claude/commands/ship.md"
    ship.write_text(ship.read_text().replace("Ship it.", "Ship it now."))


CASES = {"adopt": (configured, ADOPT), "own": (configured, OWN), "accept": (drifted, ACCEPT)}


def in_a_child(arguments: tuple[str, ...], before: Callable[[int, str, str], None]) -> int:
    """Run a command behind a door that tells every effect; its status as the kernel gives it."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        doors = [CountingFiles(RealFiles(), before)]
        world.RealFiles = lambda: doors[0]  # type: ignore[attr-defined,misc,assignment]
        code = 70
        try:
            code = main(list(arguments))
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def killed_at(step: int, arguments: tuple[str, ...]) -> bool:
    """Whether the command lived long enough to be killed there."""

    def kill(number: int, _name: str, _path: str) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    status = in_a_child(arguments, kill)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def files(account: Account) -> dict[str, object]:
    """What is anybody's: canonical.yaml and sources, repositories; not our own state."""
    skipped = (".git", ".local", ".cache")
    return {path: found for path, found in tree(account.home, without=skipped).items() if found}


@pytest.mark.parametrize("name", CASES)
def test_a_kill_before_any_effect_loses_nothing_and_the_same_command_finishes(
    account: Account, tmp_path: Path, name: str
) -> None:
    prepare, arguments = CASES[name]
    prepare(account)
    start = tmp_path / "start"
    shutil.copytree(account.home, start, symlinks=True)
    old = files(account)
    account.ok(*arguments)
    new, told = files(account), changes(account.report("drift"))
    theirs = [path for path in old if path.startswith("src/") and not path.endswith(LOCK)]
    assert all(new[path] == old[path] for path in theirs)
    step = 0
    while True:
        step += 1
        shutil.rmtree(account.home)
        shutil.copytree(start, account.home, symlinks=True)
        os.chdir(account.hub)
        if not killed_at(step, arguments):
            break
        for path, found in files(account).items():
            assert ".hubctl-" in path or found in (old.get(path), new.get(path)), (step, path)
        again = account.run(*arguments)
        # A run that was killed after its last word is a run that was done.
        assert again.code == 0 or "nothing to accept" in again.err, (step, again)
        assert files(account) == new, step
        assert changes(account.report("drift")) == told, step
    assert step > 10


def test_a_command_goes_on_from_what_stands_there_after_the_crash(account: Account) -> None:
    """Not from a canonical.yaml that the interrupted run had written, and that is undone."""
    configured(account)
    account.repository("web")
    account.ok("adopt", "~/src/web", "--yes")
    before = account.read("hub/canonical.yaml")
    account.ok(*ADOPT)
    (newest,) = sorted(account.state.glob("*/journal/*"))[-1:]
    (newest / "done").unlink()
    ran = account.ok("apply", "--yes")
    assert "undone first" in ran.err
    assert account.read("hub/canonical.yaml") == before
    ledgers = [path.read_text() for path in (account.state / "acme/ledger").iterdir()]
    assert not any('"api"' in text for text in ledgers)
    account.in_sync()
