"""hubctl's own data: schemas and templates, from the wheel or from a checkout."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.shipped import is_checkout, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = ("schemas", "templates")
_PACKAGES = ("hubctl", "hooks_shared")


def data_folder(kind: str) -> str:
    """Absolute path of `schemas` or `templates`."""
    return shipped(kind)


def read_data(name: str) -> bytes:
    """Bytes of one data file, such as `schemas/canonical.schema.json`.

    Raises:
        OperationError: the installation is damaged.
    """
    try:
        with open(shipped(name), "rb") as stream:
            return stream.read()
    except OSError as error:
        raise OperationError(
            f"hubctl's own file {name} cannot be read: {error.strerror}",
            hint="install hubctl again",
        ) from error


@cache
def data_signature() -> str:
    """A text that changes with any data file, and in a checkout with any module too.

    There they change without a new version, and nobody's compiled hub may outlive that.
    """
    folders = [shipped(kind) for kind in _KINDS]
    if is_checkout():
        folders += [shipped(package) for package in _PACKAGES]
    rows: list[str] = []
    for folder in folders:
        rows += _rows(folder)
    return "\n".join(sorted(rows))


def _rows(folder: str) -> Iterator[str]:
    """Path, size and time of every file below a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _rows(entry.path)
            else:
                found = entry.stat(follow_symlinks=False)
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
