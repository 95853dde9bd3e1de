"""One writer at a time, and what a second one is told."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import OperationError
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = f"{tmp_path}/state/apply.lock"
    with (
        writer_lock(path),
        pytest.raises(OperationError, match=str(os.getpid())),
        writer_lock(path, wait=0),
    ):
        pass


def test_the_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    path = f"{tmp_path}/state/apply.lock"
    for _ in range(2):
        with writer_lock(path, wait=0):
            assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_no_reason_not_to_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    path = f"{tmp_path}/state/apply.lock"
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", refuse)
        lock = writer_lock(path, wait=0)
        lock.__enter__()
    with pytest.raises(OperationError, match="unknown"), writer_lock(path, wait=0):
        pass
    lock.__exit__(None, None, None)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("somebody's file")
    with (
        pytest.raises(OperationError, match="cannot open the lock"),
        writer_lock(f"{tmp_path}/state/apply.lock"),
    ):
        pass
