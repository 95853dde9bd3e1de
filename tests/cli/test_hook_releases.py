"""`hubctl hooks install|verify|status|update|rollback`, and what drift says of releases."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from hubctl.system.hooks_package import package_folder
from tests.support.cli import rules, tree, validate

HUB = """\
hub:
  name: acme
repositories:
  api:
    path: ~/src/api
    overrides:
      hooks:
        PreToolUse: [smart-safety-check]
"""


@pytest.fixture
def hub(account):
    account.canonical(HUB)
    account.repository()
    return account


@pytest.fixture
def elsewhere(account):
    """A folder with a newer version of the hooks."""
    root = account.home / "newer"
    ignored = shutil.ignore_patterns("__pycache__", "cases")
    shutil.copytree(package_folder(), root / "hooks_shared", ignore=ignored)
    with (root / "hooks_shared/store.py").open("a") as stream:
        stream.write("# newer\n")
    (root / "VERSION").write_text("7.0.0\n")
    text = (Path(package_folder()).parent / "CHANGELOG.md").read_text()
    (root / "CHANGELOG.md").write_text(text + "\n- Nothing is as it was.\n")
    return root


def releases(account):
    return account.home / ".local/share/hubctl/hooks"


def in_use(account):
    return os.readlink(releases(account) / "current")


def tamper(account):
    (releases(account) / "current/hooks_shared/rules.py").write_text("RULES = {}\n")


def status(account, code=0):
    ran = account.run("hooks", "status", "--json")
    assert ran.code == code, ran
    validate(ran.json, "hook-status")
    return ran.json


# -- install, verify, status -----------------------------------------------------------------------


def test_install_status_and_verify_without_a_hub(account):
    assert rules(account.report("hooks", "verify")) == ["release/missing"]
    assert status(account, code=1)["current"] == ""
    first = account.ok("hooks", "install")
    assert "installed" in first.err
    assert "is in use and whole" in account.ok("hooks", "install").err
    found = status(account)
    assert found["current"] == in_use(account) and found["up_to_date"]
    assert (found["origin"], found["held"]) == ("hubctl", False)
    assert "every byte is" in account.ok("hooks", "verify").err
    assert "every size" in account.ok("hooks", "verify", "--quick").err
    assert "up to date yes" in account.ok("hooks", "status").out


@pytest.mark.parametrize("options", [(), ("--quick",), ("--all",)])
def test_tampering_is_found_and_an_install_repairs_it(account, options):
    account.ok("hooks", "install")
    tamper(account)
    assert rules(account.report("hooks", "verify", *options)) == ["release/tampered"]
    assert account.run("hooks", "verify", "--format", "sarif").code == 1
    assert "rules.py" in account.run("hooks", "status").err
    account.ok("hooks", "install")
    assert account.ok("hooks", "verify", "--quick").code == 0


def test_repairs_work_with_a_canonical_that_cannot_be_used(hub):
    hub.apply()
    hub.canonical("hub: [\n")
    tamper(hub)
    assert hub.run("hooks", "verify").code == 1
    ran = hub.ok("hooks", "install")
    assert "installed" in ran.err and "cannot be used" in ran.err
    assert hub.ok("hooks", "verify").code == 0


def test_tampering_is_drift_that_fix_and_apply_repair(hub):
    hub.apply()
    hub.in_sync()
    for repair in (("drift", "--fix"), ("apply", "--yes")):
        tamper(hub)
        found = hub.report("drift")
        assert (found["exit_code"], rules(found)) == (1, ["release/tampered"])
        hub.ok(*repair)
        hub.in_sync()


def test_without_hooks_nobody_misses_a_release(account):
    account.canonical("hub: {name: acme}\nrepositories: {api: {path: ~/src/api}}\n")
    account.repository()
    account.apply()
    account.in_sync()
    assert not releases(account).exists()


def test_a_lost_release_is_drift_where_hooks_are_used(hub):
    hub.apply()
    shutil.rmtree(releases(hub))
    found = hub.report("drift")
    assert found["exit_code"] == 1 and "release/missing" in rules(found)


# -- update ----------------------------------------------------------------------------------------


def test_an_update_shows_what_changes_and_asks(account, elsewhere):
    account.ok("hooks", "install")
    first = in_use(account)
    ran = account.run("hooks", "update", "--from", str(elsewhere))
    assert ran.code == 2 and "--yes" in ran.err and in_use(account) == first
    assert re.search(r"hooks_shared/store\.py +changed +\+1 +-0", ran.out)
    assert "-> 7.0.0" in ran.out and "- Nothing is as it was." in ran.out
    assert account.run("hooks", "update", "--from", "newer", "--check").code == 2  # not in hub
    assert account.run("hooks", "update", "--from", "~/newer", "--check").code == 1


def test_an_update_is_held_until_an_install(hub, elsewhere):
    hub.apply()
    first = in_use(hub)
    hub.ok("hooks", "update", "--from", str(elsewhere), "--yes")
    found = status(hub)
    assert found["release"].startswith("7.0.0-") and found["origin"] == str(elsewhere)
    assert found["held"] and found["up_to_date"] and first in found["installed"]
    hub.apply()
    hub.in_sync()
    assert in_use(hub) == found["current"]
    assert "nothing changes" in hub.ok("hooks", "update", "--yes").err
    with (elsewhere / "hooks_shared/store.py").open("a") as stream:
        stream.write("# newest\n")
    hub.ok("hooks", "update", "--yes")  # from where it is from
    assert in_use(hub) != found["current"]
    hub.ok("hooks", "install")
    assert in_use(hub) == first


def test_an_older_version_is_taken_only_where_it_is_named(account, elsewhere):
    account.ok("hooks", "update", "--from", str(elsewhere), "--yes")
    (elsewhere / "VERSION").write_text("6.0.0\n")
    (elsewhere / "hooks_shared/extra.py").write_text("x = 1\n")
    now = in_use(account)
    assert "nothing to do" in account.ok("hooks", "update", "--yes").err and in_use(account) == now
    account.ok("hooks", "update", "--from", str(elsewhere), "--yes")
    assert in_use(account).startswith("6.0.0-")


def test_a_version_that_will_not_do_is_refused(account, elsewhere):
    ran = account.run("hooks", "update", "--from", str(elsewhere), "--to", "^8", "--yes")
    assert ran.code == 3 and "7.0.0, which is not ^8" in ran.err
    assert account.run("hooks", "update", "--to", "newest").code == 2
    assert account.run("hooks", "update", "--from", "http://h.example/x.zip").code == 2


def test_an_update_that_breaks_an_enabled_hook_is_refused(hub, elsewhere):
    hub.apply()
    first = in_use(hub)
    (elsewhere / "hooks_shared/families/safety/smart_safety_check.py").unlink()
    ran = hub.run("hooks", "update", "--from", str(elsewhere), "--yes")
    assert ran.code == 3 and "smart-safety-check" in ran.err and in_use(hub) == first


# -- rollback --------------------------------------------------------------------------------------


def test_a_rollback_brings_back_the_bytes_and_modes(hub, elsewhere):
    hub.apply()
    first = in_use(hub)
    before = tree(releases(hub) / first)
    hub.ok("hooks", "update", "--from", str(elsewhere), "--yes")
    ran = hub.run("hooks", "rollback")
    assert ran.code == 2 and "--yes" in ran.err and in_use(hub) != first
    hub.ok("hooks", "rollback", "--yes")
    assert in_use(hub) == first and tree(releases(hub) / first) == before
    hub.apply()
    assert in_use(hub) == first and status(hub)["held"]
    hub.in_sync()
    ran = hub.run("hooks", "rollback", "--yes")
    assert ran.code == 2 and "no older release" in ran.err


def test_a_rollback_by_name_and_none_to_what_is_damaged(hub, elsewhere):
    hub.apply()
    first = in_use(hub)
    hub.ok("hooks", "update", "--from", str(elsewhere), "--yes")
    assert "installed: 7.0.0-" in hub.run("hooks", "rollback", "9.9", "--yes").err
    (releases(hub) / first / "run.py").chmod(0o644)
    ran = hub.run("hooks", "rollback", first, "--yes")
    assert ran.code == 3 and "damaged" in ran.err and in_use(hub) != first


def test_a_release_belongs_to_the_account_alone(account):
    account.ok("hooks", "install")
    for path in releases(account).rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            assert not mode & 0o077, path


# -- by timer --------------------------------------------------------------------------------------

UNIT = """\
units:
  verify-hooks:
    description: Compare every byte of the installed hooks
    command: [hubctl, hooks, verify]
    schedule: daily
    randomized_delay: 1h
  update-hooks:
    command: [hubctl, hooks, update, --yes]
    schedule: "*-*-* 03:00:00"
"""


def test_the_checks_run_by_timer_as_units_of_the_hub(account):
    account.canonical(f"hub: {{name: acme}}\n{UNIT}")
    [target] = account.ok("show", "host", "--json").json["targets"]
    texts = {item["address"].rpartition("/")[2]: str(item["value"]) for item in target["items"]}
    assert "hooks verify" in texts["hubctl-acme-verify-hooks.service"]
    assert "hooks update --yes" in texts["hubctl-acme-update-hooks.service"]
    assert "OnCalendar=" in texts["hubctl-acme-verify-hooks.timer"]
