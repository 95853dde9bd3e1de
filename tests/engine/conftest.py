from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killing a process loses nothing that the kernel already has; only losing power would."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(root=tmp_path / "api", state=tmp_path / "state")
