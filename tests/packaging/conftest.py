from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.packaging.hub import CANONICAL
from tests.support.cli import Account, make_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account with a hub worth packaging."""
    account = make_account(tmp_path, monkeypatch)
    account.canonical(CANONICAL)
    account.put("hub/commands/ship.md", "---\ndescription: Ship it\n---\n\nShip $ARGUMENTS.\n")
    account.put("hub/skills/look/SKILL.md", "---\ndescription: Look closely\n---\n\n# Look\n")
    account.put("hub/skills/look/scripts/look.sh", "#!/bin/sh\nls\n").chmod(0o755)
    return account
