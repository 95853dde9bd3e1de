"""Archives as files in memory: nothing is ever unpacked onto a disk, so nothing can climb out.

An archive with a link, a device, a path that leads out, the same path twice, or more in it than
the bounds is refused whole: whoever packed it did not pack a release.
"""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 << 20  # unpacked, all files together
MAX_FILES = 5000
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_LINK, _KIND = 0o120000, 0o170000


def read_archive(data: bytes, name: str) -> dict[str, bytes]:
    """Path → bytes of every file in a `.tar.gz`, `.tar` or `.zip`.

    Raises:
        OperationError: it is none of them, is damaged, or holds what no release holds.
    """
    found: dict[str, bytes] = {}
    total = 0
    try:
        members = _zipped(data, name) if data.startswith(_ZIP) else _tarred(data, name)
        for path, content in members:
            total += len(content)
            if path in found or len(found) >= MAX_FILES or total > MAX_BYTES:
                why = "holds a path twice" if path in found else "is too big when unpacked"
                raise _refused(name, why)
            found[path] = content
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise _refused(name, f"cannot be read: {error}") from error
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says encrypted or unknown
        raise _refused(name, f"cannot be read: {error}") from error
    return found


def _tarred(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    plain = _gunzipped(data, name) if data.startswith(_GZIP) else data
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
        for member in archive:
            if member.isdir():
                _checked(member.name, name)
                continue
            if not member.isreg():
                raise _refused(name, f"holds {member.name!r:.80}, a link or a device")
            stream = archive.extractfile(member)
            yield _checked(member.name, name), stream.read() if stream else b""


def _gunzipped(data: bytes, name: str) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    plain = inflater.decompress(data, MAX_BYTES + 1)
    if len(plain) > MAX_BYTES or inflater.unconsumed_tail:
        raise _refused(name, "is too big when unpacked")
    if not inflater.eof:
        raise _refused(name, "ends in the middle")
    return plain


def _zipped(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > MAX_BYTES or len(infos) > MAX_FILES:
            raise _refused(name, "is too big when unpacked")
        for info in infos:
            path = _checked(info.filename, name)
            kind = (info.external_attr >> 16) & _KIND
            if kind not in (0, 0o100000, 0o040000):
                raise _refused(name, f"holds {path!r:.80}, a link or a device")
            if not info.is_dir():
                with archive.open(info) as stream:
                    content = stream.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise _refused(name, "lies about its sizes")
                yield path, content


def _checked(path: str, name: str) -> str:
    """The path of a member, which stays below the folder that it would be unpacked in."""
    plain = path.removeprefix("./").rstrip("/")
    parts = plain.split("/")
    absolute = path.startswith("/") or (parts[0][1:2] == ":")
    if absolute or ".." in parts or "\\" in path or not path.isprintable():
        raise _refused(name, f"holds {path!r:.80}, which leads out of it")
    return plain


def _refused(name: str, why: str) -> OperationError:
    return OperationError(f"{name} {why}", hint="it was not used; nothing was changed")
