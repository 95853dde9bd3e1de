"""Archives: what a release could be packed as, and everything that leads out of one."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import OperationError
from hubctl.system import archive
from hubctl.system.archive import read_archive

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = {"hooks/run.py": b"x = 1\n", "hooks/a/b.py": b"", "VERSION": b"1.2.3\n"}


def tarred(
    files: dict[str, bytes], change: Callable[[tarfile.TarInfo], None] | None = None
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if change:
                change(info)
            packed.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return out.getvalue()


def zipped(files: dict[str, bytes], mode: int = 0o100644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            packed.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


FORMS = {"tar": tarred, "tar.gz": lambda files: gzip.compress(tarred(files)), "zip": zipped}


@pytest.mark.parametrize("form", FORMS)
def test_files_come_out_as_they_went_in(form: str) -> None:
    assert read_archive(FORMS[form](FILES), "x") == FILES


def test_folders_and_leading_dots_are_no_files() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        folder = tarfile.TarInfo("./a")
        folder.type = tarfile.DIRTYPE
        packed.addfile(folder)
        info = tarfile.TarInfo("./a/x.py")
        packed.addfile(info, io.BytesIO())
    assert read_archive(out.getvalue(), "x") == {"a/x.py": b""}


CLIMBING = ["../x", "a/../../x", "/etc/x", "a\\..\\x", "C:/x", "a/\x01", ".."]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", CLIMBING)
def test_what_leads_out_is_refused(form: str, path: str) -> None:
    with pytest.raises(OperationError, match="leads out"):
        read_archive(FORMS[form]({"ok.py": b"", path: b""}), "x")


KINDS = {
    "symbolic link": tarfile.SYMTYPE,
    "hard link": tarfile.LNKTYPE,
    "device": tarfile.CHRTYPE,
    "block device": tarfile.BLKTYPE,
    "pipe": tarfile.FIFOTYPE,
}


@pytest.mark.parametrize("kind", KINDS)
def test_links_and_devices_are_refused(kind: str) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = KINDS[kind], "/etc/passwd", 0

    with pytest.raises(OperationError, match="a link or a device"):
        read_archive(tarred({"x": b""}, change), "x")


@pytest.mark.parametrize("mode", [0o120777, 0o020644, 0o010644])
def test_links_and_devices_in_a_zip_are_refused(mode: int) -> None:
    with pytest.raises(OperationError, match="a link or a device"):
        read_archive(zipped({"x": b"/etc/passwd"}, mode), "x")


def test_a_path_twice_is_refused() -> None:
    with pytest.raises(OperationError, match="twice"):
        read_archive(tarred({"x": b"1"})[:1024] + tarred({"x": b"2"}), "x")


@pytest.mark.parametrize("form", ["tar.gz", "zip"])
def test_a_bomb_is_refused_before_it_goes_off(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 1 << 20)
    packed = FORMS[form]({"zeros": bytes(4 << 20)})
    assert len(packed) < 20_000
    with pytest.raises(OperationError, match="too big"):
        read_archive(packed, "x")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    for form in FORMS.values():
        with pytest.raises(OperationError, match="too big"):
            read_archive(form({str(n): b"" for n in range(5)}), "x")


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    packed = bytearray(zipped({"x": b"a" * 100}))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(OperationError):
        read_archive(bytes(packed), "x")


@pytest.mark.parametrize("form", FORMS)
def test_a_torn_archive_is_refused(form: str) -> None:
    whole = FORMS[form]({"x.py": bytes(range(256)) * 40})
    with pytest.raises(OperationError):
        read_archive(whole[: len(whole) // 2], "x")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_archives_give_files_or_a_refusal(data: st.DataObject) -> None:
    packed = bytearray(FORMS[data.draw(st.sampled_from(sorted(FORMS)))](FILES))
    for _ in range(data.draw(st.integers(1, 6))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_archive(bytes(packed), "x")
    except OperationError:
        return
    assert all(not path.startswith("/") and ".." not in path.split("/") for path in found)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK", b"\x1f\x8b", b"<html>"])
def test_what_is_no_archive_is_refused_or_empty(data: bytes) -> None:
    with pytest.raises(OperationError):
        read_archive(data, "x")
