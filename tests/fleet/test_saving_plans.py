"""`plan -o FILE` never writes over what is no plan."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.cli import Account


def test_a_saved_plan_replaces_an_older_one(fleet: Account) -> None:
    place = fleet.put("hub/p.plan", "")
    place.chmod(0o644)
    fleet.ok("plan", "-o", "p.plan")
    first = place.read_bytes()
    fleet.put("src/api/.claude/settings.json", "{}")
    fleet.ok("plan", "-o", "p.plan")
    assert place.read_bytes() != first
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    fleet.ok("apply", "--plan", "p.plan")


@pytest.mark.parametrize("data", ["precious\n", "{}", '{\n "format": "hubctl/report"'])
def test_a_file_of_somebody_is_not_overwritten(fleet: Account, data: str) -> None:
    place = fleet.put("hub/mine.txt", data)
    place.chmod(0o644)
    ran = fleet.run("plan", "-o", "mine.txt")
    assert ran.code == 2
    assert "is something else" in ran.err
    assert place.read_text() == data
    assert stat.S_IMODE(place.stat().st_mode) == 0o644


def test_a_plan_may_go_to_a_pipe(fleet: Account) -> None:
    assert '"format": "hubctl/plan"' in fleet.process("plan", "-q", "-o", "/dev/stdout").out
