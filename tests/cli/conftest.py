from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli import hook_hub
from tests.support.cli import MODEL, Account, make_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A private account whose hub is empty."""
    return make_account(tmp_path, monkeypatch)


@pytest.fixture
def api(account: Account) -> Account:
    """An account with one repository, `api`, that wants one setting."""
    account.canonical(MODEL)
    account.repository()
    return account


@pytest.fixture
def hooked(account: Account) -> Account:
    """An account with two repositories and hooks (hook_hub.HUB)."""
    account.canonical(hook_hub.HUB)
    account.repository("api")
    account.repository("web")
    return account


@pytest.fixture
def with_own(hooked: Account) -> Account:
    """The same with a hook of the hub's own."""
    return hook_hub.with_own_hook(hooked)
