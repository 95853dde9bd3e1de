"""The manifest inside a release, and hubctl's own record of it in the state folder.

A manifest that is recomputed from what happens to be installed would vouch for any change; so the
record keeps the manifest's hash, and what every file looked like right after it was written. It
also says which release somebody chose (`held`), so that an apply does not choose another.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hubctl.model.hashing import hash_bytes
from hubctl.release.interpreter import OURS, Interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.release.content import ReleaseFile
    from hubctl.system.files import Files

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One release on record.

    Attributes:
        name: its folder. version: of its content. manifest: hash of its manifest's bytes.
        origin: where its content comes from: OURS, or a source as somebody named it.
        looks: path → (size, mode, mtime in ns) of every file, manifest included.
    """

    name: str
    version: str
    manifest: str
    interpreter: Interpreter
    origin: str = OURS
    looks: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def semantic(self) -> str:
        """The semantic version in `version`."""
        return self.version.rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All releases that hubctl installed here.

    Attributes:
        entries: oldest first.
        held: name of the one that somebody chose by an update or a rollback, "" for none.
    """

    entries: tuple[Entry, ...] = ()
    held: str = ""

    def find(self, name: str) -> Entry | None:
        """The release in the folder `name`."""
        return next((entry for entry in reversed(self.entries) if entry.name == name), None)


def manifest_of(version: str, interpreter: Interpreter, files: Sequence[ReleaseFile]) -> bytes:
    """The manifest's bytes."""
    listed = {
        file.path: {
            "sha256": hash_bytes(file.data),
            "size": len(file.data),
            "mode": f"{file.mode:04o}",
        }
        for file in files
    }
    document = {
        "format": FORMAT,
        "version": version,
        "interpreter": {"path": interpreter.path, "version": interpreter.version},
        "files": listed,
    }
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode("utf-8")


def read_record(path: str, door: Files) -> Record:
    """The record; entries that are not as we write them are left out."""
    try:
        document = json.loads(door.read(path))
    except (OSError, ValueError):
        return Record()
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return Record()
    listed = document.get("releases")
    entries = (_entry(item) for item in (listed if isinstance(listed, list) else ()))
    held = document.get("held")
    return Record(
        entries=tuple(entry for entry in entries if entry is not None),
        held=held if isinstance(held, str) else "",
    )


def _entry(item: Any) -> Entry | None:
    try:
        entry = Entry(
            name=str(item["name"]),
            version=str(item["version"]),
            manifest=str(item["manifest"]),
            interpreter=Interpreter(**item["interpreter"]),
            origin=str(item.get("origin", OURS)),
            looks={
                str(path): (int(size), int(mode), int(mtime))
                for path, (size, mode, mtime) in item["looks"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    # A name becomes a folder to look into and, when it is old, to remove.
    return None if "/" in entry.name or entry.name.startswith(".") or not entry.name else entry


def record_bytes(record: Record) -> bytes:
    """The record file's bytes."""
    document = {
        "format": FORMAT,
        "held": record.held,
        "releases": [asdict(entry) for entry in record.entries],
    }
    return (json.dumps(document, indent=1) + "\n").encode("utf-8")
