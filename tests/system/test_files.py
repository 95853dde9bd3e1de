"""The door to the file system: what it reads, refuses, takes over and swaps."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from hubctl.system.files import RealFiles

if TYPE_CHECKING:
    from pathlib import Path

DOOR = RealFiles()


def test_what_is_no_regular_file_is_never_read_as_an_empty_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    for name in ("pipe", "null"):
        with pytest.raises(OSError, match="neither a file"):
            DOOR.read(f"{tmp_path}/{name}")
    with pytest.raises(IsADirectoryError):
        DOOR.read(str(tmp_path))


@pytest.mark.parametrize("size", [0, 1, 3, 10, 4096])
def test_a_read_that_the_system_cuts_short_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    data = bytes(number % 251 for number in range(size))
    (tmp_path / "file").write_bytes(data)
    whole = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, count: whole(descriptor, min(count, 3)))
    assert DOOR.read(f"{tmp_path}/file") == data


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"ab")
    look = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        found = look(descriptor)
        (tmp_path / "file").write_bytes(b"abcdef")
        return found

    monkeypatch.setattr(os, "fstat", grow)
    assert DOOR.read(f"{tmp_path}/file") == b"abcdef"


def test_a_new_file_takes_over_what_its_predecessor_had(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    try:
        os.setxattr(old, "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    DOOR.write(str(new), b"new", 0o640, like=str(old))
    assert os.getxattr(new, "user.note") == b"mine"
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_leaves_files_to_their_owner(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    os.chown(old, 12345, 23456)
    DOOR.write(str(new), b"new", 0o4755, like=str(old))
    found = new.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 23456, 0o4755)


def test_a_predecessor_that_vanished_is_no_failure(tmp_path: Path) -> None:
    DOOR.write(f"{tmp_path}/new", b"new", 0o600, like=f"{tmp_path}/gone")
    assert (tmp_path / "new").read_bytes() == b"new"


def test_a_swap_exchanges_a_file_and_a_link(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"one")
    (tmp_path / "two").symlink_to("nowhere")
    try:
        DOOR.rename(f"{tmp_path}/one", f"{tmp_path}/two", swap=True)
    except OSError as error:
        assert error.errno in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
        pytest.skip("this file system cannot swap")
    assert (tmp_path / "two").read_bytes() == b"one"
    assert str((tmp_path / "one").readlink()) == "nowhere"


def test_a_swap_with_nothing_is_an_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"one")
    with pytest.raises(OSError, match="gone") as caught:
        DOOR.rename(f"{tmp_path}/one", f"{tmp_path}/gone", swap=True)
    assert caught.value.filename == f"{tmp_path}/gone"
    assert (tmp_path / "one").read_bytes() == b"one"


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_cannot_sync_folders_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    DOOR.sync(str(tmp_path))


def test_a_failing_disk_is_told_when_a_folder_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no"):
        DOOR.sync(str(tmp_path))
