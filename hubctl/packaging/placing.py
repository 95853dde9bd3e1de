"""The folder that a package is written to: made, brought up to date, never taken from anybody.

A record in it lists what was written with hashes; while one runs, what it replaces too, so that a
run that was cut short is simply run again. A file that stands where one of ours belongs and
is not the one we wrote is somebody's work: nothing is written then. Whatever else lies there, such
as `.git` or a workflow, stays.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.model.hashing import hash_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.packaging.contents import PluginFile
    from hubctl.system.files import Files

    _Hashes = Mapping[str, tuple[str, ...]]

RECORD = ".hubctl-package.json"
FORMAT, VERSION = "hubctl/package", 1
_OTHERS = (".git", ".github", ".gitlab-ci.yml", ".gitignore", "LICENSE")
_STAGED = ".hubctl-new"
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Paths that were written, and that were removed."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def place(door: Files, root: str, hub: str, files: Mapping[str, PluginFile]) -> Placed:
    """Make the folder `root` (absolute) hold these files; what is equal already stays untouched.

    Raises:
        UsageError: the folder is somebody else's, or a file in it is; nothing was written.
        OperationError: it cannot be read or written.
    """
    try:
        return _place(door, root.rstrip("/"), hub, files)
    except OSError as error:
        where = error.filename or root
        raise OperationError(f"cannot write the package: {where}: {error.strerror}") from error


def _place(door: Files, root: str, hub: str, files: Mapping[str, PluginFile]) -> Placed:
    before = _recorded(door, root, hub)
    wanted = {path: file.text.encode("utf-8") for path, file in files.items()}
    foreign = [
        path for path in sorted({*before, *wanted}) if _foreign(door, root, path, before, wanted)
    ]
    if foreign:
        shown = ", ".join(foreign[:_SHOWN]) + (" …" if len(foreign) > _SHOWN else "")
        raise UsageError(
            f"{root} has files that `hubctl package` did not write so: {shown}",
            hint="move them away, or name another folder",
        )
    written = [
        path for path in wanted if not _is_so(door, f"{root}/{path}", wanted[path], files[path])
    ]
    removed = [path for path in before if path not in wanted]
    now = {path: (hash_bytes(data),) for path, data in sorted(wanted.items())}
    if written or removed:
        both = {path: (*before.get(path, ()), *now.get(path, ())) for path in {**before, **now}}
        _keep_record(door, root, hub, both)
    for path in written:
        _write(door, f"{root}/{path}", wanted[path], executable=files[path].executable)
    for path in _removable(door, root, removed):
        door.remove(path)
    _keep_record(door, root, hub, now)
    return Placed(written=tuple(written), removed=tuple(removed))


def _keep_record(door: Files, root: str, hub: str, files: _Hashes) -> None:
    """Write the record, unless it is so already; last of all a path has one hash."""
    shown = {path: list(dict.fromkeys(files[path])) for path in sorted(files)}
    record = {"format": FORMAT, "version": VERSION, "hub": hub, "files": shown}
    data = (json.dumps(record, indent=1) + "\n").encode()
    if not _has(door, f"{root}/{RECORD}", data):
        _write(door, f"{root}/{RECORD}", data, executable=False)


def _recorded(door: Files, root: str, hub: str) -> _Hashes:
    """Path → hashes of what earlier runs wrote; {} for a folder that is still free."""
    found = door.look(root)
    if found is None:
        return {}
    if found.kind != "folder":
        raise UsageError(f"{root} is no folder", hint="name another one")
    if door.look(f"{root}/{RECORD}") is None:
        others = [name for name in door.list(root) if name not in (*_OTHERS, RECORD + _STAGED)]
        if others:
            raise UsageError(
                f"{root} is there already, and `hubctl package` did not make it",
                hint="name a new or empty folder",
            )
        return {}
    record = _read_record(door.read(f"{root}/{RECORD}", follow=False))
    if record is None or record[0] != hub:
        of = f"the hub {record[0]!r}" if record else "nobody that can be read"
        raise UsageError(f"{root} holds a package of {of}", hint="name another folder")
    return record[1]


def _read_record(data: bytes) -> tuple[str, _Hashes] | None:
    """The hub and the files of a record; None for anything else. It is untrusted."""
    try:
        record = json.loads(data)
    except ValueError:
        return None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        return None
    files, hub = record.get("files"), record.get("hub")
    if record.get("version") != VERSION or not isinstance(files, dict) or not isinstance(hub, str):
        return None
    plain = all(_is_inside(path) and isinstance(files[path], list) for path in files)
    return (hub, {path: tuple(map(str, files[path])) for path in files}) if plain else None


def _is_inside(path: str) -> bool:
    return bool(path) and not any(part in ("", ".", "..", ".git") for part in path.split("/"))


def _foreign(
    door: Files, root: str, path: str, before: _Hashes, wanted: Mapping[str, bytes]
) -> bool:
    """Whether something stands at a path, or on the way to it, that is not ours to replace."""
    if any(_is_no_folder(door, folder) for folder in _above(root, path)):
        return True
    found = door.look(f"{root}/{path}")
    if found is None:
        return False
    if found.kind != "file":
        return True
    data = door.read(f"{root}/{path}", follow=False)
    return data != wanted.get(path) and hash_bytes(data) not in before.get(path, ())


def _above(root: str, path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    for count in range(1, len(parts) + 1):
        yield "/".join((root, *parts[:count]))


def _is_no_folder(door: Files, path: str) -> bool:
    found = door.look(path)
    return found is not None and found.kind != "folder"


def _is_so(door: Files, path: str, data: bytes, file: PluginFile) -> bool:
    found = door.look(path)
    if found is None or bool(found.mode & 0o100) != file.executable:
        return False
    return door.read(path, follow=False) == data


def _has(door: Files, path: str, data: bytes) -> bool:
    return door.look(path) is not None and door.read(path, follow=False) == data


def _write(door: Files, path: str, data: bytes, *, executable: bool) -> None:
    """Beside its place, then over it: a reader sees the old file or the new one."""
    _make_folder(door, os.path.dirname(path))
    staged = f"{path}{_STAGED}"
    if door.look(staged) is not None:
        door.remove(staged)
    door.write(staged, data, 0o777 if executable else 0o666, exact=False)
    door.rename(staged, path)


def _make_folder(door: Files, path: str) -> None:
    if door.look(path) is None:
        _make_folder(door, os.path.dirname(path))
        door.mkdir(path)


def _removable(door: Files, root: str, paths: list[str]) -> Iterator[str]:
    """The files themselves, then every folder that is empty without them."""
    for path in paths:
        if door.look(f"{root}/{path}") is not None:
            yield f"{root}/{path}"
    folders = {folder for path in paths for folder in _above(root, path)}
    for folder in sorted(folders, key=len, reverse=True):
        if door.look(folder) is not None and not door.list(folder):
            yield folder
