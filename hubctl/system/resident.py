"""A program of ours that stays when its starter ends: its record, whether it lives, how it ends.

The record is a private file that the program keeps locked for as long as it lives, so what stands
in it is true exactly while the lock is held: no process id is believed without. What the program
does is the caller's.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_POLL = 0.02  # seconds
_START_S, _END_S = 30.0, 10.0
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One that lives: its process, and where it is reached."""

    pid: int
    address: str


def find(record: str) -> Resident | None:
    """The one that the record at a path names; None where it lives no more."""
    try:
        descriptor = os.open(record, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if _lock(descriptor, fcntl.LOCK_SH):
            return None
        return _read(os.pread(descriptor, _MOST_BYTES, 0))
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(data: bytes) -> Resident | None:
    try:
        found = json.loads(data)
        return Resident(pid=int(found["pid"]), address=str(found["address"]))
    except (ValueError, TypeError, KeyError):
        return None


@contextlib.contextmanager
def residing(record: str, address: str) -> Iterator[Callable[[], bool]]:
    """Be what the record at a path names until the block ends; gives whether it still does.

    Somebody who removes the file, or a folder above it, wants nobody there any more.

    Raises:
        OperationError: another one lives, or the record cannot be written.
    """
    descriptor = _claimed(record)
    try:
        content = json.dumps({"pid": os.getpid(), "address": address}) + "\n"
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content.encode(), 0)
        yield lambda: _is_at(descriptor, record)
    finally:
        if _is_at(descriptor, record):
            os.unlink(record)
        os.close(descriptor)


def _claimed(record: str) -> int:
    try:
        os.makedirs(os.path.dirname(record), 0o700, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(record, flags, 0o600)
    except OSError as error:
        raise OperationError(f"{record} cannot be written: {error.strerror}") from error
    # Whoever only looks holds it for a moment.
    if not _within(1.0, lambda: _lock(descriptor, fcntl.LOCK_EX)):
        os.close(descriptor)
        raise OperationError("another one runs already", hint="it can be ended with --stop")
    os.fchmod(descriptor, 0o600)
    return descriptor


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except OSError:
        return False


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL)
    return True


def start(command: Sequence[str]) -> str:
    """Start a program in a session of its own, and leave it there; returns its first line.

    It inherits none of our files: once it has said its line it has to `let_go`.

    Raises:
        OperationError: it ended without a line, or says none in time.
    """
    process = subprocess.Popen(
        [*command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    timer = threading.Timer(_START_S, process.kill)
    timer.start()
    try:
        line = process.stdout.readline().strip() if process.stdout else ""
    finally:
        timer.cancel()
    if not line:
        process.kill()
        _, complaint = process.communicate()
        told = complaint.strip().removeprefix("error: ")
        raise OperationError(told or f"{command[0]} did not start")
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    process.returncode = 0  # it is nobody's child any more: nothing waits for it
    return line


def let_go() -> None:
    """Hold none of the starter's files any more: standard input and output lead nowhere."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def stop(record: str) -> bool:
    """End the one that the record names; whether there was one.

    Raises:
        OperationError: it does not end, or is somebody else's.
    """
    found = find(record)
    if found is None:
        return False
    try:
        _tell(found, record)
    except PermissionError:
        raise OperationError(f"process {found.pid} belongs to somebody else") from None
    if not _within(_END_S, lambda: find(record) is None):
        raise OperationError(f"process {found.pid} does not end")
    with contextlib.suppress(OSError):
        os.unlink(record)
    return True


def _tell(found: Resident, record: str) -> None:
    """Ask a process to end; where the system can, by a handle that no later process inherits."""
    with contextlib.suppress(ProcessLookupError):
        if not hasattr(os, "pidfd_open"):
            os.kill(found.pid, signal.SIGTERM)
            return
        handle = os.pidfd_open(found.pid)
        try:
            if find(record) == found:
                signal.pidfd_send_signal(handle, signal.SIGTERM)
        finally:
            os.close(handle)
