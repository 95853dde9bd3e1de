"""A program run in our place: it reads our stdin and writes to our stdout and stderr itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNAL = 128


def run_in_foreground(args: Sequence[str]) -> int:
    """Run a program to its end, however long; returns its exit code, 128 + the signal if killed.

    Raises:
        OperationError: it cannot be started.
    """
    import subprocess

    try:
        code = subprocess.call(tuple(args))
    except OSError as error:
        raise OperationError(f"{args[0]} cannot be run: {error.strerror}") from error
    return code if code >= 0 else _SIGNAL - code
