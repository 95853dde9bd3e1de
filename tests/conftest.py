"""What every test may ask for, and what holds for all: Control-C works, as in a terminal."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

# What runs in the background of a script has SIGINT ignored from the start, and so have its
# children; a test that types Control-C would wait for an end that never comes.
signal.signal(signal.SIGINT, signal.default_int_handler)


# The command line is loaded for those alone who drive it.
@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A private account whose hub is empty."""
    from tests.support.cli import make_account

    return make_account(tmp_path, monkeypatch)


@pytest.fixture
def api(account: Account) -> Account:
    """An account with one repository, `api`, that wants one setting."""
    from tests.support.cli import MODEL

    account.canonical(MODEL)
    account.repository()
    return account
