from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli import Account, make_account

if TYPE_CHECKING:
    from pathlib import Path

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
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A private account whose hub is empty."""
    return make_account(tmp_path, monkeypatch)


@pytest.fixture
def fleet(account: Account) -> Account:
    """An account with three repositories, in sync."""
    account.canonical(FLEET)
    for name in ("api", "web", "docs"):
        account.repository(name)
    account.apply()
    return account
