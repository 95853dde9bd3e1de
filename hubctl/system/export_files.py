"""Files that a user asked for: written beside their place, then put there; and stdout as bytes."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

_PART = 1 << 16


def machine_name() -> str:
    """What this machine calls itself."""
    return platform.node().partition(".")[0] or "localhost"


def write_file(path: str, parts: Iterable[bytes]) -> None:
    """Put `parts` at `path`, readable by this account alone; its folder is made.

    Raises:
        OperationError: it cannot be written; what stood there still does.
    """
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise OperationError(f"{path} cannot be written: {error.strerror}") from error
    replace_whole(path, parts, staged=f"{path}.{os.getpid()}", mode=0o600)


def replace_whole(path: str, parts: Iterable[bytes], *, staged: str, mode: int) -> None:
    """Write `parts` to the path `staged` on the same file system, then put that at `path`.

    Raises:
        OperationError: it cannot be written; what stood there still does.
    """
    try:
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                os.fchmod(descriptor, mode)
                stream.writelines(parts)
                stream.flush()
                os.fsync(descriptor)  # or a crash leaves the new name with nothing in it
            os.replace(staged, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(staged)
            raise
    except OSError as error:
        raise OperationError(f"{path} cannot be written: {error.strerror}") from error


class LaidDown:
    """Bytes on the disk, in a file that nobody else sees."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def put(self, parts: Iterable[bytes]) -> None:
        """Lay bytes down."""
        self._stream.writelines(parts)

    def parts(self) -> Iterator[bytes]:
        """What was laid down, from its beginning."""
        self._stream.seek(0)
        return iter(lambda: self._stream.read(_PART), b"")


@contextlib.contextmanager
def laid_down() -> Iterator[LaidDown]:
    """A place for bytes until somebody reads them, without taking memory for them."""
    import tempfile

    with tempfile.TemporaryFile() as stream:
        yield LaidDown(stream)


def write_stdout(parts: Iterable[bytes]) -> None:
    """Write bytes to stdout, as far as somebody reads them."""
    with contextlib.suppress(BrokenPipeError):
        for part in parts:
            sys.stdout.buffer.write(part)
