"""The door to the file system: nine methods, and nothing else in hubctl opens, writes or links.

What a dry run, a read-only check or a crash test needs is a door of another kind (wrappers.py),
never a flag passed down.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from typing import Protocol

_CHUNK = 1 << 20
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one `lstat` tells: kind is `file`, `folder`, `link` or `other`."""

    kind: str
    mode: int
    size: int
    device: int
    inode: int
    mtime_ns: int
    ctime_ns: int
    destination: str = ""


class Files(Protocol):
    """The nine effects. All paths are absolute; all errors are OSError."""

    def look(self, path: str) -> Look | None:
        """What stands at `path` itself, not behind a link; None where nothing does."""

    def read(self, path: str, *, follow: bool = True) -> bytes:
        """All bytes of a regular file; with `follow` off a link at the end is an error (ELOOP)."""

    def list(self, path: str) -> tuple[str, ...]:
        """Sorted names in a folder."""

    def write(
        self, path: str, data: bytes, mode: int, *, exact: bool = True, like: str = ""
    ) -> None:
        """Create a new file, fsynced; it must not exist. Unless `exact`, the umask applies.

        Owner, group and attributes are those of the file `like`, as far as this user may.
        """

    def rename(self, source: str, destination: str, *, swap: bool = False) -> None:
        """Replace `destination` by `source` atomically; with `swap` the two change places.

        Not every file system can swap: EINVAL, ENOSYS or ENOTSUP.
        """

    def link(self, source: str, path: str, *, symbolic: bool) -> None:
        """Create a symbolic link holding the text `source`, or a hard link to it."""

    def remove(self, path: str) -> None:
        """Remove a file, a link or an empty folder."""

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """Create one folder; its parent must exist."""

    def sync(self, path: str) -> None:
        """Make the entries of a folder durable."""


class RealFiles:
    """The file system of this machine."""

    def look(self, path: str) -> Look | None:
        """See Files."""
        found = stat_of(path)
        return None if found is None else as_look(path, found)

    def read(self, path: str, *, follow: bool = True) -> bytes:
        """See Files."""
        return read_file(path, follow=follow)[0]

    def list(self, path: str) -> tuple[str, ...]:
        """See Files."""
        return tuple(sorted(os.listdir(path)))

    def write(
        self, path: str, data: bytes, mode: int, *, exact: bool = True, like: str = ""
    ) -> None:
        """See Files."""
        descriptor = os.open(path, _CREATE, mode)
        try:
            if like:
                from hubctl.system.attributes import take_over

                take_over(descriptor, like)
            if exact:
                os.fchmod(descriptor, mode)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise
        finally:
            os.close(descriptor)

    def rename(self, source: str, destination: str, *, swap: bool = False) -> None:
        """See Files."""
        if swap:
            from hubctl.system.swap import swap_entries

            swap_entries(source, destination)
        else:
            os.rename(source, destination)

    def link(self, source: str, path: str, *, symbolic: bool) -> None:
        """See Files."""
        if symbolic:
            os.symlink(source, path)
        else:
            os.link(source, path, follow_symlinks=False)

    def remove(self, path: str) -> None:
        """See Files."""
        found = os.lstat(path)
        if stat.S_ISDIR(found.st_mode):
            os.rmdir(path)
        else:
            os.unlink(path)

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        """See Files."""
        os.mkdir(path, mode)

    def sync(self, path: str) -> None:
        """See Files."""
        try:
            descriptor = os.open(path, _FOLDER)
        except PermissionError:
            return  # it can be written but not read, so nothing of it can be synced
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:  # network file systems sync folders themselves
                raise
        finally:
            os.close(descriptor)


def stat_of(path: str) -> os.stat_result | None:
    """What `lstat` says of a path; None where nothing stands."""
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def as_look(path: str, found: os.stat_result) -> Look:
    """What `lstat` said of `path`, as a Look."""
    link = stat.S_ISLNK(found.st_mode)
    return Look(
        kind=_kind(found.st_mode),
        mode=stat.S_IMODE(found.st_mode),
        size=found.st_size,
        device=found.st_dev,
        inode=found.st_ino,
        mtime_ns=found.st_mtime_ns,
        ctime_ns=found.st_ctime_ns,
        destination=os.readlink(path) if link else "",
    )


def read_file(path: str, *, follow: bool) -> tuple[bytes, os.stat_result]:
    """The bytes of a regular file, and what it was just before they were read."""
    descriptor = os.open(path, _READ if follow else _READ | os.O_NOFOLLOW)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _no_file(path, found.st_mode)
        data = os.read(descriptor, found.st_size + 1)
        if len(data) == found.st_size:
            return data, found
        parts = [data]  # it grows, or the system gave less than was asked for
        while parts[-1]:
            parts.append(os.read(descriptor, _CHUNK))
        return b"".join(parts), found
    finally:
        os.close(descriptor)


def _no_file(path: str, mode: int) -> OSError:
    code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    return OSError(code, "neither a file, a folder nor a link", path)


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
