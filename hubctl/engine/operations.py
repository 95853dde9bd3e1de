"""Operations: what a plan comes down to on disk, each with its image before and after.

An operation is complete in itself: it can be executed, journaled, verified and undone knowing
nothing of canonical, ledgers or addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.model.hashing import hash_bytes

if TYPE_CHECKING:
    from hubctl.system.files import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What stands at a path: `absent`, `file` (bytes, mode), `link` (destination) or `folder`.

    `data` is None where only the hash is known (read back from a journal's after-image).
    `mode` 0 on a new file means: as the umask says.
    """

    kind: str
    data: bytes | None = None
    digest: str = ""
    mode: int = 0
    destination: str = ""

    def same_as(self, other: Image) -> bool:
        """Whether both describe the same bytes, link or absence (modes aside)."""
        if self.kind != other.kind:
            return False
        return self.destination == other.destination and self.digest == other.digest


ABSENT_IMAGE = Image(kind="absent")
FOLDER_IMAGE = Image(kind="folder")


def file_image(data: bytes, mode: int = 0) -> Image:
    """Image of a file."""
    return Image(kind="file", data=data, digest=hash_bytes(data), mode=mode)


def link_image(destination: str) -> Image:
    """Image of a symbolic link."""
    return Image(kind="link", destination=destination)


def take_image(door: Files, path: str) -> Image:
    """The image of what stands at a path now.

    Raises:
        OSError: it cannot be read, or is neither file, link nor folder.
    """
    look = door.look(path)
    if look is None:
        return ABSENT_IMAGE
    if look.kind == "link":
        return link_image(look.destination)
    if look.kind == "folder":
        return FOLDER_IMAGE
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

    def inverse(self, current: Image) -> Operation:
        """The operation that undoes this one from `current`."""
        return Operation(
            path=self.path, before=current, after=self.before, addresses=self.addresses
        )


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

    def is_empty(self) -> bool:
        """Whether nothing at all is to be done."""
        return not (self.operations or self.ledgers or self.units)
