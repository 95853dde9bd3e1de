"""What is applied is canonical.yaml as it is, not as it was when the command began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.system.files import RealFiles
from hubctl.system.lock import writer_lock
from hubctl.system.wrappers import CountingFiles

if TYPE_CHECKING:
    from tests.support.cli import Account

LOCKED = "hubctl.fleet.apply.writer_lock"


class PowerCutError(BaseException):
    """Ends a run at once; nothing of hubctl's catches it."""


def cut(_number: int, name: str, path: str) -> None:
    if name == "rename" and path.endswith("/done"):
        raise PowerCutError


def cut_short(fleet: Account, *arguments: str) -> None:
    """Run a command that loses power right before its journal is closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hubctl.fleet.world.RealFiles", lambda: CountingFiles(RealFiles(), cut))
        with pytest.raises(PowerCutError):
            fleet.run(*arguments)


def test_a_canonical_that_recovery_brings_back_is_read_anew(fleet: Account) -> None:
    before = fleet.read("hub/canonical.yaml")
    cut_short(fleet, "repos", "set", "api", "overrides.settings.language", "german")
    assert fleet.read("hub/canonical.yaml") != before
    ran = fleet.run("apply", "--yes")
    assert (ran.code, "undone first" in ran.err) == (0, True)
    assert fleet.read("hub/canonical.yaml") == before
    fleet.in_sync()
    assert b"german" not in fleet.read("src/api/.claude/settings.json")


def test_a_canonical_that_changes_while_apply_waits_is_read_anew(
    fleet: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.put("src/api/.claude/settings.json", "{}")

    def edited_meanwhile(path: str):
        text = fleet.read("hub/canonical.yaml").replace(b"Bash(make)", b"Bash(ls)")
        fleet.put("hub/canonical.yaml", text)
        return writer_lock(path)

    monkeypatch.setattr(LOCKED, edited_meanwhile)
    ran = fleet.run("apply", "--yes")
    assert (ran.code, fleet.read("src/api/.claude/settings.json")) == (3, b"{}")
