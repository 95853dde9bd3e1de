"""Files that a person names on the command line: a saved plan, a new hub. Written once, whole."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_private(path: str, data: bytes, *, over: bytes) -> None:
    """Write a file for this account alone (0600), over an older one that begins with `over`.

    Raises:
        UsageError: another kind of file stands there.
        OperationError: it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                _require_ours(descriptor, path, over)
                os.fchmod(descriptor, 0o600)
                os.ftruncate(descriptor, 0)
            stream.write(data)
    except OSError as error:
        raise OperationError(f"cannot write {path}: {error.strerror}") from error


def write_page(path: str, text: str, *, over: str) -> None:
    """Write a text file, over an older one that begins with `over`.

    Raises:
        UsageError: another kind of file stands there.
        OperationError: it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "wb") as stream:
            _require_ours(descriptor, path, over.encode())
            os.ftruncate(descriptor, 0)
            stream.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise OperationError(f"cannot write {path}: {error.strerror}") from error


def make_folder(path: str) -> None:
    """Make a folder where it is missing.

    Raises:
        OperationError: it cannot be made.
    """
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise OperationError(f"cannot make {path}: {error.strerror}") from error


def _require_ours(descriptor: int, path: str, over: bytes) -> None:
    """Refuse what is no file, and a file that is neither empty nor begins with `over`."""
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if not is_file or os.pread(descriptor, len(over), 0) not in (b"", over):
        raise UsageError(f"{path} is there already, and is something else", hint="name another")


def read_given(path: str) -> str:
    """The text of a file that somebody named.

    Raises:
        UsageError: there is none, or it is no text.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {path}: it is no UTF-8 text") from error


def create_files(folder: str, files: Mapping[str, str]) -> None:
    """Create new files in a folder, which is made where it is missing; nothing is overwritten.

    Raises:
        UsageError: one of them is there already; nothing was written.
        OperationError: the folder or a file cannot be written.
    """
    for name in files:
        if os.path.lexists(f"{folder}/{name}"):
            raise UsageError(f"{folder}/{name} is there already", hint="start in an empty folder")
    try:
        os.makedirs(folder, exist_ok=True)
        for name, text in files.items():
            with open(f"{folder}/{name}", "x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        raise OperationError(f"cannot write in {folder}: {error.strerror}") from error
