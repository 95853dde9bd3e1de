"""What several unit tests need of the machine."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.user_manager import UnavailableError, UserManager, user_manager

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def systemd_analyze() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")


@pytest.fixture(scope="module")
def running_manager() -> Iterator[UserManager]:
    try:
        with user_manager() as found:
            yield found
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def manager(running_manager: UserManager, monkeypatch: pytest.MonkeyPatch) -> UserManager:
    """A user manager that `hubctl.system.systemd` takes for this account's own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(running_manager.runtime))
    monkeypatch.setenv("HOME", str(running_manager.home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert os.path.exists(running_manager.runtime / "systemd/private")
    return running_manager
