from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubctl.fleet import compiled_file, inventory, looking
from hubctl.system.states import Recording
from tests.fleet.memory import ALL, RICH, TIDY, settled_sources

if TYPE_CHECKING:
    from tests.support.cli import Account

FLEET = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      permissions:
        allow: ["Bash(make)"]
  web: {path: ~/src/web}
  docs: {path: ~/src/docs}
"""


@pytest.fixture
def fleet(account: Account) -> Account:
    """An account with three repositories, in sync."""
    account.canonical(FLEET)
    for name in ("api", "web", "docs"):
        account.repository(name)
    account.apply()
    return account


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the targets that were looked at anew, as they come."""
    seen: list[str] = []
    take = inventory.take_inventory

    def watched(looked: inventory.Looked) -> inventory.Taken:
        seen.append(looked.target.name)
        return take(looked)

    monkeypatch.setattr(looking, "take_inventory", watched)
    return seen


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots are trusted at once, without waiting for the clock to move on."""
    monkeypatch.setattr(Recording, "is_settled", lambda _recording, _before: True)


@pytest.fixture
def rich(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Two repositories with a file of every kind, in sync."""
    account.extra["CODE"] = str(account.home / "src")
    monkeypatch.setenv("CODE", account.extra["CODE"])
    account.put(TIDY, "---\ndescription: Tidy up\n---\n\nTidy up here.\n")
    account.canonical(RICH)
    for name in ALL:
        account.repository(name)
    account.apply()
    return account


@pytest.fixture
def remembered(rich: Account, looks: list[str], settled: None, monkeypatch) -> Account:
    """The same, with a snapshot of each."""
    monkeypatch.setattr(compiled_file, "sources_state", settled_sources)
    rich.in_sync()
    looks.clear()
    rich.in_sync()
    assert looks == []
    return rich
