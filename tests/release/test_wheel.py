"""Installed from a wheel, outside the checkout: the hooks are there, and no second package is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
USE = """
import sys
sys.path[:0] = [{target!r}]
from hubctl.system.hooks_package import contract, package_folder, registry
import hubctl, hooks_shared
assert hubctl.__file__.startswith({target!r}), hubctl.__file__
assert hooks_shared.__file__.startswith({target!r}), hooks_shared.__file__
print(package_folder(), len(registry.HOOKS), len(contract.EVENTS))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("the build backend is not installed, and tests use no network")
    target = tmp_path_factory.mktemp("wheel") / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, timeout=120)
    return target


def test_the_wheel_brings_one_top_level_package(installed: Path) -> None:
    names = {entry.name for entry in installed.iterdir() if not entry.name.endswith(".dist-info")}
    assert names - {"bin"} == {"hubctl"}
    assert (installed / "hubctl" / "_data" / "hooks_shared" / "run.py").is_file()
    assert (installed / "hubctl" / "_data" / "schemas" / "hook-registry.schema.json").is_file()
    assert (installed / "hubctl" / "_data" / "hooks_shared/cases/git-safety-check.jsonl").is_file()
    assert (installed / "hubctl" / "_data" / "CHANGELOG.md").is_file()


def test_hubctl_reaches_the_package_it_ships(installed: Path, tmp_path: Path) -> None:
    code = USE.format(target=str(installed))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    folder, hooks, events = done.stdout.rsplit(maxsplit=2)
    assert folder == str(installed / "hubctl" / "_data" / "hooks_shared")
    assert int(hooks) >= 4 and int(events) == 33
