from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.cli import Account, make_account

if TYPE_CHECKING:
    from pathlib import Path

HUB = """\
hub:
  name: acme
profiles:
  house:
    language: python
    test_command: make check
repositories: {}
"""


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """A private account with an empty hub, and a name that git commits by."""
    made = make_account(tmp_path, monkeypatch)
    made.canonical(HUB)
    made.put(".gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n")
    return made
