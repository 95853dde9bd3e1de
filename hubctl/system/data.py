"""hubctl's own data: schemas and templates, from the wheel or from a checkout."""

from __future__ import annotations

import os
from functools import cache

from hubctl.errors import OperationError
from hubctl.shipped import shipped

_KINDS = ("schemas", "templates")


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
    """A text that changes with any data file: in a checkout they change without a new version."""
    rows: list[str] = []
    for kind in _KINDS:
        for folder, folders, files in os.walk(data_folder(kind)):
            folders.sort()
            for file in sorted(files):
                found = os.stat(f"{folder}/{file}")
                rows.append(f"{folder}/{file} {found.st_size} {found.st_mtime_ns}")
    return "\n".join(rows)
