"""Rollback and recovery in a world that went on: modes, folders, links, other people's work."""

from __future__ import annotations

import json
import os
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from hubctl.engine.apply import Executor
from hubctl.engine.journal import Entry
from hubctl.engine.rollback import recover, reverse
from hubctl.errors import OperationError
from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.workbench import (
    SETTINGS,
    NoUnits,
    Workbench,
    block,
    link,
    setting,
    snapshot,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path

    from hubctl.engine.rollback import Reversal

SCRIPT = ".claude/hooks/check.sh"
RULE = ".claude/rules/a.md"


class PowerCutError(Exception):
    """Ends a run at once; nothing of hubctl's catches it."""


def cut(bench: Workbench, step: int) -> None:
    """Let the door end the run before effect number `step`, counted from the end where negative."""

    def before(number: int, _name: str, _path: str) -> None:
        if number == step:
            raise PowerCutError

    bench.door = CountingFiles(RealFiles(), before)


def interrupted(bench: Workbench, then, *, closing: int = 3) -> None:
    """Apply, but for the last effects, which close the journal."""
    twin = Workbench(root=bench.root, state=bench.state)
    twin.door = CountingFiles(RealFiles(), lambda *_: None)
    before = shutil.copytree(bench.root.parent, bench.root.parent.parent / "kept", symlinks=True)
    twin.ids = iter([9000])
    twin.apply(then)
    steps = twin.door.steps
    shutil.rmtree(bench.root.parent)
    shutil.move(before, bench.root.parent)
    cut(bench, steps - closing + 1)
    with pytest.raises(PowerCutError):
        bench.apply(then)
    bench.door = RealFiles()
    assert bench.journal.open_ids()


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(root=tmp_path / "w/api", state=tmp_path / "w/state")


def roll_back(bench: Workbench, entry_id: str, new_id: str) -> Reversal:
    reversal = reverse(bench.journal.read(entry_id), bench.door)
    entry = Entry(id=new_id, time="t", command="rollback", batches=reversal.batches)
    outcomes = Executor(door=bench.door, journal=bench.journal, units=NoUnits()).run(entry)
    assert not any(outcome.failed for outcome in outcomes)
    return reversal


def mode_of(bench: Workbench, path: str) -> int:
    return stat.S_IMODE((bench.root / path).stat().st_mode)


# -- modes -------------------------------------------------------------------------------------


def test_a_run_that_changed_nothing_but_a_mode_is_rolled_back(bench: Workbench) -> None:
    bench.apply([whole(SCRIPT, "#!/bin/sh\n")])
    before = snapshot(bench.root)
    bench.apply([whole(SCRIPT, "#!/bin/sh\n", executable=True)])
    assert mode_of(bench, SCRIPT) & 0o111
    roll_back(bench, "0002", "0003")
    assert snapshot(bench.root) == before


def test_a_crash_after_a_change_of_mode_is_undone(bench: Workbench) -> None:
    bench.apply([whole(SCRIPT, "#!/bin/sh\n")])
    before = snapshot(bench.root)
    interrupted(bench, [whole(SCRIPT, "#!/bin/sh\n", executable=True)])
    recover(bench.journal, bench.door)
    assert snapshot(bench.root) == before


def test_a_mode_that_somebody_set_since_survives_a_rollback(bench: Workbench) -> None:
    bench.put("CLAUDE.md", "mine\n")
    bench.apply([block("ours\n")])
    (bench.root / "CLAUDE.md").chmod(0o600)
    assert roll_back(bench, "0001", "0002").changed == ()
    assert bench.read("CLAUDE.md") == b"mine\n"
    assert mode_of(bench, "CLAUDE.md") == 0o600


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_what_is_new_obeys_the_umask(bench: Workbench, mask: int) -> None:
    was = os.umask(mask)
    try:
        bench.apply([whole(SCRIPT, "#!/bin/sh\n", executable=True), whole(RULE, "x\n")])
    finally:
        os.umask(was)
    assert mode_of(bench, SCRIPT) == 0o777 & ~mask
    assert mode_of(bench, RULE) == 0o666 & ~mask


def test_making_a_file_executable_lets_nobody_in(bench: Workbench) -> None:
    bench.apply([whole(SCRIPT, "#!/bin/sh\n")])
    (bench.root / SCRIPT).chmod(0o640)
    bench.apply([whole(SCRIPT, "#!/bin/sh\n", executable=True)])
    assert mode_of(bench, SCRIPT) == 0o750


def test_a_folder_that_comes_back_has_its_mode(bench: Workbench) -> None:
    bench.apply([whole(RULE, "x\n")])
    (bench.root / ".claude/rules").chmod(0o700)
    bench.apply([])
    assert not (bench.root / ".claude").exists()
    roll_back(bench, "0002", "0003")
    assert mode_of(bench, ".claude/rules") == 0o700


def test_state_is_for_this_account_alone(bench: Workbench) -> None:
    bench.apply([link("l", "a")])
    for place in bench.state.rglob("*"):
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0, place


# -- rollback ----------------------------------------------------------------------------------


def test_a_rollback_can_be_rolled_back(bench: Workbench) -> None:
    bench.put(SETTINGS, b'{"theme": "dark"}')
    bench.apply([whole(RULE, "x\n"), link("l", "a")])
    bench.apply([setting("/model", "opus"), block("b\n"), link("l", "b")])
    after = snapshot(bench.root)
    roll_back(bench, "0002", "0003")
    roll_back(bench, "0003", "0004")
    assert snapshot(bench.root) == after
    assert bench.plan([setting("/model", "opus"), block("b\n"), link("l", "b")]).changes == ()


def test_a_folder_that_became_a_link_is_left_alone(bench: Workbench, tmp_path: Path) -> None:
    bench.apply([whole(RULE, "ours\n")])
    outside = tmp_path / "outside"
    shutil.move(bench.root / ".claude", outside)
    (bench.root / ".claude").symlink_to(outside)
    reversal = roll_back(bench, "0001", "0002")
    assert str(bench.root / RULE) in reversal.changed
    assert (outside / "rules/a.md").read_bytes() == b"ours\n"


# -- recovery ----------------------------------------------------------------------------------


def test_recovery_never_follows_a_folder_that_became_a_link(
    bench: Workbench, tmp_path: Path
) -> None:
    interrupted(bench, [whole(RULE, "ours\n")])
    outside = tmp_path / "outside"
    shutil.move(bench.root / ".claude", outside)
    (bench.root / ".claude").symlink_to(outside)
    (found,) = recover(bench.journal, bench.door)
    assert str(bench.root / RULE) in found.changed
    assert (outside / "rules/a.md").read_bytes() == b"ours\n"


def test_a_repository_that_is_gone_does_not_stop_recovery(bench: Workbench) -> None:
    bench.apply([whole(RULE, "old\n"), block("b\n")])
    interrupted(bench, [])
    shutil.rmtree(bench.root)
    (found,) = recover(bench.journal, bench.door)
    assert str(bench.root / RULE) in found.changed
    assert bench.journal.open_ids() == ()
    assert not bench.root.exists()


def become_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_text("theirs")


def become_folder(path: Path) -> None:
    shutil.rmtree(path)
    (path / "a.md").mkdir(parents=True)


def become_pipe(path: Path) -> None:
    shutil.rmtree(path)
    path.mkdir()
    os.mkfifo(path / "a.md")


@pytest.mark.parametrize("become", [become_file, become_folder, become_pipe])
def test_whatever_stands_there_by_now_does_not_stop_recovery(bench: Workbench, become) -> None:
    bench.apply([whole(RULE, "old\n")])
    interrupted(bench, [whole(RULE, "new\n")])
    become(bench.root / ".claude/rules")
    before = snapshot(bench.root / ".claude/rules") if become is not become_pipe else None
    (found,) = recover(bench.journal, bench.door)
    assert str(bench.root / RULE) in found.changed
    if before is not None:
        assert snapshot(bench.root / ".claude/rules") == before


def test_what_somebody_wrote_in_the_gap_survives_a_crash_right_after_it(bench: Workbench) -> None:
    bench.put("CLAUDE.md", "mine\n")
    place = bench.root / "CLAUDE.md"

    def before(_number: int, name: str, path: str) -> None:
        if name == "rename" and path == str(place):
            place.write_text("saved at that moment\n")
        elif name == "rename" and path.endswith(".old"):
            raise PowerCutError

    bench.door = CountingFiles(RealFiles(), before)
    with pytest.raises(PowerCutError):
        bench.apply([block("ours\n")])
    bench.door = RealFiles()
    (found,) = recover(bench.journal, bench.door)
    assert place.read_text() == "saved at that moment\n"
    assert found.changed == (str(place),)
    assert [p.name for p in bench.root.iterdir() if p.name.startswith(".hubctl")] == []


# -- the journal -------------------------------------------------------------------------------


def tamper(bench: Workbench, path: str) -> None:
    place = bench.state / "journal/0001/entry.json"
    found = json.loads(place.read_text())
    for target in found["targets"]:
        for operation in target["operations"]:
            operation["path"] = path
    place.write_text(json.dumps(found))


@pytest.mark.parametrize("path", ["relative", "/a/../b", "//b", "/a/", "/a\0b", ""])
def test_a_journal_with_a_path_that_is_none_is_damaged(bench: Workbench, path: str) -> None:
    bench.apply([block("x\n")])
    tamper(bench, path)
    with pytest.raises(OperationError, match="damaged") as caught:
        bench.journal.read("0001")
    assert caught.value.hint


def test_a_journal_that_others_may_write_is_not_believed(bench: Workbench) -> None:
    bench.apply([block("x\n")])
    (bench.state / "journal/0001").chmod(0o777)
    with pytest.raises(OperationError, match="others"):
        bench.journal.read("0001")


def test_a_link_that_looks_like_an_encoded_name_comes_back(bench: Workbench) -> None:
    (bench.root / "l").symlink_to("base64:aGk=")
    bench.apply([link("l", "a")], take=["api:l"])
    assert os.readlink(bench.root / "l") == "a"
    roll_back(bench, "0001", "0002")
    assert os.readlink(bench.root / "l") == "base64:aGk="


def test_a_state_folder_behind_a_link_works(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    bench.state.symlink_to(tmp_path / "real")
    assert not bench.apply([link("l", "a")]).failed
    assert not bench.apply([link("l", "b")]).failed
    assert bench.plan([link("l", "b")]).changes == ()
    roll_back(bench, "0002", "0003")
    assert bench.plan([link("l", "a")]).changes == ()


# -- what files have beside their bytes ---------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes to files of others")
def test_root_writes_to_files_of_others_and_they_stay_theirs(bench: Workbench) -> None:
    bench.put("CLAUDE.md", "mine\n")
    place = bench.root / "CLAUDE.md"
    os.chown(place, 12345, 23456)
    bench.apply([block("ours\n")])
    assert (place.stat().st_uid, place.stat().st_gid) == (12345, 23456)
    roll_back(bench, "0001", "0002")
    assert (place.stat().st_uid, place.stat().st_gid) == (12345, 23456)


def test_attributes_of_a_file_stay(bench: Workbench) -> None:
    bench.put("CLAUDE.md", "mine\n")
    place = bench.root / "CLAUDE.md"
    try:
        os.setxattr(place, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    bench.apply([block("ours\n")])
    assert os.getxattr(place, "user.note") == b"kept"
