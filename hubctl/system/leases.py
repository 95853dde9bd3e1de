"""Whether somebody has a file open for writing at this very moment, where the system can tell."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal


def is_being_written(path: str) -> bool:
    """Whether any process has the file itself (not what a link leads to) open for writing.

    Asked of Linux through a lease, which only the owner of a file gets; False where it cannot be
    known. Other systems cannot tell.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return not _lease(descriptor)
    finally:
        os.close(descriptor)


def _lease(descriptor: int) -> bool:
    """Whether a lease could be had, which is given back at once; True where there are none."""
    # Whoever opens the file in between sends a signal, by default one that would end us.
    with contextlib.suppress(OSError):
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno != errno.EAGAIN
    return True
