"""Installs the hooks as a release: staged, recorded, renamed, switched; each step leaves a whole.

Order matters. The record is written before the folder gets its name and before `current` leads
there, so whatever `current` leads to is always on record; a kill leaves the old or the new
release in use, and staging folders that the next install removes.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.hashing import hash_bytes
from hubctl.release.content import (
    compile_sources,
    look_at_interpreter,
    read_sources,
    release_files,
    version_of,
)
from hubctl.release.record import MANIFEST, Entry, manifest_of, read_record, record_bytes
from hubctl.release.verify import CURRENT, current_name, record_path, release_findings
from hubctl.system.lock import writer_lock
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.release.content import Interpreter, ReleaseFile
    from hubctl.system.files import Files
    from hubctl.system.places import Places
    from hubctl.system.process import Runner

KEPT = 5  # older releases beside the one in use
_STAGED = ".staged-"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledRelease:
    """The release in use after an install.

    Attributes:
        name: of its folder. version: of its content. folder: absolute path.
        previous: name of the one before, "" where there was none.
        changed: whether anything had to be written.
    """

    name: str
    version: str
    folder: str
    previous: str
    changed: bool


def install(
    places: Places, interpreter: str, door: Files, *, runner: Runner = run
) -> InstalledRelease:
    """Install this hubctl's hooks for `interpreter` and switch to them; again does nothing.

    A release of the same content that is damaged is not repaired in place (a hook may be reading
    it) but replaced by a new folder.

    Raises:
        OperationError: a folder cannot be written, another hubctl is installing, or the
            interpreter cannot compile the hooks. The release in use stays.
    """
    try:
        _make_folders(door, places.releases)
        _make_folders(door, places.state)
        with writer_lock(f"{places.releases}/.lock"):
            return _Install(places, door, runner).run(interpreter)
    except OSError as error:
        raise OperationError(
            f"cannot install the hooks: {error.filename or places.releases}: {error.strerror}",
            hint="the release in use was left as it is",
        ) from error


class _Install:
    """One install, under its lock."""

    def __init__(self, places: Places, door: Files, runner: Runner) -> None:
        self._places = places
        self._door = door
        self._runner = runner
        self._root = places.releases
        self._added = False
        self._entries = read_record(record_path(places), door)

    def run(self, interpreter: str) -> InstalledRelease:
        previous = current_name(self._places, self._door)
        sources = read_sources(self._door)
        python = self._identified(look_at_interpreter(interpreter, self._door))
        entry = self._intact(version_of(sources, python)) if python.magic else None
        if entry is None:
            entry = self._made(sources, python)
        changed = self._added or entry.name != previous
        if changed:
            self._switch(entry.name)
        self._prune(entry.name)
        return InstalledRelease(
            name=entry.name,
            version=entry.version,
            folder=f"{self._root}/{entry.name}",
            previous=previous,
            changed=changed,
        )

    def _made(self, sources: Mapping[str, str], python: Interpreter) -> Entry:
        """A release compiled anew; or the one there is, if a touched interpreter is the same."""
        python, compiled = compile_sources(sources, python, self._runner)
        version = version_of(sources, python)
        entry = self._intact(version)
        if entry is None:
            return self._add(version, python, release_files(sources, compiled, python))
        entry = replace(entry, interpreter=python)
        self._record([entry if e.name == entry.name else e for e in self._entries])
        return entry

    def _identified(self, python: Interpreter) -> Interpreter:
        """The same interpreter with what it once said of itself, if its file is unchanged."""
        seen = (python.path, python.real, python.size, python.mtime_ns)
        for entry in reversed(self._entries):
            was = entry.interpreter
            if (was.path, was.real, was.size, was.mtime_ns) == seen:
                return was
        return python

    def _intact(self, version: str) -> Entry | None:
        """The newest release of this version that is whole, byte for byte."""
        for entry in reversed(self._entries):
            if entry.version == version and not release_findings(
                self._places, entry, self._door, full=True
            ):
                return entry
        return None

    def _add(self, version: str, python: Interpreter, files: Sequence[ReleaseFile]) -> Entry:
        staged = self._fresh(_STAGED + version)
        manifest = manifest_of(version, python, files)
        self._stage(staged, files, manifest)
        name = os.path.basename(self._fresh(version))
        looks = {path: self._look(f"{staged}/{path}") for path in _paths(files)}
        entry = Entry(
            name=name,
            version=version,
            manifest=hash_bytes(manifest),
            interpreter=python,
            looks=looks,
        )
        self._record([*(e for e in self._entries if e.name != name), entry])
        self._door.rename(staged, f"{self._root}/{name}")
        self._door.sync(self._root)
        self._added = True
        return entry

    def _stage(self, folder: str, files: Sequence[ReleaseFile], manifest: bytes) -> None:
        folders = sorted({os.path.dirname(f"{folder}/{file.path}") for file in files})
        for path in folders:
            _make_folders(self._door, path)
        for file in files:
            self._door.write(f"{folder}/{file.path}", file.data, file.mode)
        self._door.write(f"{folder}/{MANIFEST}", manifest, 0o600)
        for path in reversed(folders):
            self._door.sync(path)

    def _fresh(self, name: str) -> str:
        """A path below the root where nothing stands yet: `name`, else `name.2`, `name.3`."""
        path, number = f"{self._root}/{name}", 1
        while self._door.look(path) is not None:
            number += 1
            path = f"{self._root}/{name}.{number}"
        return path

    def _look(self, path: str) -> tuple[int, int, int]:
        found = self._door.look(path)
        if found is None:
            raise FileNotFoundError(2, "vanished while it was installed", path)
        return found.size, found.mode, found.mtime_ns

    def _record(self, entries: Sequence[Entry]) -> None:
        path = record_path(self._places)
        staged = f"{path}.new"
        if self._door.look(staged) is not None:
            self._door.remove(staged)
        self._door.write(staged, record_bytes(entries), 0o600)
        self._door.rename(staged, path)
        self._entries = tuple(entries)

    def _switch(self, name: str) -> None:
        """Lead `current` to the release in one step; whatever else stood there is kept aside."""
        link = f"{self._root}/{CURRENT}"
        found = self._door.look(link)
        if found is not None and found.kind != "link":
            self._door.rename(link, self._fresh(f"{CURRENT}.aside"))
        staged = self._fresh(_STAGED + CURRENT)
        self._door.link(name, staged, symbolic=True)
        self._door.rename(staged, link)
        self._door.sync(self._root)

    def _prune(self, current: str) -> None:
        """Remove what is older than the KEPT newest, and what earlier installs left behind."""
        others = [entry for entry in self._entries if entry.name != current]
        dropped = {entry.name for entry in others[: max(0, len(others) - KEPT)]}
        for name in sorted(dropped):
            folder = f"{self._root}/{name}"
            if self._door.look(folder) is not None:
                # Renamed first: half a release must not bear a release's name.
                self._door.rename(folder, self._fresh(_STAGED + name))
        if dropped:
            self._record([entry for entry in self._entries if entry.name not in dropped])
        for name in self._door.list(self._root):
            if name.startswith(_STAGED):
                with contextlib.suppress(OSError):
                    _remove_tree(self._door, f"{self._root}/{name}")


def _paths(files: Sequence[ReleaseFile]) -> tuple[str, ...]:
    return (*(file.path for file in files), MANIFEST)


def _make_folders(door: Files, path: str) -> None:
    if door.look(path) is None:
        _make_folders(door, os.path.dirname(path))
        door.mkdir(path, 0o700)


def _remove_tree(door: Files, path: str) -> None:
    found = door.look(path)
    if found is not None and found.kind == "folder":
        for name in door.list(path):
            _remove_tree(door, f"{path}/{name}")
    door.remove(path)
