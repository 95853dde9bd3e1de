"""The entries of .pre-commit-hooks.yaml and the rendered one, run by pre-commit on repositories."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pre_commit
import pytest
from ruamel.yaml import YAML

from tests.support.cli import LOCK, ROOT, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account

HOOKS = {
    hook["id"]: hook
    for hook in YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
assert pre_commit


def run(account: Account, root: Path, *arguments: str, **env: str) -> tuple[int, str]:
    """Run pre-commit in a repository; it knows no home and no network."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never", *arguments],
        cwd=root,
        env=account.environment | {"PRE_COMMIT_HOME": f"{account.base}/pre-commit"} | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def config(account: Account, name: str) -> str:
    """A configuration with one entry as it is, but for the installing, which needs an index."""
    hook = HOOKS[name] | {"language": "system"}
    text = json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]})
    return f"--config={account.put('pre-commit.yaml', text)}"


def test_the_rendered_entry_passes_and_finds_drift(managed: Account, checkout: Path) -> None:
    code, told = run(managed, checkout)
    assert (code, "hubctl drift" in told, "Passed" in told) == (0, True, True), told
    settings = checkout / SETTINGS
    settings.write_text(settings.read_text().replace("sonnet", "opus"))
    code, told = run(managed, checkout)
    assert (code, "Failed" in told) == (1, True)
    assert f"{SETTINGS}#/model" in told


@pytest.mark.parametrize("damage", ["lock gone", "lock damaged", "file gone"])
def test_drift_is_never_clean_without_its_proof(
    managed: Account, checkout: Path, damage: str
) -> None:
    one = config(managed, "hubctl-drift")
    assert run(managed, checkout, one)[0] == 0
    if damage == "lock gone":
        (checkout / LOCK).unlink()
    elif damage == "lock damaged":
        (checkout / LOCK).write_text("<<<<<<< mine\n")
    else:
        (checkout / SETTINGS).unlink()
    code, told = run(managed, checkout, one)
    assert (code, "Failed" in told) == (1, True), told


def test_with_the_hub_pending_changes_are_found_too(managed: Account, checkout: Path) -> None:
    one = config(managed, "hubctl-drift")
    canonical = managed.home / "hub/canonical.yaml"
    canonical.write_text(canonical.read_text().replace("model: sonnet", "model: opus"))
    assert run(managed, checkout, one)[0] == 0
    code, told = run(managed, checkout, one, HUBCTL_HUB=str(managed.hub))
    assert (code, "pending" in told) == (1, True), told


def test_validate_passes_a_right_hub_and_names_the_line_of_a_wrong_one(managed: Account) -> None:
    hub = managed.hub
    managed.git(hub, "init", "-q", "--template=")
    managed.git(hub, "add", "canonical.yaml")
    one = config(managed, "hubctl-validate")
    code, told = run(managed, hub, one)
    assert (code, "Passed" in told) == (0, True), told
    canonical = hub / "canonical.yaml"
    canonical.write_text(canonical.read_text().replace("repositories:", "repositorys:"))
    code, told = run(managed, hub, one)
    assert (code, "canonical.yaml:4" in told) == (1, True), told


def test_every_entry_is_one_that_pre_commit_takes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert set(HOOKS) == {"hubctl-drift", "hubctl-validate"}
    for hook in HOOKS.values():
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == (
            "python",
            False,
            True,
        )
