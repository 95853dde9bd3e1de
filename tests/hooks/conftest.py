from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.hooks.world import World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path.resolve())


@pytest.fixture
def guarded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose interpreter is a file of its own, so that a test may break it."""
    python = world.root / "python"
    python.write_text(f'#!/bin/sh\nexec {world.machine.interpreter} "$@"\n')
    python.chmod(0o755)
    machine = replace(world.machine, interpreter=str(python))
    monkeypatch.setattr(World, "machine", property(lambda self: machine))
    return world
