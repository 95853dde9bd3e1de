"""Two entries of a file system change places in one step, which Python has no function for.

It is the one way to replace a file and still hold whatever stood there at that very moment.
"""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import CDLL

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS


def swap_entries(one: str, other: str) -> None:
    """Let two paths change places.

    Raises:
        OSError: one of them is missing, or (EINVAL, ENOSYS, ENOTSUP) it cannot be done here.
    """
    import ctypes

    library = _library()
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = library.renamex_np(*paths, _EXCHANGE)
        else:
            failed = library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
    except AttributeError:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), other) from None
    if failed:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), other)


@cache
def _library() -> CDLL:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
