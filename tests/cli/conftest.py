from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli import hook_hub

if TYPE_CHECKING:
    from tests.support.cli import Account


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
