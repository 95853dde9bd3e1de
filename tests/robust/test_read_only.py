"""Commands that look work where nothing may be written; commands that write say what refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.robust.worlds import RICH, clean, drifted
from tests.support.cli import SETTINGS, Ran, tree
from tests.support.mounts import read_only

LOOKING = (
    ("plan",),
    ("plan", "--json"),
    ("diff",),
    ("drift",),
    ("drift", "--json"),
    ("drift", "--blame"),
    ("validate",),
    ("show",),
    ("history",),
    ("repos", "list"),
    ("explain", f"api:{SETTINGS}#/model"),
)


def behind(account, words, *arguments):
    """Run hubctl with words before it."""
    done = subprocess.run(
        [*words, sys.executable, "-m", "hubctl", *arguments],
        env=account.environment,
        cwd=account.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    ran = Ran(code=done.returncode, out=done.stdout, err=done.stderr)
    account.check(ran)
    return ran


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_looking_works_on_a_read_only_mount(account, command):
    drifted(account)
    account.put("hub/fresh.txt", "nothing is cached for this")
    expected = account.run(*command)
    shutil.rmtree(account.cache, ignore_errors=True)
    before = tree(account.home)
    ran = behind(account, read_only(account.home, account.base / "tmp"), *command)
    assert (ran.code, ran.out, ran.err) == (expected.code, expected.out, expected.err)
    assert tree(account.home) == before


@pytest.mark.parametrize("command", [("apply", "--yes"), ("drift", "--fix"), ("rollback", "--yes")])
def test_writing_on_a_read_only_mount_is_refused_in_words(account, command):
    drifted(account)
    before = tree(account.home)
    ran = behind(account, read_only(account.home), *command)
    assert ran.code == 3
    assert "ead-only" in ran.err + ran.out
    assert tree(account.home) == before


@pytest.mark.parametrize("command", [("apply", "--yes"), ("drift", "--fix")])
def test_a_read_only_repository_does_not_stop_the_others(account, command):
    web = "  web:\n    path: ~/src/web\n    overrides:\n      settings: {model: opus}\n"
    clean(account)
    account.canonical(RICH + web)
    account.repository("web")
    account.apply()
    for name, value in (("api", b"sonnet"), ("web", b"opus")):
        path = f"src/{name}/{SETTINGS}"
        account.put(path, account.read(path).replace(value, b"haiku"))
    before = tree(account.home / "src/api")
    ran = behind(account, read_only(account.home / "src/api"), *command, "--json")
    found = {outcome["target"]: outcome for outcome in json.loads(ran.out)["outcomes"]}
    assert ran.code == 3
    assert "read-only" in found["api"]["message"]
    assert (found["api"]["written"], found["web"]["written"]) == (0, 1)
    assert tree(account.home / "src/api") == before
    assert json.loads(account.read("src/web/" + SETTINGS))["model"] == "opus"
    account.run(*command)
    assert json.loads(account.read("src/api/" + SETTINGS))["model"] == "sonnet"


def spoiled(account, which):
    """The cache or the state folder is a file, a link to nothing, or a folder of somebody."""
    place = account.cache if which.startswith("cache") else account.state
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    if which.endswith("file"):
        place.write_text("in the way")
    elif which.endswith("link"):
        place.symlink_to("/nowhere/at/all")
    return place


@pytest.mark.parametrize("which", ["cache file", "cache link"])
def test_a_cache_that_cannot_be_used_changes_no_answer(account, which):
    clean(account)
    spoiled(account, which)
    account.in_sync()
    account.canonical(RICH.replace("sonnet", "opus"))
    account.apply()
    account.in_sync()


@pytest.mark.parametrize("which", ["state file", "state link"])
def test_a_state_folder_that_cannot_be_used_is_told(account, which):
    clean(account)
    place = spoiled(account, which)
    assert account.run("plan").code in (0, 3)
    ran = account.run("apply", "--yes")
    assert ran.code == 3
    assert account.shown(place) in ran.err + ran.out


# -- permissions, which count for root too once it gives up its rights ---------------------------


def ordinary():
    """Words before a command that make permissions count for it."""
    if os.getuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root reads and writes everything, and there is no setpriv to change that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]


# What is forbidden, and whether settings.json can be repaired all the same.
FORBIDDEN = [
    (".claude", 0o000, False),
    (".claude", 0o400, False),
    (".claude", 0o500, False),
    (SETTINGS, 0o000, False),
    (".claude/rules", 0o000, True),
]


@pytest.mark.parametrize(("path", "mode", "repaired"), FORBIDDEN)
def test_what_permissions_forbid_is_told_and_kept(account, path, mode, repaired):
    drifted(account)
    place = account.home / "src/api" / path
    before = tree(account.home / "src/api")
    kept = place.stat().st_mode
    place.chmod(mode)
    try:
        ran = [behind(account, ordinary(), *command) for command in WRITING]
    finally:
        place.chmod(kept)
    after = tree(account.home / "src/api")
    told = "".join(found.out + found.err for found in ran)
    assert "permission denied" in told.lower()
    assert max(found.code for found in ran) == 3
    assert (b"sonnet" in account.read("src/api/" + SETTINGS)) == repaired
    del before[SETTINGS], after[SETTINGS]
    assert after == before


WRITING = (("drift",), ("plan",), ("drift", "--fix"), ("apply", "--yes"))


def test_a_repository_whose_top_may_not_be_written_is_repaired_below_it(account):
    drifted(account)
    (account.home / "src/api").chmod(0o555)
    assert behind(account, ordinary(), "apply", "--yes").code == 0
    (account.home / "src/api").chmod(0o755)
    account.in_sync()


def test_a_hub_that_may_not_be_read_is_told(account):
    clean(account)
    (account.hub / "canonical.yaml").chmod(0)
    ran = behind(account, ordinary(), "plan")
    assert (ran.code, account.shown(account.hub / "canonical.yaml") in ran.err) == (3, True)
    (account.hub / "canonical.yaml").chmod(0o644)
    (account.hub / "rules").chmod(0)
    ran = behind(account, ordinary(), "plan")
    assert (ran.code, account.shown(account.hub / "rules") in ran.err) == (3, True)
    (account.hub / "rules").chmod(0o755)


def test_a_home_that_is_not_set_falls_back_to_that_of_the_account(account, monkeypatch):
    clean(account)
    monkeypatch.delenv("HOME")
    assert account.run("validate").code == 0
