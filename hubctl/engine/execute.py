"""Executing one operation so that at every instant the path holds its old or its new image.

New bytes go to a temporary file beside the target, are fsynced, and change places with it. What was
replaced is then looked at once more: what somebody wrote in that gap is put back and told, not
lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING, NamedTuple

from hubctl.engine.operations import Image, Operation, take_image
from hubctl.errors import OperationError
from hubctl.system.leases import is_being_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hubctl.system.files import Files

PREFIX = ".hubctl-"
# What file systems say that cannot do it at all (FAT, network shares, containers).
_NO_SWAP = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM)
_NO_LINK = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)


class MovedError(OperationError):
    """What stands at the path is not what the plan saw; nothing was changed there."""


class Names(NamedTuple):
    """Names beside a path: for the new bytes, for the old entry, for bytes that fit nowhere."""

    new: str
    old: str
    kept: str


def names_of(path: str, journal: str, number: int, *, undoing: bool = False) -> Names:
    """The names of one operation.

    They follow from the journal alone, so that recovery finds what a crash left behind.
    """
    stem = f"{os.path.dirname(path)}/{PREFIX}{journal}-{number}{'-undo' if undoing else ''}"
    return Names(f"{stem}.new", f"{stem}.old", f"{stem}.kept")


def execute(door: Files, operation: Operation, names: Names) -> None:
    """Bring one path from its before-image to its after-image.

    The bytes are durable when this returns, the folder's entry only once it is synced
    (`sync_folders`): a run over a thousand files syncs each folder once.

    Raises:
        MovedError: the path no longer holds the before-image.
        OSError: the system refused; `undo` puts right what it left.
    """
    current, after = take_image(door, operation.path), operation.after
    if after.kind == current.kind and "folder" in (after.kind, operation.before.kind):
        return  # another target needed the same folder, or has removed it already
    if not current.same_as(operation.before) or leads_elsewhere(operation.path):
        raise moved(operation.path)
    try:
        _carry_out(door, operation, names)
    except (FileExistsError, FileNotFoundError, MovedError):
        settle(door, operation, names)
        kept = names.kept if door.look(names.kept) is not None else ""
        raise moved(operation.path, kept) from None


def _carry_out(door: Files, operation: Operation, names: Names) -> None:
    before, after = operation.before, operation.after
    if after.kind == "folder":
        door.mkdir(operation.path, after.mode)
    elif before.kind == "folder":
        # Somebody may have put a file of theirs there meanwhile: then the folder simply stays.
        with contextlib.suppress(OSError):
            door.remove(operation.path)
    elif before.kind == "absent":
        _create(door, operation, names)
    elif after.kind == "absent":
        _take_away(door, operation, names)
    else:
        _replace(door, operation, names)


def leads_elsewhere(path: str) -> bool:
    """Whether a folder on the way has become a link since the path was resolved."""
    folder = os.path.dirname(path)
    try:
        return os.path.realpath(folder, strict=True) != folder
    except OSError as error:
        # A link to itself leads nowhere, and without `strict` to itself.
        return error.errno == errno.ELOOP or os.path.realpath(folder) != folder


def sync_folders(
    door: Files, operations: Iterable[Operation], synced: set[str] | None = None
) -> None:
    """Make the entries of these operations durable; folders in `synced` are, and all are after."""
    done = set() if synced is None else synced
    for folder in sorted({os.path.dirname(operation.path) for operation in operations} - done):
        look = door.look(folder)
        if look is not None and look.kind == "folder":
            door.sync(folder)
        done.add(folder)


def _create(door: Files, operation: Operation, names: Names) -> None:
    """Put something where nothing stands; whoever creates the entry meanwhile keeps it."""
    path, after = operation.path, operation.after
    if after.kind == "link":
        door.link(after.destination, path, symbolic=True)
        return
    _write(door, after, names.new)
    if _hard_link(door, names.new, path):
        door.remove(names.new)
    elif door.look(path) is None:
        door.rename(names.new, path)
    else:
        raise moved(path)


def _write(door: Files, image: Image, path: str, like: str = "") -> None:
    if image.kind == "link":
        door.link(image.destination, path, symbolic=True)
    else:
        mode = image.mode & 0o7777
        door.write(path, image.data or b"", mode, exact=not image.is_new, like=like)


def _replace(door: Files, operation: Operation, names: Names) -> None:
    path, before, after = operation.path, operation.before, operation.after
    like = path if before.kind == after.kind == "file" else ""
    _write(door, after, names.new, like)
    # Writing took its time, and whoever reads before the gap is found sees our bytes for a moment.
    if _is_theirs(door, path, before):
        raise moved(path)
    swapped = _swap(door, names.new, path)
    if not swapped:
        _rename_over(door, operation, names)
    aside = names.new if swapped else names.old
    if not _is_theirs(door, aside, before):
        door.remove(aside)
    elif door.look(aside) is not None:
        if swapped:
            door.rename(aside, names.old)
        raise moved(path)


def _rename_over(door: Files, operation: Operation, names: Names) -> None:
    """Replace where nothing can swap: a hard link keeps what is replaced, where there are any."""
    before = operation.before
    kept = before.kind == "file" and _hard_link(door, operation.path, names.old)
    if not kept and not take_image(door, operation.path).same_as(before):
        raise moved(operation.path)
    door.rename(names.new, operation.path)


def _take_away(door: Files, operation: Operation, names: Names) -> None:
    """Move aside, look once more, then remove: a late edit comes back instead of vanishing."""
    door.rename(operation.path, names.old)
    if _is_theirs(door, names.old, operation.before):
        raise moved(operation.path)
    door.remove(names.old)


def _is_theirs(door: Files, path: str, *ours: Image) -> bool:
    """Whether somebody's bytes stand at a path, or are about to: they have the file open."""
    look = door.look(path)
    if look is not None and look.kind == "file" and is_being_written(path):
        return True
    image = take_image(door, path)
    return not any(image.same_as(other) for other in ours)


def settle(door: Files, operation: Operation, names: Names) -> None:
    """Clear away what an operation that did not end left beside its path.

    Bytes of neither image are somebody's who wrote in the gap: they go back, or stay under the name
    `kept` where something newer stands.
    """
    for name in (names.new, names.old):
        left = take_image(door, name)
        if left.kind == "absent":
            continue
        current = take_image(door, operation.path)
        is_theirs = _is_theirs(door, name, operation.before, operation.after)
        if name == names.old and current.kind == "absent":
            door.rename(name, operation.path)
        elif is_theirs and current.same_as(operation.after):
            _put_back(door, operation, name, names.kept)
        elif is_theirs and name == names.old:
            door.rename(name, names.kept)
        else:
            door.remove(name)


def _put_back(door: Files, operation: Operation, name: str, kept: str) -> None:
    if not _swap(door, name, operation.path):
        door.rename(name, operation.path)
    elif not _is_theirs(door, name, operation.after):
        door.remove(name)
    else:
        # They saved once more, over ours: the later save stands.
        _swap(door, name, operation.path)
        door.rename(name, kept)


def _swap(door: Files, one: str, other: str) -> bool:
    """Whether the file system let two entries change places."""
    return _done(lambda: door.rename(one, other, swap=True), _NO_SWAP)


def _hard_link(door: Files, source: str, path: str) -> bool:
    """Whether the file system gave us a hard link."""
    return _done(lambda: door.link(source, path, symbolic=False), _NO_LINK)


def _done(effect: Callable[[], None], cannot: tuple[int, ...]) -> bool:
    try:
        effect()
    except OSError as error:
        if error.errno in cannot:
            return False
        raise
    return True


def moved(path: str, kept: str = "") -> MovedError:
    """The error of a path that changed under us; `kept` holds an earlier save of theirs."""
    told = f"; what they saved right before that lies in {kept}" if kept else ""
    return MovedError(
        f"{path} changed while hubctl was at work{told}", hint="run the command again"
    )
