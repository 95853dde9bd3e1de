from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli import Account, make_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A private account whose hub is empty."""
    return make_account(tmp_path, monkeypatch)
