"""A repository that `hubctl apply` prepared, for the real client to run in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.real_client.hub import canonical
from tests.support.cli import Account
from tests.support.real_client import VERSIONS, installed

if TYPE_CHECKING:
    from collections.abc import Callable

    Prepare = Callable[..., Account]


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Each pinned version in turn; skips where it is not installed."""
    found: str = request.param
    installed(found)
    return found


@pytest.fixture(scope="module")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Make an account whose canonical.yaml was applied to ~/src/api."""

    def make(client: str | None = None, **sections: object) -> Account:
        account = Account(base=tmp_path_factory.mktemp("client"))
        account.canonical(json.dumps(canonical(client, **sections)))
        repo = account.repository()
        trusted = {str(repo): {"hasTrustDialogAccepted": True}}
        account.put(".claude.json", json.dumps({"projects": trusted}))
        assert account.process("apply", "--yes").code == 0
        return account

    return make
