"""The journal: before-images of everything an apply is about to touch, durable before it does.

    <state>/<hub>/journal/<id>/images       before-images, one after the other
                               entry.json   what was to be done; the entry counts from its rename on
                               done         how it ended; an entry without it is open

An open entry means a crash. Nothing below a target is ever used for backups.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.engine.contain import reason_of
from hubctl.engine.journal_names import begun_ids, open_ids
from hubctl.engine.operations import Batch, Image, Operation, UnitOperation
from hubctl.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.system.files import Files

FORMAT = "hubctl/journal"
VERSION = 1
KEPT = 200
_BASE64 = "base64:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One journaled run.

    Attributes:
        id: sorts by time; also part of the names of temporary files.
        time: UTC, ISO 8601, of the beginning. command: `apply`, `drift --fix`, `rollback ID` …
        batches: what was to be done, with before-images (bytes) and after-images (hashes).
        ending: how it ended (`done`, `undone`), "" while open.
        failed: targets that were undone because an operation of theirs failed.
    """

    id: str
    time: str
    command: str
    batches: tuple[Batch, ...]
    ending: str = ""
    failed: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a crash left it unfinished."""
        return not self.ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The journal folder of one hub behind a door."""

    folder: str
    door: Files = field(repr=False)

    def begin(self, entry: Entry) -> None:
        """Make the entry durable; from now on a crash can be undone.

        Raises:
            OperationError: it cannot be written, so nothing may be done.
        """
        try:
            self._begin(entry)
        except OSError as error:
            with contextlib.suppress(OSError):
                self._drop(entry.id)  # nothing was done, so nothing is to be undone
            raise OperationError(
                f"the journal cannot be written, so nothing was changed: "
                f"{error.filename or self.folder}: {reason_of(error)}",
                hint="mend that and run the command again",
            ) from error

    def _begin(self, entry: Entry) -> None:
        make_folders(self.door, self.folder, 0o700)
        place = f"{self.folder}/{entry.id}"
        self.door.mkdir(place, 0o700)
        images = _Images()
        text = json.dumps(_entry_to_json(entry, images), indent=1).encode()
        self.door.write(f"{place}/images", bytes(images.data), 0o600)
        self.door.write(f"{place}/entry.new", text, 0o600)
        self.door.rename(f"{place}/entry.new", f"{place}/entry.json")
        self.door.sync(place)
        self.door.sync(self.folder)

    def close(self, entry_id: str, ending: str, failed: Iterable[str] = ()) -> None:
        """Mark an entry as ended.

        Raises:
            OperationError: that cannot be written; the run stays open and will be undone.
        """
        text = json.dumps({"ending": ending, "failed": sorted(failed)}).encode()
        try:
            self._close(f"{self.folder}/{entry_id}", text)
        except OSError as error:
            raise OperationError(
                f"the journal {entry_id} cannot be closed: {reason_of(error)}",
                hint="mend that and run the command again; it undoes this run first",
            ) from error

    def _close(self, place: str, text: bytes) -> None:
        if self.door.look(f"{place}/done.new") is not None:
            self.door.remove(f"{place}/done.new")  # a crash came between writing and renaming
        self.door.write(f"{place}/done.new", text, 0o600)
        self.door.rename(f"{place}/done.new", f"{place}/done")
        self.door.sync(place)

    def ids(self) -> tuple[str, ...]:
        """Ids of all entries that began, oldest first."""
        return begun_ids(self.door, self.folder)

    def open_ids(self) -> tuple[str, ...]:
        """Ids of entries a crash left open, oldest first."""
        return open_ids(self.door, self.folder)

    def read(self, entry_id: str) -> Entry:
        """Read one entry with its before-images.

        Raises:
            OperationError: there is none of that id, or it is damaged.
        """
        place = f"{self.folder}/{entry_id}"
        if "/" in entry_id or entry_id not in self.ids():
            hint = "`hubctl history` lists the journals there are"
            raise OperationError(f"there is no journal {entry_id!r}", hint=hint)
        self._refuse_public(place)
        try:
            found = json.loads(self.door.read(f"{place}/entry.json"))
            images = self.door.read(f"{place}/images")
            return _entry_from_json(found, images, self._ending(place))
        except (OSError, ValueError, KeyError, TypeError) as error:
            why = reason_of(error) if isinstance(error, OSError) else str(error)
            raise OperationError(
                f"the journal {place} is damaged: {why}",
                hint="move that folder away; what the run had changed then stays as it is",
            ) from error

    def _refuse_public(self, place: str) -> None:
        """A journal says which bytes go where: only this account may have a say in that."""
        for folder in (self.folder, place):
            look = self.door.look(folder)
            if look is not None and look.mode & 0o022:
                hint = f"chmod 700 {folder}, once you know that nobody changed anything in it"
                raise OperationError(f"the journal {folder} can be written by others", hint=hint)

    def _ending(self, place: str) -> Mapping[str, object]:
        if self.door.look(f"{place}/done") is None:
            return {}
        found = json.loads(self.door.read(f"{place}/done"))
        return found if isinstance(found, dict) else {}

    def prune(self) -> None:
        """Remove the oldest ended entries beyond KEPT, and beginnings that never counted."""
        begun = self.ids()
        ended = [n for n in begun[:-KEPT] if self.door.look(f"{self.folder}/{n}/done")]
        for name in (*ended, *sorted(set(self.door.list(self.folder)) - set(begun))):
            # What cannot be removed, or is none of ours, harms nobody.
            with contextlib.suppress(OSError):
                self._drop(name)

    def _drop(self, name: str) -> None:
        place = f"{self.folder}/{name}"
        # Without its entry.json it never began, so what a crash leaves of it never looks open.
        for part in sorted(self.door.list(place), key="entry.json".__ne__):
            self.door.remove(f"{place}/{part}")
        self.door.remove(place)


def make_folders(door: Files, folder: str, mode: int) -> None:
    """Create a folder of hubctl's own with all its parents."""
    missing: list[str] = []
    while door.look(folder) is None:
        missing.append(folder)
        folder = os.path.dirname(folder)
    for name in reversed(missing):
        try:
            door.mkdir(name, mode)
        except FileExistsError:
            continue


class _Images:
    """Collects before-images into one blob."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, data: bytes) -> list[int]:
        start = len(self.data)
        self.data += data
        return [start, len(data)]


def _entry_to_json(entry: Entry, images: _Images) -> dict[str, object]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": entry.id,
        "time": entry.time,
        "command": entry.command,
        "targets": [_batch_to_json(batch, images) for batch in entry.batches],
    }


def _batch_to_json(batch: Batch, images: _Images) -> dict[str, object]:
    return {
        "target": batch.target,
        "root": batch.root,
        "reload": batch.reload,
        "changes": [list(change) for change in batch.changes],
        "operations": [_operation_to_json(op, images) for op in batch.ordered()],
        "units": [[u.unit, u.prop, u.before, u.after] for u in batch.units],
    }


def _operation_to_json(operation: Operation, images: _Images) -> dict[str, object]:
    return {
        "path": _encode(operation.path),
        "before": _image_to_json(operation.before, images),
        "after": _image_to_json(operation.after, None),
        "addresses": list(operation.addresses),
    }


def _image_to_json(image: Image, images: _Images | None) -> dict[str, object]:
    found: dict[str, object] = {"kind": image.kind}
    if image.kind == "file":
        found |= {"mode": image.mode, "digest": image.digest}
        if images is not None:
            found["at"] = images.add(image.data or b"")
    elif image.kind == "folder":
        found["mode"] = image.mode
    elif image.kind == "link":
        found["destination"] = _encode(image.destination)
    return found


def _entry_from_json(
    found: Mapping[str, object], images: bytes, ending: Mapping[str, object]
) -> Entry:
    if found.get("format") != FORMAT or found.get("version") != VERSION:
        raise ValueError(f"it is not a {FORMAT} {VERSION} document")
    targets = found["targets"]
    failed = ending.get("failed")
    return Entry(
        id=str(found["id"]),
        time=str(found["time"]),
        command=str(found["command"]),
        batches=tuple(_batch_from_json(t, images) for t in targets),  # type: ignore[attr-defined]
        ending=str(ending.get("ending", "")),
        failed=tuple(str(name) for name in failed) if isinstance(failed, list) else (),
    )


def _batch_from_json(found: Mapping[str, list[list[str]]], images: bytes) -> Batch:
    return Batch(
        target=str(found["target"]),
        root=str(found["root"]),
        reload=bool(found["reload"]),
        changes=tuple((str(a), str(s)) for a, s in found["changes"]),
        operations=tuple(_operation_from_json(op, images) for op in found["operations"]),
        units=tuple(
            UnitOperation(unit=u, prop=p, before=b, after=a) for u, p, b, a in found["units"]
        ),
    )


def _operation_from_json(found: object, images: bytes) -> Operation:
    if not isinstance(found, dict):
        raise TypeError("an operation is no object")
    return Operation(
        path=_path(_decode(found["path"])),
        before=_image_from_json(found["before"], images),
        after=_image_from_json(found["after"], images),
        addresses=tuple(found["addresses"]),
    )


def _path(text: str) -> str:
    if text[:1] != "/" or text[:2] == "//" or os.path.normpath(text) != text or "\0" in text:
        raise ValueError(f"it names a path that is none: {text!r}")
    return text


def _image_from_json(found: Mapping[str, object], images: bytes) -> Image:
    kind = str(found["kind"])
    if kind == "link":
        return Image(kind=kind, destination=_decode(str(found["destination"])))
    if kind == "folder":
        return Image(kind=kind, mode=int(str(found["mode"])))
    if kind != "file":
        return Image(kind=kind)
    at = found.get("at")
    data = images[at[0] : at[0] + at[1]] if isinstance(at, list) else None
    return Image(kind=kind, data=data, digest=str(found["digest"]), mode=int(str(found["mode"])))


def _encode(path: str) -> str:
    """File names are bytes: those that are no UTF-8 travel as base64."""
    try:
        path.encode()
        is_plain = not path.startswith(_BASE64)
    except UnicodeEncodeError:
        is_plain = False
    return path if is_plain else _BASE64 + base64.b64encode(os.fsencode(path)).decode()


def _decode(text: str) -> str:
    if text.startswith(_BASE64):
        return os.fsdecode(base64.b64decode(text.removeprefix(_BASE64)))
    return text
