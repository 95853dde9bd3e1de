"""`hubctl package`: what is in it, whose folders it leaves alone, and that its hooks work."""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError
from hubctl.packaging.contents import PluginFile
from hubctl.packaging.placing import place
from hubctl.system.files import RealFiles
from tests.packaging.hub import CANONICAL, NAME, PUSH, handlers, run_hook
from tests.support.cli import tree
from tests.support.doors import failing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Account, Ran

GUARD = ("PreToolUse", "closed")


def packaged(account: Account, *options: str) -> Path:
    """Package into the default folder; the plugin's folder."""
    ran = account.ok("package", *options)
    assert ran.out == f"{account.hub}/{NAME}-plugin\n"
    return account.hub / f"{NAME}-plugin/plugins/{NAME}"


def files(plugin: Path) -> set[str]:
    every = {str(path.relative_to(plugin)) for path in plugin.rglob("*") if path.is_file()}
    return {path for path in every if not path.startswith("hooks/hooks_shared/")}


def test_it_holds_what_defaults_and_global_give(account: Account) -> None:
    plugin = packaged(account)
    assert files(plugin) == {
        ".claude-plugin/plugin.json",
        "README.md",
        "commands/ship.md",
        *(f"commands/tdd/{name}.md" for name in ("cycle", "green", "red", "refactor")),
        *(f"hooks/{name}" for name in ("hooks.json", "launch", "registry.json", "start.py")),
        "hooks/answers/PreToolUse-closed",
        "output-styles/brief.md",
        "skills/look/SKILL.md",
        "skills/look/scripts/look.sh",
    }
    assert stat.S_IMODE((plugin / "skills/look/scripts/look.sh").stat().st_mode) & 0o111
    ship = (plugin / "commands/ship.md").read_text()
    assert "from commands/ship.md; edit there, then run hubctl package -->" in ship
    assert "hubctl apply" not in ship


def test_what_is_left_out_is_told_and_all_takes_it_in(account: Account) -> None:
    told = account.ok("package").err
    for line in (
        "left out: commands/health.md: it runs hubctl",
        "left out: agents/drift-investigator.md: it runs hubctl",
        "left out: hook config-guard: it looks after hubctl's own files",
    ):
        assert line in told
    plugin = packaged(account, "--all", "--profile", "python")
    assert {"commands/health.md", "agents/drift-investigator.md"} <= files(plugin)
    assert "skills/pytest-test-generator/scripts/pin.py" in files(plugin)


def test_the_manifests_name_each_other(account: Account) -> None:
    plugin = packaged(account, "--version", "1.2.3")
    market = json.loads((plugin.parents[1] / ".claude-plugin/marketplace.json").read_text())
    manifest = json.loads((plugin / ".claude-plugin/plugin.json").read_text())
    assert market["plugins"][0]["source"] == f"./plugins/{NAME}"
    assert (manifest["name"], manifest["version"]) == (NAME, "1.2.3")
    assert f"- `/{NAME}:tdd:cycle`" in (plugin / "README.md").read_text()


def test_one_hub_gives_the_same_bytes_and_another_content_another_version(
    account: Account, tmp_path: Path
) -> None:
    account.ok("package", str(tmp_path / "one"))
    account.ok("package", str(tmp_path / "two"))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    manifest = tmp_path / f"one/plugins/{NAME}/.claude-plugin/plugin.json"
    before = json.loads(manifest.read_text())["version"]
    account.put("hub/commands/ship.md", "---\ndescription: Ship it\n---\n\nShip now.\n")
    account.ok("package", str(tmp_path / "one"))
    assert json.loads(manifest.read_text())["version"] != before


def test_a_second_run_brings_the_folder_up_to_date(account: Account) -> None:
    plugin = packaged(account)
    untouched = (plugin / "commands/ship.md").stat().st_mtime_ns
    (plugin.parents[1] / ".git").mkdir()
    (plugin.parents[1] / "LICENSE").write_text("MIT\n")
    account.canonical(CANONICAL.replace("[tdd/, health]", "[tdd/red]"))
    ran = account.ok("package")
    assert not (plugin / "commands/tdd/green.md").exists()
    assert (plugin / "commands/tdd/red.md").exists()
    assert (plugin / "commands/ship.md").stat().st_mtime_ns == untouched
    assert (plugin.parents[1] / "LICENSE").read_text() == "MIT\n"
    assert "3 removed" in ran.err
    assert "0 written, 0 removed" in account.ok("package").err


def refused(account: Account, folder: Path, why: str) -> Ran:
    before = tree(folder, without=()) if folder.is_dir() else folder.read_bytes()
    ran = account.run("package", str(folder))
    assert ran.code == 2
    assert why in ran.err
    assert (tree(folder, without=()) if folder.is_dir() else folder.read_bytes()) == before
    return ran


def test_a_folder_of_somebody_else_is_refused(account: Account, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/notes.md").write_text("mine\n")
    refused(account, tmp_path / "theirs", "`hubctl package` did not make it")
    refused(account, tmp_path / "theirs/notes.md", "is no folder")


def test_another_hubs_package_and_a_broken_record_are_refused(
    account: Account, tmp_path: Path
) -> None:
    account.ok("package", str(tmp_path / "out"))
    account.canonical(CANONICAL.replace("acme_team", "other"))
    refused(account, tmp_path / "out", "a package of the hub 'acme_team'")
    for record in ("{", '{"format": "hubctl/package", "version": 1, "hub": "other", "files": 3}'):
        (tmp_path / "out/.hubctl-package.json").write_text(record)
        refused(account, tmp_path / "out", "nobody that can be read")


@pytest.mark.parametrize("path", ["../outside", "/etc/x", "a/../../b", ".git/config", ""])
def test_a_record_cannot_lead_out_of_the_folder(
    account: Account, tmp_path: Path, path: str
) -> None:
    account.ok("package", str(tmp_path / "out"))
    place = tmp_path / "out/.hubctl-package.json"
    record = json.loads(place.read_text())
    place.write_text(json.dumps(record | {"files": {path: ["sha256:0"]}}))
    refused(account, tmp_path / "out", "nobody that can be read")


def test_work_of_somebody_in_it_is_never_overwritten(account: Account, tmp_path: Path) -> None:
    out = tmp_path / "out"
    account.ok("package", str(out))
    edited = out / f"plugins/{NAME}/commands/ship.md"
    original = edited.read_bytes()
    edited.write_text("better\n")
    refused(account, out, "commands/ship.md")
    edited.unlink()
    edited.symlink_to(tmp_path / "elsewhere.md")
    refused(account, out, "commands/ship.md")
    edited.unlink()
    account.ok("package", str(out))
    assert edited.read_bytes() == original


def test_a_link_on_the_way_is_not_followed(account: Account, tmp_path: Path) -> None:
    out = tmp_path / "out"
    account.ok("package", str(out))
    (tmp_path / "kept").mkdir()
    folder = out / f"plugins/{NAME}/output-styles"
    (folder / "brief.md").unlink()
    folder.rmdir()
    folder.symlink_to(tmp_path / "kept")
    refused(account, out, "output-styles/brief.md")
    assert list((tmp_path / "kept").iterdir()) == []


OLD = {f"plugins/x/{name}": PluginFile(text=name) for name in ("a", "b/c", "b/d", "e/f")}
NEW = {
    "plugins/x/a": PluginFile(text="other"),
    "plugins/x/b/c": PluginFile(text="b/c", executable=True),
    "plugins/x/g/h": PluginFile(text="g/h"),
}


@pytest.mark.parametrize("step", range(1, 60))
def test_a_run_that_was_cut_short_is_simply_run_again(tmp_path: Path, step: int) -> None:
    place(RealFiles(), f"{tmp_path}/done", "acme", NEW)
    out = tmp_path / "out"
    for files in (OLD, NEW):
        try:
            door = failing(RealFiles(), step, forever=True, code=errno.EIO)
            place(door, str(out), "acme", files)
        except OperationError as error:
            assert "cannot write the package" in error.message
        place(RealFiles(), str(out), "acme", files)
    assert tree(out) == tree(tmp_path / "done")


def test_a_place_where_no_folder_can_be_is_told(account: Account, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = account.run("package", str(tmp_path / "file/below"))
    assert (ran.code, "cannot write the package" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (("--profile", "pyhton"), 2, "did you mean python?"),
        (("--version", "one"), 2, "'one' is no semantic version"),
    ],
)
def test_wrong_options_are_refused(
    account: Account, options: tuple[str, ...], code: int, why: str
) -> None:
    ran = account.run("package", *options)
    assert (ran.code, why in ran.err) == (code, True)
    assert not (account.hub / f"{NAME}-plugin").exists()


def test_a_hub_that_gives_nothing_has_no_package(account: Account) -> None:
    account.canonical("hub:\n  name: acme\nrepositories: {}\n")
    ran = account.run("package")
    assert (ran.code, "there is nothing to package" in ran.err) == (2, True)


def test_a_source_that_is_not_there_is_no_package(account: Account) -> None:
    account.canonical("hub:\n  name: acme\nglobal: {commands: [tdd/, shipp]}\n")
    ran = account.run("package")
    assert (ran.code, "'shipp'" in ran.err) == (2, True)


def test_what_is_said_on_this_machine_only_stays_here(account: Account) -> None:
    account.put("hub/canonical.local.yaml", "global: {commands: [audit, undo/]}\n")
    assert "commands/audit.md" not in files(packaged(account, "--all"))


# -- its hooks -------------------------------------------------------------------------------------


def test_a_guard_refuses_and_records_outside_the_plugin(account: Account, tmp_path: Path) -> None:
    plugin = packaged(account)
    before = tree(plugin)
    for _ in range(2):
        done = run_hook(plugin, tmp_path / "data", GUARD, PUSH)
        assert done.returncode == 2
        assert "git-push-force" in done.stderr
    assert tree(plugin) == before
    assert list((tmp_path / "data/spool").iterdir())
    assert not (tmp_path / "nobody").exists()


def test_a_harmless_call_passes_in_silence(account: Account, tmp_path: Path) -> None:
    ls = {"tool_name": "Bash", "tool_input": {"command": "ls"}}
    done = run_hook(packaged(account), tmp_path / "data", GUARD, ls)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_updated_plugin_uses_its_own_registry(account: Account, tmp_path: Path) -> None:
    plugin = packaged(account)
    assert run_hook(plugin, tmp_path / "data", GUARD, PUSH).returncode == 2
    off = "{hook: git-safety-check, options: {rules: {git-push-force: 'off'}}}"
    account.canonical(CANONICAL.replace("[git-safety-check,", f"[{off},"))
    packaged(account)
    assert run_hook(plugin, tmp_path / "data", GUARD, PUSH).returncode == 0


def test_a_folder_with_odd_characters_works(account: Account, tmp_path: Path) -> None:
    out = tmp_path / "it's a & place"
    account.ok("package", str(out))
    done = run_hook(out / f"plugins/{NAME}", tmp_path / "my data", GUARD, PUSH)
    assert done.returncode == 2
    assert "git-push-force" in done.stderr


def bare_path(tmp_path: Path, *programs: str) -> str:
    """A PATH with these programs alone."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sh", *programs):
        (folder / name).symlink_to(f"/bin/{name}")
    return str(folder)


def test_without_python_a_guard_asks_and_says_why(account: Account, tmp_path: Path) -> None:
    plugin = packaged(account)
    done = run_hook(plugin, tmp_path / "data", GUARD, PUSH, path=bare_path(tmp_path))
    answer = json.loads(done.stdout)["hookSpecificOutput"]
    assert (done.returncode, answer["permissionDecision"]) == (0, "ask")
    assert "Python 3.11" in answer["permissionDecisionReason"]
    observing = run_hook(
        plugin, tmp_path / "data", ("PostToolUse", "async"), {}, str(tmp_path / "bin")
    )
    assert (observing.returncode, observing.stdout) == (0, "")


def test_an_older_python_is_passed_over(account: Account, tmp_path: Path) -> None:
    path = bare_path(tmp_path)
    old = tmp_path / "bin/python3"
    old.write_text("#!/bin/sh\nexit 44\n")
    old.chmod(0o755)
    newer = tmp_path / f"bin/python3.{sys.version_info.minor}"
    newer.symlink_to(os.path.realpath(sys.executable))
    done = run_hook(packaged(account), tmp_path / "data", GUARD, PUSH, path=path)
    assert (done.returncode, "git-push-force" in done.stderr) == (2, True)


def test_a_python_that_crashes_is_no_verdict(account: Account, tmp_path: Path) -> None:
    path = bare_path(tmp_path)
    for code in (0, 1, 2, 40 + 3):
        broken = tmp_path / "bin/python3"
        broken.write_text(f"#!/bin/sh\nexit {code}\n")
        broken.chmod(0o755)
        done = run_hook(packaged(account), tmp_path / "data", GUARD, PUSH, path=path)
        assert json.loads(done.stdout)["hookSpecificOutput"]["permissionDecision"] == "ask"


def test_a_plugin_that_is_gone_blocks_only_where_a_guard_stood(
    account: Account, tmp_path: Path
) -> None:
    plugin = packaged(account)
    lanes = handlers(plugin)
    (plugin / "hooks/launch").unlink()
    done = {lane: run_hook(plugin, tmp_path / "data", lane, PUSH) for lane in lanes}
    assert {lane: one.returncode for lane, one in done.items()} == {
        GUARD: 2,
        ("PostToolUse", "async"): 0,
    }
    assert "/plugin" in done[GUARD].stderr
