"""Puts formatted bytes in the place of the bytes they were made of, and never of any others.

The two files change places in one step; whatever stood there at that instant is then looked at,
and goes back if it is not what was formatted. A file system that cannot swap gets a hard link.
What a killed run left beside a file is taken away by the next one that formats in that folder.
"""

import os
import sys
import time

_STAGED = ".hubctl-"
_ABANDONED_SECONDS = 600  # no run takes nearly as long
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_HERE = -100  # AT_FDCWD

MOVED = "it changed meanwhile"


def read(path: str, most: int) -> bytes | None:
    """The bytes of a plain file of one name; None for any other, an unreadable or a larger one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        plain = (found.st_mode & 0o170000) == 0o100000 and found.st_nlink == 1
        if not plain or found.st_size > most:
            return None
        parts = bytearray()
        while part := os.read(descriptor, most + 1 - len(parts)):
            parts += part
        return bytes(parts) if len(parts) <= most else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def put(path: str, old: bytes, new: bytes) -> str:
    """Replace `old` at `path` by `new`; "" where that was done, else why not.

    Mode, owner and extended attributes stay. Whatever happens, `path` holds whole bytes of
    somebody's: the old ones, the new ones, or what a third party saved in between.
    """
    folder, _, name = path.rpartition("/")
    staged = f"{folder}/.{name[:180]}{_STAGED}{_sum(old)}-{_sum(new)}-{os.getpid()}"
    try:
        _sweep(folder)
        _stage(staged, path, new)
        try:
            if read(path, len(old)) != old:
                return MOVED
            return _change_places(staged, path, old, new)
        finally:
            _remove(staged)
    except OSError as error:
        return os.strerror(error.errno or 0)


def _sum(text: bytes) -> str:
    from binascii import crc32

    return f"{crc32(text):08x}"


def _sweep(folder: str) -> None:
    """Remove what killed runs left, where it is still one of the two texts its name tells of.

    Anything else is what somebody saved in the very instant of the kill, and stays.
    """
    for name in os.listdir(folder):
        sums = name.partition(_STAGED)[2].split("-")[:2]
        if name.startswith(".") and len(sums) == 2 and _is_left(f"{folder}/{name}", sums):
            _remove(f"{folder}/{name}")


def _is_left(path: str, sums: list[str]) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if found.st_ctime > time.time() - _ABANDONED_SECONDS:
        return False
    text = read(path, found.st_size)
    return text is not None and _sum(text) in sums


def _stage(staged: str, path: str, new: bytes) -> None:
    found = os.stat(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(staged, flags, 0o600)
    try:
        data = memoryview(new)
        while data:
            data = data[os.write(descriptor, data) :]
        if (found.st_uid, found.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(descriptor, found.st_uid, found.st_gid)
        os.fchmod(descriptor, found.st_mode & 0o7777)
        _copy_attributes(path, descriptor)
        os.fsync(descriptor)
    except OSError:
        _remove(staged)
        raise
    finally:
        os.close(descriptor)


def _copy_attributes(path: str, descriptor: int) -> None:
    """Access lists and a user's own attributes; Python knows them on Linux only."""
    if sys.platform == "linux":
        for name in os.listxattr(path):
            if name.startswith(("user.", "system.posix_acl")):
                os.setxattr(descriptor, name, os.getxattr(path, name))


def _change_places(staged: str, path: str, old: bytes, new: bytes) -> str:
    if not _swap(staged, path):
        return _rename_over(staged, path, old)
    if read(staged, len(old)) == old:
        return ""
    _swap(staged, path)
    if read(staged, len(new)) != new:
        _swap(staged, path)  # saved once more in between: the later save is the one to keep
    return MOVED


def _swap(one: str, other: str) -> bool:
    """Let two paths change places; False where that cannot be done here."""
    import ctypes

    paths = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            return not library.renamex_np(*paths, _EXCHANGE)
        return not library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
    except AttributeError:
        return False


def _rename_over(staged: str, path: str, old: bytes) -> str:
    kept = staged + "-old"
    os.link(path, kept)
    try:
        os.replace(staged, path)
        # The link is a second name until now, so `read` would not take it before the rename.
        if read(kept, len(old)) == old:
            return ""
        os.replace(kept, path)
        return MOVED
    finally:
        _remove(kept)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
