"""A fleet that several processes look at is told of like one that a single process looks at."""

from __future__ import annotations

import shutil

import pytest

from hubctl.system import parallel
from tests.support.cli import Account, changes

NAMES = [f"r{number:02}" for number in range(70)]
CANONICAL = "hub: {name: acme}\ndefaults:\n  conventions: [Small commits.]\nrepositories:\n"


@pytest.fixture
def many(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Seventy folders, looked at by this process alone unless it is a process of its own."""
    monkeypatch.setattr(parallel, "_processes", lambda _count, _least: 1)
    rows = "".join(f"  {name}: {{path: ~/src/{name}}}\n" for name in NAMES)
    account.canonical(CANONICAL + rows)
    for name in NAMES:
        (account.home / "src" / name).mkdir(parents=True)
    return account


def test_every_command_tells_the_same(many):
    planned = many.process("plan", "--json").json
    shutil.rmtree(many.cache, ignore_errors=True)
    assert planned == many.report("plan")
    assert len(changes(planned)) == len(NAMES)
    assert many.process("apply", "--yes").code == 0
    many.put("src/r03/CLAUDE.md", "Mine.\n")
    (many.home / "src/r69/CLAUDE.md").unlink()
    shutil.rmtree(many.home / "src/r40")
    found = many.process("drift", "--json").json
    shutil.rmtree(many.cache, ignore_errors=True)
    assert found == many.report("drift")
    assert set(changes(found)) == {f"r{n}:CLAUDE.md#block:hubctl" for n in ("03", "69")}
    fixed = many.process("drift", "--fix", "--json").json
    assert [finding["address"] for finding in fixed["findings"]] == ["r40:."]
