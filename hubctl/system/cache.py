"""Files of the cache folder: private, replaced whole, read in parts, never relied upon.

Any error reading one means that there is none; any error writing one is swallowed: plan and drift
have to work on a read-only machine too.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


class CacheFile:
    """An open cache file, closed when nobody holds it any more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __del__(self) -> None:
        os.close(self._descriptor)

    def part(self, start: int, length: int) -> bytes:
        """Bytes from `start`; fewer where the file ends."""
        return os.pread(self._descriptor, length, start)

    def size(self) -> int:
        """Size in bytes."""
        return os.fstat(self._descriptor).st_size


class Kept:
    """What could not be written, read like a cache file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def part(self, start: int, length: int) -> bytes:
        """Bytes from `start`; fewer where the data end."""
        return self._data[start : start + length]


def open_cache(path: str) -> CacheFile | None:
    """The cache file at `path` if it is ours alone, None otherwise."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    found = os.fstat(descriptor)
    ours = found.st_uid == os.getuid() and not found.st_mode & 0o022
    if not ours or not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        return None
    return CacheFile(descriptor)


def replace_cache(path: str, data: bytes, *, alone: bool = False) -> None:
    """Replace the cache file at `path`; `alone` drops every other file of its folder."""
    with contextlib.suppress(OSError):
        folder = os.path.dirname(path)
        _make_private(folder)
        _write(path, data)
        if alone:
            _drop_others(folder, os.path.basename(path))


def _make_private(folder: str) -> None:
    """Make a folder and what is missing above it, all for this account alone."""
    if not os.path.isdir(folder):
        _make_private(os.path.dirname(folder))
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)


def _write(path: str, data: bytes) -> None:
    # Process ids repeat over machines and containers that share a home, moments hardly do.
    temporary = f"{path}.{os.getpid()}-{time.time_ns()}"
    descriptor = os.open(temporary, _FLAGS, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.rename(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def _drop_others(folder: str, kept: str) -> None:
    for name in os.listdir(folder):
        if name != kept:
            os.unlink(f"{folder}/{name}")
