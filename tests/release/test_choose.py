"""Which release is in use after updates, rollbacks and applies, and what stops a switch."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError, UsageError
from hubctl.release.choose import install, keep, older_release, roll_back, update
from hubctl.release.content import Content, our_content
from hubctl.release.install import KEPT
from hubctl.release.own import NOBODYS, OwnModules
from hubctl.release.status import status
from hubctl.release.verify import verify, verify_all
from hubctl.system.hooks_package import places as hook_places
from hubctl.system.process import run
from hubctl.system.wrappers import CountingFiles
from tests.release.machine import DOOR, change, current, installed, once, runs
from tests.support.cli import tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.release.install import InstalledRelease
    from hubctl.system.places import Places

SOURCE = "git+https://h.example/hooks.git"
SUMMARY = "hooks_shared.families.context.session_summary"
# What is in a release matters little here, and a small one is written quickly.
pytestmark = pytest.mark.usefixtures("small")


def other(number: int, version: str = "2.0.0") -> Content:
    """Content from elsewhere."""
    base = our_content(DOOR)
    sources = {**base.sources, "hooks_shared/__init__.py": f'"""Other {number}."""\n'}
    return replace(base, sources=sources, version=version, origin=SOURCE)


def updated(places: Places, content: Content, own: OwnModules = NOBODYS) -> InstalledRelease:
    return update(content, places, sys.executable, DOOR, own=own, runner=once)


def kept(places: Places, own: OwnModules = NOBODYS) -> InstalledRelease:
    return keep(places, sys.executable, DOOR, own=own, runner=once)


def back(places: Places, name: str = "") -> InstalledRelease:
    return roll_back(places, DOOR, name=name, runner=once)


def said(places: Places) -> str:
    return (current(places) / "hooks_shared/__init__.py").read_text()


# -- updates ---------------------------------------------------------------------------------------


def test_an_update_is_in_use_and_an_apply_keeps_it(places: Places, small: Path) -> None:
    first = installed(places)
    done = updated(places, other(1))
    assert done.changed and done.previous == first.name
    assert done.version.startswith("2.0.0-") and "Other 1" in said(places) and runs(places)
    seen = status(places, sys.executable, DOOR)
    assert (seen.origin, seen.held, seen.up_to_date) == (SOURCE, True, True)
    change(small, 7)
    assert not kept(places).changed and "Other 1" in said(places)


def test_an_install_lets_go_of_what_was_held(places: Places) -> None:
    first = installed(places)
    updated(places, other(1))
    again = installed(places)
    assert (again.name, again.changed) == (first.name, True)
    seen = status(places, sys.executable, DOOR)
    assert (seen.origin, seen.held, seen.up_to_date) == ("hubctl", False, True)


def test_an_update_to_hubctls_own_holds_nothing(places: Places, small: Path) -> None:
    updated(places, other(1))
    updated(places, our_content(DOOR))
    change(small, 3)
    assert kept(places).changed and "Version 3" in said(places)


def test_where_what_was_held_is_damaged_hubctls_own_takes_its_place(places: Places) -> None:
    done = updated(places, other(1))
    (Path(done.folder) / "run.py").write_text("evil")
    found = kept(places)
    assert found.changed and done.name in found.note
    assert verify(places, DOOR, full=True) == () and "Other" not in said(places)
    assert kept(places).note == ""


BROKEN = {
    "raises": "raise ValueError\n",
    "prints": "print('hello')\n",
    "exits": "raise SystemExit(3)\n",
    "no Python": "def (\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_release_that_does_not_answer_is_not_switched_to(places: Places, kind: str) -> None:
    first = installed(places)
    content = other(1)
    broken = {**content.sources, "hooks_shared/run.py": BROKEN[kind]}
    with pytest.raises(OperationError):
        update(replace(content, sources=broken), places, sys.executable, DOOR, runner=run)
    assert os.readlink(current(places)) == first.name
    assert verify(places, DOOR, full=True) == () and runs(places)
    assert not status(places, sys.executable, DOOR).held


def enable(places: Places, *modules: str) -> None:
    hooks = f"{places.state}/team/{hook_places.HOOKS}"
    folder = Path(hook_places.repository_folder(hooks, f"{places.home}/src/api"))
    folder.mkdir(parents=True)
    rows = [{"id": module.rpartition(".")[2], "module": module} for module in modules]
    (folder / hook_places.REGISTRY).write_text(json.dumps({"format": 1, "events": {"Stop": rows}}))


def test_a_release_without_an_enabled_hook_is_not_switched_to(places: Places) -> None:
    installed(places)
    enable(places, SUMMARY, "hooks_shared.run")
    content = other(1)
    with pytest.raises(OperationError, match="session_summary"):
        updated(places, content)
    whole = {**content.sources, f"{SUMMARY.replace('.', '/')}.py": "x = 1\n"}
    assert updated(places, replace(content, sources=whole)).changed


@pytest.mark.parametrize("text", ["", "{", "[]", '{"events": 5}', '{"events": {"Stop": [5]}}'])
def test_a_damaged_registry_stops_no_update(places: Places, text: str) -> None:
    installed(places)
    enable(places, "hooks_shared.run")
    next(Path(places.state).rglob(hook_places.REGISTRY)).write_text(text)
    assert updated(places, other(1)).changed


# -- rollbacks -------------------------------------------------------------------------------------


def test_a_rollback_brings_back_bytes_and_modes_and_is_kept(places: Places, small: Path) -> None:
    first = installed(places)
    before = tree(Path(first.folder))
    change(small, 1)
    second = installed(places)
    assert older_release(places, DOOR, "") == first.name
    done = back(places)
    assert (done.name, done.previous, done.changed) == (first.name, second.name, True)
    assert tree(Path(first.folder)) == before and runs(places)
    assert not kept(places).changed and os.readlink(current(places)) == first.name
    assert status(places, sys.executable, DOOR).held
    assert installed(places).name == second.name


def test_rollbacks_go_further_back_and_by_name(places: Places, small: Path) -> None:
    names = []
    for number in range(3):
        change(small, number)
        names.append(installed(places).name)
    assert back(places).name == names[1]
    assert back(places).name == names[0]
    with pytest.raises(UsageError, match="no older"):
        back(places)
    assert back(places, names[2]).name == names[2]
    assert not back(places, names[2]).changed


@pytest.mark.parametrize("name", ["nothing", "../x", "0."])
def test_a_name_that_leads_to_no_release(places: Places, small: Path, name: str) -> None:
    installed(places)
    change(small, 1)
    installed(places)
    with pytest.raises(UsageError):
        back(places, name)


def test_a_damaged_release_is_not_gone_back_to(places: Places, small: Path) -> None:
    first = installed(places)
    change(small, 1)
    second = installed(places)
    (Path(first.folder) / "run.py").chmod(0o666)
    with pytest.raises(OperationError, match="damaged"):
        back(places)
    assert os.readlink(current(places)) == second.name
    assert verify(places, DOOR, full=True) == ()
    assert {finding.rule for finding in verify_all(places, DOOR)} == {"release/tampered"}


def test_the_release_in_use_is_kept_however_old_it_is(places: Places, small: Path) -> None:
    first = installed(places)
    for number in range(KEPT):
        change(small, number)
        installed(places)
    back(places, first.name)
    updated(places, other(1))
    assert verify_all(places, DOOR) == ()
    assert len(status(places, sys.executable, DOOR).installed) == KEPT + 1


def test_nothing_installed_is_nothing_to_go_back_to(places: Places) -> None:
    with pytest.raises(UsageError, match="no older"):
        back(places)


# -- the own hooks of hubs -------------------------------------------------------------------------


def own(hub: str, text: str = "x = 1\n") -> OwnModules:
    return OwnModules(hub=hub, texts={"check.py": text})


def module(places: Places, hub: str) -> Path:
    return current(places) / f"hooks_shared/own/{hub}/check.py"


def test_own_modules_join_the_release_and_those_of_other_hubs_stay(places: Places) -> None:
    kept(places, own("acme"))
    kept(places, own("team", "x = 2\n"))
    assert module(places, "acme").read_text() == "x = 1\n"
    assert module(places, "team").read_text() == "x = 2\n"
    assert verify(places, DOOR, full=True) == () and runs(places)
    assert not kept(places, own("acme")).changed
    assert status(places, sys.executable, DOOR, own=own("acme")).up_to_date
    assert not status(places, sys.executable, DOOR, own=own("acme", "x = 3\n")).up_to_date


def test_a_changed_or_dropped_own_module_is_another_release(places: Places) -> None:
    kept(places, own("acme"))
    assert kept(places, own("acme", "x = 2\n")).changed
    assert module(places, "acme").read_text() == "x = 2\n"
    assert kept(places, OwnModules(hub="acme")).changed
    assert not (current(places) / "hooks_shared/own").exists()


def test_without_a_hub_own_modules_stay_as_they_are(places: Places, small: Path) -> None:
    kept(places, own("acme"))
    change(small, 1)
    assert installed(places).changed and module(places, "acme").exists()


def test_a_tampered_module_of_another_hub_is_not_carried_over(places: Places) -> None:
    kept(places, own("acme"))
    module(places, "acme").write_text("evil = 1\n")
    kept(places, own("team"))
    assert not module(places, "acme").exists()
    assert verify(places, DOOR, full=True) == ()


def test_an_update_brings_no_modules_of_hubs_and_keeps_ours(places: Places) -> None:
    content = other(1)
    smuggled = {**content.sources, "hooks_shared/own/acme/check.py": "evil = 1\n"}
    done = updated(places, replace(content, sources=smuggled), own("acme"))
    assert module(places, "acme").read_text() == "x = 1\n"
    assert not kept(places, own("acme")).changed
    again = kept(places, own("acme", "x = 2\n"))
    assert again.changed and again.name != done.name and "Other 1" in said(places)


# -- kills -----------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def steps_of(work: Callable[[CountingFiles], object], at: int = 0) -> int:
    """Run, killed before effect number `at`; how many effects there were."""

    def before(step: int, name: str, path: str) -> None:
        if step == at:
            raise Killed

    door = CountingFiles(DOOR, before)
    with contextlib.suppress(Killed):
        work(door)
    return door.steps


def switch(places: Places, kind: str, first: str) -> Callable[[CountingFiles], object]:
    if kind == "rollback":
        return lambda door: roll_back(places, door, name=first, runner=once)
    return lambda door: update(other(9), places, sys.executable, door, runner=once)


@pytest.mark.parametrize("kind", ["rollback", "update"])
def test_a_kill_at_any_step_leaves_one_whole_release(
    places: Places, tmp_path: Path, small: Path, kind: str
) -> None:
    first = installed(places).name
    for number in range(KEPT + 1):
        change(small, number)
        second = installed(places).name
    first = status(places, sys.executable, DOOR).installed[-1] if kind == "rollback" else first
    saved = tmp_path / "saved"
    for name in ("data", "state"):
        shutil.copytree(tmp_path / name, saved / name, symlinks=True)
    work = switch(places, kind, first)
    steps = steps_of(work)
    new = os.readlink(current(places))
    assert new != second and steps > 4
    seen = set()
    for at in range(1, steps + 1):
        for name in ("data", "state"):
            shutil.rmtree(tmp_path / name)
            shutil.copytree(saved / name, tmp_path / name, symlinks=True)
        steps_of(work, at)
        seen.add(os.readlink(current(places)))
        assert verify(places, DOOR, full=True) == ()
        work(CountingFiles(DOOR, lambda step, name, path: None))
        assert os.readlink(current(places)) == new and verify_all(places, DOOR) == ()
        assert not kept(places).changed
    assert seen == {second, new}


def test_an_install_again_after_a_kill_in_the_middle_of_the_first(places: Places) -> None:
    total = steps_of(lambda door: install(places, sys.executable, door, runner=once))
    shutil.rmtree(places.releases)
    steps_of(lambda door: install(places, sys.executable, door, runner=once), total // 2)
    assert installed(places).changed and verify_all(places, DOOR) == ()
