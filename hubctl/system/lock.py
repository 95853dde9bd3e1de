"""One writer at a time: a lock that the system drops when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator

_POLL = 0.05


@contextlib.contextmanager
def writer_lock(path: str, *, wait: float = 10.0) -> Iterator[None]:
    """Hold the lock file at `path`, waiting up to `wait` seconds for another holder.

    Raises:
        OperationError: another process still holds it, or the folder is not writable.
    """
    descriptor = _open(path)
    try:
        _acquire(descriptor, path, wait)
        with contextlib.suppress(OSError):  # on a full disk it is held all the same
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _open(path: str) -> int:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OperationError(
            f"cannot open the lock {path}: {error.strerror}",
            hint="hubctl keeps its ledger and journal there; make the folder writable",
        ) from error


def _acquire(descriptor: int, path: str, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _held(descriptor, path) from None
            time.sleep(_POLL)
        else:
            return


def _held(descriptor: int, path: str) -> OperationError:
    holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
    return OperationError(
        f"another hubctl is writing (process {holder})",
        hint=f"wait for it to end; its lock is {path}",
    )
