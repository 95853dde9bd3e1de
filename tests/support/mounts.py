"""A folder made read-only or small for one command: a mount in a namespace of its own.

Nothing outside the command sees the mount; it is gone with the command. Needs `unshare` and the
right to make a mount namespace: as root, or as a user who may map themselves to one.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import os


@functools.cache
def _unshare() -> tuple[str, ...]:
    """The command that opens a mount namespace here, () where none may be opened."""
    for options in (("-m",), ("-rm",)):
        command = ("unshare", *options, "--propagation", "private")
        if shutil.which("unshare") is None:
            return ()
        done = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                              capture_output=True)  # fmt: skip
        if done.returncode == 0:
            return command
    return ()


def _inside(prepare: str) -> list[str]:
    if not _unshare():
        pytest.skip("no mount namespace may be opened here")
    return [*_unshare(), "sh", "-ec", f'{prepare}; exec "$@"', "sh"]


def read_only(*folders: os.PathLike[str]) -> list[str]:
    """Words before a command that make it see these folders read-only."""
    mounts = " ".join(
        f"mount --bind '{folder}' '{folder}'; mount -o remount,bind,ro '{folder}';"
        for folder in folders
    )
    return _inside(mounts.rstrip(";"))


def small(folder: os.PathLike[str], kilobytes: int) -> list[str]:
    """Words before a command that put a small copy of the folder's content in its place.

    What the command writes there goes back to the folder when it ends well or badly.
    """
    copy = f"{folder}.copy"
    prepare = (
        f"cp -a '{folder}' '{copy}'; mount -t tmpfs -o size={kilobytes}k,mode=755 none '{folder}'; "
        f"cp -a '{copy}/.' '{folder}/'; rm -r '{copy}'"
    )
    return _inside(prepare)
