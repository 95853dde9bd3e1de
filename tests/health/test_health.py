"""Health and audit tell what is wrong, where, and what helps; a healthy world is told so."""

from __future__ import annotations

import os
import re

import pytest

from hubctl.health.table import CHECKS
from hubctl.system.files import RealFiles
from hubctl.system.git import work_tree_state
from tests.support.cli import SETTINGS, validate

HOOKED = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      hooks: {Stop: [session-summary]}
      settings: {model: sonnet}
"""


@pytest.fixture
def hub(account):
    account.canonical(HOOKED)
    account.repository()
    account.apply()
    return account


def states(account, command="health"):
    ran = account.run(command, "--json")
    document = ran.json
    validate(document, "health")
    assert document["exit_code"] == ran.code
    return {check["id"]: check["state"] for check in document["checks"]}


def broken(account, command="health"):
    return {
        name for name, state in states(account, command).items() if state in ("warning", "error")
    }


def test_a_healthy_world_is_told_healthy(hub):
    assert broken(hub) == set()
    assert broken(hub, "audit") == set()
    ran = hub.ok("health")
    assert ran.out.splitlines()[-1].startswith("Healthy: ")
    assert hub.ok("health", "--quiet").out.count("\n") == 1


def test_health_is_the_quick_part_of_audit(hub):
    assert list(states(hub)) == [check.id for check in CHECKS if check.quick]
    assert list(states(hub, "audit")) == [check.id for check in CHECKS]


def drifted(account):
    account.put(f"src/api/{SETTINGS}", '{"model": "opus"}\n')


def misspelt(account):
    account.canonical(HOOKED.replace("overrides", "overides"))


def dropped_settings(account):
    account.put("src/api/.claude/settings.json", '{"model": "sonnet", "env": {"A": 1}}\n')


def hidden_text(account):
    account.put("src/api/CLAUDE.md", "Plain \u202e text\n")


def touched_hook(account):
    release = next((account.home / ".local/share/hubctl").rglob("dispatch.py"))
    release.chmod(0o644)
    release.write_text("# nothing\n")


def patched_hook(account):
    """The same size and time: only its bytes tell."""
    release = next((account.home / ".local/share/hubctl").rglob("dispatch.py"))
    before, mode = release.stat(), release.stat().st_mode
    release.chmod(0o644)
    data = bytearray(release.read_bytes())
    data[-2] ^= 1
    release.write_bytes(bytes(data))
    os.utime(release, ns=(before.st_atime_ns, before.st_mtime_ns))
    release.chmod(mode)


def ended_exception(account):
    address = f"api:{SETTINGS}#/model"
    entry = f"{{address: '{address}', reason: trying, until: 2020-01-31}}"
    account.canonical(HOOKED + f"exceptions:\n  - {entry}\n")


def damaged_run(account):
    journal = next((account.home / ".local/state/hubctl/acme/journal").iterdir())
    (journal / "entry.json").write_text("{")


def public_state(account):
    (account.home / ".local/state/hubctl/acme/ledger").chmod(0o777)


def unfinished_merge(account):
    account.put("src/api/.git/MERGE_HEAD", "0" * 40 + "\n")


def interrupted(account):
    journal = next((account.home / ".local/state/hubctl/acme/journal").iterdir())
    (journal / "done").unlink()


@pytest.mark.parametrize(
    ("breaking", "command", "checks"),
    [
        (drifted, "health", {"drift"}),
        (misspelt, "health", {"canonical"}),
        (dropped_settings, "health", {"settings"}),
        (hidden_text, "health", {"secrets"}),
        (touched_hook, "health", {"hooks"}),
        (touched_hook, "audit", {"hooks", "hook-bytes"}),
        (patched_hook, "health", set()),
        (patched_hook, "audit", {"hook-bytes"}),
        (unfinished_merge, "audit", {"repositories"}),
        (ended_exception, "health", {"exceptions"}),
        (damaged_run, "audit", {"state"}),
        (public_state, "audit", {"state"}),
        (interrupted, "health", {"drift", "journal"}),
    ],
)
def test_what_is_broken_is_told_by_its_check(hub, breaking, command, checks):
    breaking(hub)
    assert broken(hub, command) == checks
    assert hub.run(command).code == (1 if checks else 0)


def test_every_finding_says_what_helps(hub):
    for breaking in (drifted, hidden_text, touched_hook, unfinished_merge):
        breaking(hub)
    document = hub.run("audit", "--json").json
    found = [finding for check in document["checks"] for finding in check["findings"]]
    assert found and all(finding["hint"] for finding in found)


def test_without_a_hub_the_rest_is_skipped(account):
    assert states(account)["canonical"] == "error"
    assert set(states(account).values()) == {"ok", "error", "skipped"}
    assert "hubctl init" in account.run("health").out


def test_the_page_of_an_audit_can_be_written_again_but_not_over_something_else(hub):
    page = hub.home / "audit.md"
    ran = hub.ok("audit", "--report", str(page))
    assert ran.out == "" and "Report: " in ran.err
    text = page.read_text()
    assert text.startswith("# hubctl audit\n") and "| ok | Drift |" in text
    assert str(hub.home) not in text
    drifted(hub)
    assert hub.run("audit", "--report", str(page)).code == 1
    assert "| warning | Drift |" in page.read_text()
    page.write_text("My own notes\n")
    refused = hub.run("audit", "--report", str(page))
    assert (refused.code, page.read_text()) == (2, "My own notes\n")
    assert hub.run("audit", "--report", "-").out.startswith("# hubctl audit\n")


def test_markdown_and_text_tell_the_same_checks(hub):
    text = hub.ok("audit").out
    page = hub.ok("audit", "--markdown").out
    for check in CHECKS:
        assert check.title in text
        assert re.search(rf"\| \w+ \| {re.escape(check.title)} \|", page)


def test_units_that_failed(hub, monkeypatch):
    from hubctl.system import systemd
    from hubctl.system.services import UnitStates

    hub.canonical(HOOKED + "units:\n  tidy: {command: /bin/true, schedule: daily}\n")
    monkeypatch.setattr(systemd, "missing", lambda: "")
    fine = UnitStates(enabled="enabled", active="active")
    failed = UnitStates(enabled="static", active="failed")

    def states_of(names, **_):
        # A timer goes on whatever becomes of what it starts.
        return {name: failed if name == "hubctl-acme-tidy.service" else fine for name in names}

    monkeypatch.setattr(systemd, "unit_states", states_of)
    assert "units" in broken(hub)
    assert "journalctl --user --unit hubctl-acme-tidy.service" in hub.run("health").out


# -- what git says ---------------------------------------------------------------------------------


def test_the_state_of_a_work_tree(account):
    root = account.repository("api", "{}\n")
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "first")
    account.git(root, "switch", "-qc", "topic")
    account.put("src/api/new", "x")
    account.put(f"src/api/{SETTINGS}", "{ }\n")
    state = work_tree_state(str(root))
    assert state is not None
    assert (state.branch, state.ahead, state.behind, state.uncommitted) == ("topic", 0, 0, 2)
    assert work_tree_state(str(account.hub)) is None


def test_looking_at_a_repository_runs_nothing_of_it(account):
    """A filter is a program that a repository names for itself."""
    root = account.repository("api")
    account.put("src/api/a.txt", "one\n")
    account.git(root, "add", "-A")
    account.git(root, "commit", "-qm", "first")
    ran = account.home / "ran"
    account.git(root, "config", "filter.evil.clean", f"touch {ran}; cat")
    account.put("src/api/.gitattributes", "*.txt filter=evil\n")
    os.utime(account.put("src/api/a.txt", "two\n"), (1, 1))
    assert work_tree_state(str(root)) is not None
    assert not ran.exists()


def test_the_door_is_only_read(hub, monkeypatch):
    for name in ("write", "rename", "link", "remove", "mkdir"):

        def refuse(*_arguments, name=name, **_options):
            raise AssertionError(name)

        monkeypatch.setattr(RealFiles, name, refuse)
    assert hub.run("audit").code == 0
