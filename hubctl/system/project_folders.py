"""Folders that become projects, and folders to work in for a moment."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


def require_free(path: str) -> None:
    """Refuse a place that holds something.

    Raises:
        UsageError: it is a file, or a folder that is not empty.
    """
    try:
        names = os.listdir(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"cannot make a project at {path}: {error.strerror}") from error
    if names:
        raise UsageError(
            f"{path} is there already, and is not empty",
            hint="name another folder, or take it under the hub with `hubctl adopt`",
        )


@contextlib.contextmanager
def folder_beside(path: str) -> Iterator[str]:
    """An empty folder on the same file system as `path`; gone at the end unless put in place.

    Raises:
        OperationError: nothing can be written there.
    """
    parent = os.path.dirname(path)
    try:
        os.makedirs(parent, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f".{os.path.basename(path)}.", suffix=".new", dir=parent)
    except OSError as error:
        raise OperationError(f"cannot write in {parent}: {error.strerror}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(folder: str, path: str) -> None:
    """Give the finished folder its name, if nobody took that meanwhile.

    Raises:
        OperationError: something stands there by now.
    """
    try:
        os.chmod(folder, 0o777 & ~_umask())
        os.rename(folder, path)
    except OSError as error:
        raise OperationError(f"cannot make {path}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def take_back(path: str) -> None:
    """Remove a project that was put in place a moment ago and could not be finished."""
    shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def working_copy() -> Iterator[str]:
    """A private folder that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="hubctl-template-") as folder:
        yield folder
