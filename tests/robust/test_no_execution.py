"""Nothing that a target contains is ever executed: whatever git could be talked into running."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.support.cli import LOCAL_SETTINGS, LOCK, MODEL, SETTINGS

TEXT = MODEL + "      local:\n        settings: {spinnerTipsEnabled: false}\n"
COMMANDS = (
    ("plan",),
    ("drift",),
    ("diff",),
    ("drift", "--blame"),
    ("drift", "--blame", "--json"),
    ("show",),
    ("explain", f"api:{SETTINGS}#/model"),
    ("apply", "--yes"),
    ("repos", "list"),
)
HOOKS = (
    "pre-commit",
    "post-checkout",
    "post-index-change",
    "fsmonitor-watchman",
    "reference-transaction",
    "post-rewrite",
)


@pytest.fixture
def trap(api):
    """A committed, then drifted repository; and a program that leaves a trace when it runs."""
    api.canonical(TEXT)
    root = api.home / "src/api"
    api.apply()
    api.git(root, "add", "-A")
    api.git(root, "commit", "-qm", "Set up")
    canary = api.put("canary.sh", f'#!/bin/sh\necho "$0 $*" >> {api.home}/sung\ncat\n')
    canary.chmod(0o755)
    return api


def canary(account):
    return str(account.home / "canary.sh")


def hooks_in_git(account):
    for name in HOOKS:
        hook = account.put(f"src/api/.git/hooks/{name}", f"#!/bin/sh\n{canary(account)} {name}\n")
        hook.chmod(0o755)


def hooks_path(account):
    for name in HOOKS:
        hook = account.put(f"src/api/.hooks/{name}", f"#!/bin/sh\n{canary(account)} {name}\n")
        hook.chmod(0o755)
    configure(account, "core.hooksPath", ".hooks")


def fsmonitor(account):
    configure(account, "core.fsmonitor", canary(account))


def filters(account):
    """Clean and process filters run where git compares a changed file with its index."""
    for key in ("clean", "smudge", "process"):
        configure(account, f"filter.trap.{key}", canary(account))
    configure(account, "filter.trap.required", "true")
    account.put("src/api/.gitattributes", "* filter=trap\n")


def text_conversion(account):
    """Blame and diff show files through it."""
    configure(account, "diff.trap.textconv", canary(account))
    configure(account, "diff.trap.command", canary(account))
    configure(account, "diff.external", canary(account))
    account.put("src/api/.gitattributes", "* diff=trap\n")


def signing(account):
    configure(account, "gpg.program", canary(account))
    configure(account, "log.showSignature", "true")


def pagers_and_editors(account):
    for key in ("core.pager", "pager.blame", "pager.diff", "pager.log", "core.editor"):
        configure(account, key, canary(account))
    configure(account, "core.askPass", canary(account))


def aliases(account):
    for name in ("ls-files", "check-ignore", "blame", "diff", "rev-parse", "log", "rev-list"):
        configure(account, f"alias.{name}", f"!{canary(account)}")


def lazy_fetch(account):
    """A partial clone fetches what it misses, by whatever program its configuration names."""
    configure(account, "remote.origin.url", str(account.home / "nowhere"))
    configure(account, "remote.origin.promisor", "true")
    configure(account, "remote.origin.partialCloneFilter", "blob:none")
    configure(account, "remote.origin.uploadpack", canary(account))
    configure(account, "extensions.partialClone", "origin")
    configure(account, "core.repositoryFormatVersion", "1")
    objects = account.home / "src/api/.git/objects"
    blob = account.git(account.home / "src/api", "rev-parse", f"HEAD:{SETTINGS}").strip()
    (objects / blob[:2] / blob[2:]).unlink()


def included(account):
    account.put("src/api/evil.config", f"[core]\n\tfsmonitor = {canary(account)}\n")
    configure(account, "include.path", "../evil.config")


def git_file_elsewhere(account):
    """The checkout's `.git` is a file, and what it leads to is full of traps."""
    root = account.home / "src/api"
    (root / ".git").rename(account.home / "elsewhere.git")
    (root / ".git").write_text("gitdir: ../../elsewhere.git\n")
    account.git(root, "config", "core.fsmonitor", canary(account))
    account.git(root, "config", "core.hooksPath", str(account.home))


def configure(account, key, value):
    account.git(account.home / "src/api", "config", key, value)


TRAPS = (
    hooks_in_git,
    hooks_path,
    fsmonitor,
    filters,
    text_conversion,
    signing,
    pagers_and_editors,
    aliases,
    lazy_fetch,
    included,
    git_file_elsewhere,
)


@pytest.mark.parametrize("setting", TRAPS, ids=lambda setting: setting.__name__)
def test_nothing_of_a_target_is_executed(trap, setting):
    setting(trap)
    place = trap.home / "src/api" / SETTINGS
    place.write_bytes(place.read_bytes().replace(b"sonnet", b"opus"))
    (trap.home / "src/api" / LOCAL_SETTINGS).unlink()
    for command in COMMANDS:
        trap.run(*command)
        assert not (trap.home / "sung").exists(), (command, (trap.home / "sung").read_text())
    trap.run("drift", "--path", str(trap.home / "src/api"), "--blame")
    place.write_bytes(place.read_bytes().replace(b"sonnet", b"opus"))
    trap.run("drift", "--fix")
    trap.run("repos", "remove", "api", "--restore", "--yes")
    trap.run("rollback", "--yes")
    assert not (trap.home / "sung").exists(), (trap.home / "sung").read_text()


def test_the_traps_do_sing_when_git_is_asked_carelessly(trap):
    """Else the tests above would prove nothing."""
    for setting in (filters, text_conversion):
        setting(trap)
    place = trap.home / "src/api" / SETTINGS
    place.write_bytes(place.read_bytes().replace(b"sonnet", b"opus"))
    subprocess.run(
        ["git", "-C", str(place.parent), "blame", place.name],
        env=trap.environment,
        capture_output=True,
        check=False,
    )
    assert (trap.home / "sung").exists()


def test_scripts_and_settings_of_a_target_are_read_as_text(trap):
    """What its settings name as a program is looked at, never started."""
    handler = {"type": "command", "command": canary(trap)}
    settings = {
        "hooks": {"SessionStart": [{"hooks": [handler]}]},
        "apiKeyHelper": canary(trap),
        "statusLine": {"type": "command", "command": canary(trap)},
    }
    trap.put("src/api/" + LOCAL_SETTINGS, json.dumps(settings))
    trap.put("src/api/.mcp.json", json.dumps({"mcpServers": {"x": {"command": canary(trap)}}}))
    trap.put("src/api/conftest.py", f"import os\nos.system({canary(trap)!r})\n")
    trap.put("src/api/sitecustomize.py", f"import os\nos.system({canary(trap)!r})\n")
    trap.put(
        "hub/rules/house.md", "{{ ''.__class__.__mro__ }} ${HOME} $(touch sung) `touch sung`\n"
    )
    trap.canonical(TEXT + "      rules: [house]\n    conventions: ['{{ 7 * 7 }} $(touch sung)']\n")
    for command in COMMANDS:
        done = trap.process(*command, cwd=trap.home / "src/api", env={"HUBCTL_HUB": str(trap.hub)})
        assert done.code in (0, 1, 3, 4)
    assert not list(trap.home.rglob("sung"))
    rule = trap.read("src/api/.claude/rules/house.md")
    assert b"{{ ''.__class__.__mro__ }} ${HOME} $(touch sung) `touch sung`\n" in rule
    assert b"{{ 7 * 7 }} $(touch sung)" in trap.read("src/api/CLAUDE.md")


def test_variables_of_git_in_the_environment_lead_nowhere(trap, monkeypatch):
    """`GIT_DIR` of a hook that runs hubctl must not make it look at another repository."""
    other = trap.repository("other")
    lock = trap.read("src/api/" + LOCK)
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": str(other / "index"),
        "GIT_EXTERNAL_DIFF": canary(trap),
    }.items():
        monkeypatch.setenv(name, value)
    trap.in_sync()
    place = trap.home / "src/api" / SETTINGS
    place.write_bytes(place.read_bytes().replace(b"sonnet", b"opus"))
    assert "not committed yet" in trap.run("drift", "--blame", "-v").out
    trap.apply()
    assert trap.read("src/api/" + LOCK) == lock
    assert not (trap.home / "sung").exists()
