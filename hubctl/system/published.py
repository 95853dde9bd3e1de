"""Files that other programs read while we write them: replaced whole, never in part."""

from __future__ import annotations

import contextlib
import os

from hubctl.errors import OperationError

_MODE = 0o644  # the reader runs as somebody else


def publish(path: str, data: bytes) -> None:
    """Put `data` at `path`; whoever reads meanwhile sees the old bytes or the new ones.

    Raises:
        OperationError: it cannot be written; what stood there still does.
    """
    # A reader that takes every `*.prom` must not take this one.
    staged = f"{os.path.dirname(path)}/.{os.path.basename(path)}.{os.getpid()}"
    try:
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _MODE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                os.fchmod(descriptor, _MODE)
                stream.write(data)
            os.replace(staged, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(staged)
            raise
    except OSError as error:
        raise OperationError(f"{path} cannot be written: {error.strerror}") from error
