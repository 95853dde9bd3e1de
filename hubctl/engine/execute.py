"""Executing one operation so that at every instant the path holds its old or its new image.

New bytes go to a temporary file beside the target, are fsynced and renamed over it. A hard link
to the replaced file is kept across the rename and compared afterwards: what somebody wrote in that
gap is put back and told, not lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from hubctl.engine.operations import Image, Operation, take_image
from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.system.files import Files

PREFIX = ".hubctl-"


class MovedError(OperationError):
    """What stands at the path is not what the plan saw; nothing was changed there."""


def temporary_names(operation: Operation, journal: str, number: int) -> tuple[str, str]:
    """Names beside the path for the new bytes and for the link to the old ones.

    They follow from the journal alone, so that recovery finds what a crash left behind.
    """
    folder = os.path.dirname(operation.path)
    stem = f"{folder}/{PREFIX}{journal}-{number}"
    return f"{stem}.new", f"{stem}.old"


def execute(door: Files, operation: Operation, journal: str, number: int) -> None:
    """Bring one path from its before-image to its after-image.

    The bytes are durable when this returns, the folder's entry only once it is synced
    (`sync_folders`): a run over a thousand files syncs each folder once.

    Raises:
        MovedError: the path no longer holds the before-image.
        OSError: the system refused; the path holds its before-image.
    """
    current, after = take_image(door, operation.path), operation.after
    if after.kind == current.kind and "folder" in (after.kind, operation.before.kind):
        return  # another target needed the same folder, or has removed it already
    if not current.same_as(operation.before):
        raise moved(operation.path)
    if after.kind == "folder":
        door.mkdir(operation.path)
    elif after.kind == "absent":
        _remove(door, operation, journal, number)
    else:
        _replace(door, operation, journal, number)


def sync_folders(door: Files, operations: Iterable[Operation]) -> None:
    """Make the entries of these operations durable."""
    for folder in sorted({os.path.dirname(operation.path) for operation in operations}):
        if door.look(folder) is not None:
            door.sync(folder)


def _replace(door: Files, operation: Operation, journal: str, number: int) -> None:
    new, old = temporary_names(operation, journal, number)
    try:
        _create(door, operation.after, new)
        if operation.before.kind == "absent" and operation.after.kind == "file":
            # A hard link never overwrites: whoever created the file meanwhile keeps it.
            if _hard_link(door, new, operation.path):
                door.remove(new)
            else:
                door.rename(new, operation.path)
        else:
            _swap(door, operation, new, old)
    except FileExistsError:
        _discard(door, new)
        raise moved(operation.path) from None
    except OSError:
        _discard(door, new)
        _discard(door, old)
        raise


def _create(door: Files, image: Image, path: str) -> None:
    if image.kind == "link":
        door.link(image.destination, path, symbolic=True)
    else:
        # Mode 0 is a new file: the umask decides, as for any file the user makes.
        door.write(path, image.data or b"", image.mode or 0o666, exact=bool(image.mode))


def _swap(door: Files, operation: Operation, new: str, old: str) -> None:
    keep = operation.before.kind == "file" and _hard_link(door, operation.path, old)
    door.rename(new, operation.path)
    if keep:
        if door.read(old, follow=False) != operation.before.data:
            door.rename(old, operation.path)
            raise moved(operation.path)
        door.remove(old)


def _hard_link(door: Files, source: str, path: str) -> bool:
    """Whether the file system gave us a hard link; some have none (FAT, some network shares)."""
    try:
        door.link(source, path, symbolic=False)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV):
            return False
        raise
    return True


def _remove(door: Files, operation: Operation, journal: str, number: int) -> None:
    """Move aside, look once more, then remove: a late edit comes back instead of vanishing."""
    if operation.before.kind == "folder":
        # Somebody may have put a file of theirs there meanwhile: then the folder simply stays.
        with contextlib.suppress(OSError):
            door.remove(operation.path)
        return
    if operation.before.kind == "link":
        door.remove(operation.path)
        return
    _, old = temporary_names(operation, journal, number)
    door.rename(operation.path, old)
    if door.read(old, follow=False) != operation.before.data:
        door.rename(old, operation.path)
        raise moved(operation.path)
    door.remove(old)


def _discard(door: Files, path: str) -> None:
    with contextlib.suppress(OSError):
        door.remove(path)


def moved(path: str) -> MovedError:
    """The error of a path that changed under us."""
    return MovedError(f"{path} changed while hubctl was at work", hint="run the command again")
