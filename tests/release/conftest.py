from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from hubctl.release import content as contents
from hubctl.system.places import Places, find_places

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = tmp_path.resolve()
    return find_places(
        {
            "HOME": str(root),
            "XDG_DATA_HOME": str(root / "data"),
            "XDG_STATE_HOME": str(root / "state"),
        }
    )


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is shipped, to be changed as a newer hubctl would have changed it."""
    folder = tmp_path / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(contents.package_folder(), folder, ignore=ignored)
    monkeypatch.setattr(contents, "package_folder", lambda: str(folder))
    return folder


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three modules, where only the steps of an install matter."""
    folder = tmp_path / "package"
    (folder / "families").mkdir(parents=True)
    for name in ("__init__.py", "run.py", "families/__init__.py"):
        (folder / name).write_text("x = 1\n")
    monkeypatch.setattr(contents, "package_folder", lambda: str(folder))
    return folder
