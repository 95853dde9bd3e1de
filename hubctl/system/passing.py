"""A folder for as long as it is needed, for what cannot be kept where it belongs."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def passing_folder() -> Iterator[str]:
    """A private folder that is gone afterwards, with everything in it.

    Raises:
        OperationError: there is no room for one either.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="hubctl-", ignore_cleanup_errors=True)
    except OSError as error:
        raise OperationError(f"cannot make a temporary folder: {error.strerror}") from None
    with made as folder:
        yield folder


def is_there(path: str) -> bool:
    """Whether a file is there that can be read."""
    return os.access(path, os.R_OK)
