"""A disk that is really full: a small file system of its own, mounted for one command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.cli import MODEL, SETTINGS, Ran
from tests.support.mounts import small

TEXT = (
    MODEL
    + """\
      rules: [long]
  web:
    path: ~/src/web
    overrides:
      settings: {model: opus}
"""
)


@pytest.fixture
def two(account):
    account.canonical(TEXT)
    account.put("hub/rules/long.md", "A long rule, said again.\n" * 4000)
    account.repository("api", '{"theme": "dark"}\n')
    account.repository("web", '{"theme": "dark"}\n')
    account.process("validate")  # bytecode and caches are written before the disk is full
    return account


# In the small file system: fill it but for a few pages, run, and show what stands there after.
FILL = """\
cd {folder}
space=$(df -k --output=avail . | tail -1)
[ "$space" -le {free} ] || head -c "$((space - {free}))k" /dev/zero > filling
cd {hub}; set +e
"$@"; code=$?
cd {folder}; rm -f filling; tar -cf {copy} .
exit $code
"""


def run_full(account, folder, free, *arguments):
    """Run hubctl while the folder has `free` KiB left; what stood there after is kept in a tar."""
    copy = account.base / "after.tar"
    script = FILL.format(folder=folder, free=free, hub=account.hub, copy=copy)
    done = subprocess.run(
        [
            *small(folder, 2048),
            "sh",
            "-ec",
            script,
            "sh",
            sys.executable,
            "-m",
            "hubctl",
            *arguments,
        ],
        env=account.environment,
        cwd=account.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    ran = Ran(code=done.returncode, out=done.stdout, err=done.stderr)
    account.check(ran)
    subprocess.run(["tar", "-xf", str(copy), "-C", str(folder)], check=True)
    return ran


@pytest.mark.parametrize("free", [0, 8, 60, 100])
def test_a_repository_on_a_full_disk_is_told_and_the_other_goes_on(two, free):
    ran = run_full(two, two.home / "src/api", free, "apply", "--yes", "--json")
    outcomes = {outcome["target"]: outcome for outcome in ran.json["outcomes"]}
    assert ran.code == 3
    assert "the disk is full" in outcomes["api"]["message"]
    assert outcomes["web"]["written"] == 1
    assert json.loads(two.read("src/web/" + SETTINGS))["model"] == "opus"
    assert two.read("src/api/" + SETTINGS) == b'{"theme": "dark"}\n'
    assert not [path for path in (two.home / "src/api").rglob("*") if ".hubctl-" in path.name]
    two.apply()
    two.in_sync()


@pytest.mark.parametrize("free", [0, 4, 12, 32])
def test_a_state_folder_on_a_full_disk_stops_everything_before_any_write(two, free):
    two.state.mkdir(parents=True)
    ran = run_full(two, two.state, free, "apply", "--yes")
    assert ran.code in (0, 3)
    assert ran.code == 0 or "full" in ran.err + ran.out or "No space" in ran.err
    if free == 0:
        assert ran.code == 3
        assert two.read("src/api/" + SETTINGS) == b'{"theme": "dark"}\n'
    two.apply()
    two.in_sync()


def test_a_cache_on_a_full_disk_changes_nothing(two):
    two.cache.mkdir(parents=True, exist_ok=True)
    assert run_full(two, two.cache, 0, "plan", "--json").code == 0
    assert run_full(two, two.cache, 0, "drift", "--json").code == 1
