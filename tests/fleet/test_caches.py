"""The caches as files: damaged, foreign, missing, unwritable, written by several at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.fleet.memory import ALL, FILES, RICH, rewrite, watch_rendering
from tests.support.mounts import read_only

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cli import Account


def snapshots(account: Account) -> Path:
    (path,) = account.cache.glob("snapshots/*.jsonl")
    return path


def damages(data: bytes, count: int) -> Iterator[bytes]:
    """The same bytes cut short, and with one bit turned, at many places."""
    for at in range(0, len(data), len(data) // count):
        yield data[:at]
        yield data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


def test_damaged_snapshots_are_none(remembered, looks):
    path = snapshots(remembered)
    for damaged in damages(path.read_bytes(), 20):
        path.write_bytes(damaged)
        looks.clear()
        remembered.in_sync()
        assert looks == ALL


def test_damaged_rows_are_rendered_again(remembered):
    """Even where the damage lies in a part that only another run reads."""
    drifted = rewrite(remembered.home / FILES["settings"]) or remembered.report("drift")
    (path,) = remembered.cache.glob("compiled/*/*")
    kept = path.read_bytes()
    for damaged in damages(kept, 25):
        path.write_bytes(damaged)
        shutil.rmtree(snapshots(remembered).parent)
        assert remembered.report("drift") == drifted
        assert remembered.run("show", "api").code == 0


def foreign(path: Path) -> None:
    os.chown(path, 12345, 12345)


def writable(path: Path) -> None:
    path.chmod(0o666)


def linked(path: Path) -> None:
    behind = path.with_name("behind")
    path.rename(behind)
    path.symlink_to(behind)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("kind", ["snapshots", "compiled"])
@pytest.mark.parametrize("how", [foreign, writable, linked, folder])
def test_a_cache_that_others_could_have_written_is_none(remembered, looks, monkeypatch, kind, how):
    if how is foreign and os.getuid() != 0:
        pytest.skip("only root can give a file away")
    rendered = watch_rendering(monkeypatch)
    (path,) = remembered.cache.glob("snapshots/*" if kind == "snapshots" else "compiled/*/*")
    how(path)
    remembered.in_sync()
    assert (looks, rendered) == ((ALL, []) if kind == "snapshots" else ([], ALL))


def test_no_descriptor_is_left_open(remembered):
    open_before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        remembered.in_sync()
    assert len(os.listdir("/dev/fd")) == open_before


def test_rows_of_another_state_under_this_name_are_not_taken(remembered):
    (old,) = remembered.cache.glob("compiled/*/*")
    data = old.read_bytes()
    remembered.canonical(RICH.replace("sonnet", "opus"))
    before = remembered.report("drift")
    (new,) = remembered.cache.glob("compiled/*/*")
    assert new != old
    new.write_bytes(data)
    assert remembered.report("drift") == before
    assert before["exit_code"] == 1


def test_without_a_place_for_a_cache_everything_works(remembered, looks):
    shutil.rmtree(remembered.cache)
    remembered.put(".cache/hubctl", "a file, not a folder")
    for _ in range(2):
        remembered.in_sync()
    assert looks == [*ALL, *ALL]
    assert remembered.run("plan", "--check").code == 0


@pytest.mark.parametrize("with_cache", [True, False])
@pytest.mark.parametrize("command", ["plan", "drift"])
def test_a_read_only_machine_is_enough(remembered, command, with_cache):
    if not with_cache:
        shutil.rmtree(remembered.cache)
    done = subprocess.run(
        [*read_only(remembered.base), sys.executable, "-m", "hubctl", command],
        env=remembered.environment,
        cwd=remembered.hub,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


TRUSTING = """\
from dataclasses import replace
from hubctl.fleet import compiled_file
from hubctl.system.states import Recording
from hubctl.system.sources_state import sources_state
Recording.is_settled = lambda *_: True
compiled_file.sources_state = lambda folder: replace(sources_state(folder), is_settled=True)
from hubctl.cli.main import main
raise SystemExit(main(["drift"]))
"""


def test_several_at_once_leave_one_good_cache(remembered, looks):
    shutil.rmtree(remembered.cache)
    command = [sys.executable, "-c", TRUSTING]
    options = {"env": remembered.environment, "cwd": remembered.hub, "stdout": subprocess.DEVNULL}
    started = [subprocess.Popen(command, **options) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    left = sorted(p.name for p in remembered.cache.rglob("*.jsonl") if p.is_file())
    assert len(left) == 2, left
    assert not list(remembered.cache.rglob("*.tmp*"))
    remembered.in_sync()
    assert looks == []
