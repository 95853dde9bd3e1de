"""What a file has beside its bytes and its mode: owner, group, access list, attributes of the user.

A file that is replaced by a new one loses all of that unless it is taken over; as far as this user
may, and never more than that.
"""

from __future__ import annotations

import contextlib
import os
import sys

_COPIED = ("user.", "system.posix_acl_access", "security.selinux")


def take_over(descriptor: int, like: str) -> None:
    """Give an open new file owner, group and attributes of the file `like`; the mode comes after.

    Only root can give a file away; for anybody else it stays theirs. Attributes that say something
    about the bytes (hashes, signatures) are not taken over.
    """
    try:
        found, mine = os.lstat(like), os.fstat(descriptor)
    except FileNotFoundError:
        return
    if (found.st_uid, found.st_gid) != (mine.st_uid, mine.st_gid):
        owner = found.st_uid if os.geteuid() == 0 else -1
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, owner, found.st_gid)
    if sys.platform == "linux":
        _copy_attributes(descriptor, like)


def _copy_attributes(descriptor: int, like: str) -> None:
    # A file system without attributes, or one that a label may not be set on, is no failure.
    with contextlib.suppress(OSError):
        inherited = set(os.listxattr(descriptor))
        names = [n for n in os.listxattr(like, follow_symlinks=False) if n.startswith(_COPIED)]
        for name in inherited.difference(names) & {"system.posix_acl_access"}:
            os.removexattr(descriptor, name)
        for name in names:
            with contextlib.suppress(OSError):
                value = os.getxattr(like, name, follow_symlinks=False)
                os.setxattr(descriptor, name, value)
