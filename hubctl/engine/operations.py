"""Operations: what a plan comes down to on disk, each with its image before and after.

An operation is complete in itself: it can be executed, journaled, verified and undone knowing
nothing of canonical, ledgers or addresses.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubctl.model.hashing import hash_bytes

if TYPE_CHECKING:
    from hubctl.system.files import Files


_UNIT_FILES = (".service", ".socket", ".timer", ".plist")
BY_UMASK = 1 << 16
"""Beside a mode: it is that of something new, and the umask takes its part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What stands at a path: `absent`, `file` (bytes, mode), `link` (destination), `folder` (mode).

    `other` is a device, pipe or socket: nothing that hubctl ever touches. `data` is None where only
    the hash is known (read back from a journal's after-image).
    """

    kind: str
    data: bytes | None = None
    digest: str = ""
    mode: int = BY_UMASK | 0o666
    destination: str = ""

    def like(self, other: Image) -> bool:
        """Whether both describe the same bytes, link, folder or absence, modes aside."""
        if self.kind != other.kind or self.kind == "other":
            return False
        return self.destination == other.destination and self.digest == other.digest

    def same_as(self, other: Image) -> bool:
        """Whether both describe the same, the modes of files included."""
        if not self.like(other):
            return False
        return self.kind != "file" or self.mode == other.mode or self.is_new or other.is_new

    @property
    def is_new(self) -> bool:
        """Whether the umask has a say in its mode."""
        return bool(self.mode & BY_UMASK)


ABSENT_IMAGE = Image(kind="absent")
FOLDER_IMAGE = Image(kind="folder", mode=0o777)
PRIVATE_FOLDER = Image(kind="folder", mode=0o700)


def file_image(data: bytes, mode: int) -> Image:
    """Image of a file; the mode of an absent one is that of a new file."""
    return Image(kind="file", data=data, digest=hash_bytes(data), mode=mode)


def link_image(destination: str) -> Image:
    """Image of a symbolic link."""
    return Image(kind="link", destination=destination)


def take_image(door: Files, path: str) -> Image:
    """The image of what stands at a path now.

    Raises:
        OSError: it cannot be read.
    """
    look = door.look(path)
    if look is None:
        return ABSENT_IMAGE
    if look.kind == "link":
        return link_image(look.destination)
    if look.kind != "file":
        return Image(kind=look.kind, mode=look.mode)
    return file_image(door.read(path, follow=False), look.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Replace the image `before` at an absolute path by `after`.

    `addresses` are those it serves, for history; `last` puts it after the ledgers (deletions).
    """

    path: str
    before: Image
    after: Image
    addresses: tuple[str, ...] = ()
    last: bool = False

    def restored(self, current: Image) -> Image | None:
        """What undoing leaves at the path; None where somebody put something else there since.

        A mode that somebody set since stays, as long as the bytes are none of theirs.
        """
        if not (current.like(self.before) or current.like(self.after)):
            return None
        if current.kind != "file" or self.before.kind != "file":
            return self.before
        kept = self.before.mode if current.mode == self.after.mode else current.mode
        return replace(self.before, mode=kept)

    def backwards(self, current: Image, restored: Image) -> Operation:
        """The operation that undoes this one."""
        return Operation(path=self.path, before=current, after=restored, addresses=self.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOperation:
    """Bring a unit's property from one state to another, after the files are written."""

    unit: str
    prop: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All that is to be done at one target, in order.

    Attributes:
        target: its name; root: its folder.
        operations: files, links, folders; ledgers: the ledger files, written after them.
        units: states, brought about at the end; reload: unit files changed.
        changes: address text → status text, for history.
    """

    target: str
    root: str
    operations: tuple[Operation, ...] = ()
    ledgers: tuple[Operation, ...] = ()
    units: tuple[UnitOperation, ...] = ()
    reload: bool = False
    changes: tuple[tuple[str, str], ...] = field(default=())

    def ordered(self) -> tuple[Operation, ...]:
        """Writes, then ledgers, then deletions."""
        first = tuple(op for op in self.operations if not op.last)
        return first + self.ledgers + tuple(op for op in self.operations if op.last)

    def unit_names(self) -> frozenset[str]:
        """The units that it switches, and those whose files it writes: they may be at work."""
        written = (posixpath.basename(op.path) for op in self.operations if op.after.kind == "file")
        files = (name for name in written if self.reload and name.startswith("hubctl-"))
        names = {name.removesuffix(".plist") for name in files if name.endswith(_UNIT_FILES)}
        return frozenset(names | {unit.unit for unit in self.units})

    def is_empty(self) -> bool:
        """Whether nothing at all is to be done."""
        return not (self.operations or self.ledgers or self.units)
