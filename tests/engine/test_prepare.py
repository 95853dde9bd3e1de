"""What preparing refuses, and what it leaves alone, before anything is written."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError
from tests.support.workbench import SETTINGS, block, setting, snapshot, whole

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.workbench import Workbench

RULE = ".claude/rules/a.md"


def test_a_repository_that_went_away_is_not_built_up_anew(bench: Workbench) -> None:
    plan = bench.plan([whole(RULE, "x\n"), block("b\n")])
    shutil.rmtree(bench.root)
    with pytest.raises(OperationError, match="is gone"):
        bench.carry_out(plan)
    assert not bench.root.exists()


def test_two_things_behind_links_to_one_file_are_refused(bench: Workbench) -> None:
    bench.apply([whole(RULE, "old\n")])
    (bench.root / ".claude/rules/b.md").symlink_to("a.md")
    before = snapshot(bench.root)
    plan = bench.plan([whole(".claude/rules/b.md", "new\n")], take=["api:.claude/rules/b.md"])
    with pytest.raises(OperationError, match="one file"):
        bench.carry_out(plan)
    assert snapshot(bench.root) == before


def test_a_link_into_a_folder_that_is_not_there_is_left_alone(
    bench: Workbench, tmp_path: Path
) -> None:
    drive = tmp_path / "drive/dotfiles"
    bench.follow = (str(tmp_path / "drive"),)
    (bench.root / ".claude").mkdir()
    (bench.root / SETTINGS).symlink_to(drive / "settings.json")
    plan = bench.plan([setting("/model", "opus"), block("b\n")])
    assert [finding.rule for finding in plan.findings] == ["read/failed"]
    assert str(drive) in plan.findings[0].message
    bench.carry_out(plan)
    assert not drive.parent.exists()
    assert (bench.root / "CLAUDE.md").exists()


def test_a_link_to_a_file_that_is_not_there_leads_to_a_new_one(bench: Workbench) -> None:
    (bench.root / "docs").mkdir()
    (bench.root / "CLAUDE.md").symlink_to("docs/claude.md")
    bench.apply([block("b\n")])
    assert (bench.root / "CLAUDE.md").is_symlink()
    assert b"b\n" in bench.read("docs/claude.md")


def test_a_pipe_in_the_place_of_a_file_stays_a_pipe(bench: Workbench) -> None:
    os.mkfifo(bench.root / "CLAUDE.md")
    plan = bench.plan([block("b\n"), whole(RULE, "x\n")])
    assert [finding.rule for finding in plan.findings] == ["read/failed"]
    bench.carry_out(plan)
    assert (bench.root / "CLAUDE.md").is_fifo()
    assert (bench.root / RULE).exists()


def test_a_source_with_its_own_line_ends_never_doubles_them(bench: Workbench) -> None:
    bench.apply([whole(RULE, "one\r\ntwo\r\n")])
    bench.put(RULE, b"one\r\ntwo\r\n")
    bench.apply([whole(RULE, "one\r\nthree\r\n")])
    assert bench.read(RULE) == b"one\r\nthree\r\n"
    assert bench.plan([whole(RULE, "one\r\nthree\r\n")]).changes == ()


def test_an_empty_folder_of_somebody_stays(bench: Workbench) -> None:
    bench.apply([whole(RULE, "x\n"), whole(".claude/skills/s/SKILL.md", "x\n")])
    shutil.rmtree(bench.root / ".claude/skills/s")
    bench.apply([])
    assert (bench.root / ".claude/skills").is_dir()
    assert not (bench.root / ".claude/rules").exists()


def test_whoever_else_has_a_name_for_the_file_keeps_its_bytes(bench: Workbench) -> None:
    bench.put("CLAUDE.md", "mine\n")
    os.link(bench.root / "CLAUDE.md", bench.root / "backup.md")
    bench.apply([block("b\n")])
    assert bench.read("backup.md") == b"mine\n"


def test_an_edit_that_cannot_be_made_names_file_and_line(bench: Workbench) -> None:
    bench.put(SETTINGS, b'{\n"env": {},\n"env": {}}')
    with pytest.raises(OperationError, match=rf"{bench.root}/{SETTINGS}:3: the key 'env'"):
        bench.apply([setting("/env/A", "1"), block("b\n")])
    assert not (bench.root / "CLAUDE.md").exists()
