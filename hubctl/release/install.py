"""Puts a release in place: staged, tried, recorded, renamed, switched; each step leaves a whole.

Order matters. The record is written before the folder gets its name and before `current` leads
there, so whatever `current` leads to is always on record; a kill leaves the old or the new
release in use, and staging folders that the next install removes.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.engine.journal import make_folders
from hubctl.errors import OperationError
from hubctl.model.hashing import hash_bytes
from hubctl.release.content import (
    RUN,
    Content,
    compile_sources,
    look_at_interpreter,
    release_files,
    version_of,
)
from hubctl.release.record import (
    MANIFEST,
    Entry,
    Record,
    manifest_of,
    read_record,
    record_bytes,
)
from hubctl.release.verify import CURRENT, current_name, record_path, release_findings
from hubctl.system.lock import writer_lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.release.content import ReleaseFile
    from hubctl.release.interpreter import Interpreter
    from hubctl.system.files import Files
    from hubctl.system.places import Places
    from hubctl.system.process import Runner

KEPT = 5  # older releases beside the one in use
_STAGED = ".staged-"
_TRIAL_SECONDS = 30.0
_TRIAL_EVENT = '{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledRelease:
    """The release in use after an install.

    Attributes:
        name: of its folder. version: of its content. folder: absolute path.
        previous: name of the one before, "" where there was none.
        changed: whether anything had to be written.
        note: what the user should know about the choice, "" where it goes without saying.
    """

    name: str
    version: str
    folder: str
    previous: str
    changed: bool
    note: str = ""


class Installer:
    """Puts releases in place; under the lock of `installing`."""

    def __init__(self, places: Places, door: Files, runner: Runner) -> None:
        self._places = places
        self._door = door
        self._runner = runner
        self._root = places.releases
        self._added = False
        self.record = read_record(record_path(places), door)
        self.previous = current_name(places, door)

    def put(self, content: Content, interpreter: str, *, hold: bool) -> InstalledRelease:
        """Make this content the release in use; with `hold` an apply keeps it."""
        python = self._identified(look_at_interpreter(interpreter, self._door))
        entry = self._intact(version_of(content, python)) if python.magic else None
        if entry is None:
            entry = self._made(content, python)
        return self.use(entry, held=entry.name if hold else "")

    def use(self, entry: Entry, *, held: str) -> InstalledRelease:
        """Switch to a recorded release, and remember whether somebody chose it."""
        if self.record.held != held:
            self._write_record(replace(self.record, held=held))
        changed = self._added or entry.name != self.previous
        if changed:
            self._switch(entry.name)
        self._prune(entry.name)
        return InstalledRelease(
            name=entry.name,
            version=entry.version,
            folder=f"{self._root}/{entry.name}",
            previous=self.previous,
            changed=changed,
        )

    def is_whole(self, entry: Entry) -> bool:
        """Whether every byte of a recorded release is as it was written."""
        return not release_findings(self._places, entry, self._door, full=True)

    def _made(self, content: Content, python: Interpreter) -> Entry:
        """A release compiled anew; or the one there is, if a touched interpreter is the same."""
        python, compiled = compile_sources(content.sources, python, self._runner)
        version = version_of(content, python)
        entry = self._intact(version)
        if entry is None:
            return self._add(version, content, python, release_files(content, compiled, python))
        entry = replace(entry, interpreter=python)
        self._keep([entry if e.name == entry.name else e for e in self.record.entries])
        return entry

    def _identified(self, python: Interpreter) -> Interpreter:
        """The same interpreter with what it once said of itself, if its file is unchanged."""
        seen = (python.path, python.real, python.size, python.mtime_ns)
        for entry in reversed(self.record.entries):
            was = entry.interpreter
            if (was.path, was.real, was.size, was.mtime_ns) == seen:
                return was
        return python

    def _intact(self, version: str) -> Entry | None:
        """The newest release of this version that is whole, byte for byte."""
        same = (entry for entry in reversed(self.record.entries) if entry.version == version)
        return next(filter(self.is_whole, same), None)

    def _add(
        self, version: str, content: Content, python: Interpreter, files: Sequence[ReleaseFile]
    ) -> Entry:
        staged = self._fresh(_STAGED + version)
        manifest = manifest_of(version, python, files)
        self._stage(staged, files, manifest)
        self._try(staged, python)
        name = os.path.basename(self._fresh(version))
        looks = {path: self._look(f"{staged}/{path}") for path in _paths(files)}
        entry = Entry(
            name=name,
            version=version,
            manifest=hash_bytes(manifest),
            interpreter=python,
            origin=content.origin,
            looks=looks,
        )
        self._keep([*(e for e in self.record.entries if e.name != name), entry])
        self._door.rename(staged, f"{self._root}/{name}")
        self._door.sync(self._root)
        self._added = True
        return entry

    def _stage(self, folder: str, files: Sequence[ReleaseFile], manifest: bytes) -> None:
        folders = sorted({os.path.dirname(f"{folder}/{file.path}") for file in files})
        for path in folders:
            make_folders(self._door, path, 0o700)
        for file in files:
            self._door.write(f"{folder}/{file.path}", file.data, file.mode)
        self._door.write(f"{folder}/{MANIFEST}", manifest, 0o600)
        for path in reversed(folders):
            self._door.sync(path)

    def _try(self, staged: str, python: Interpreter) -> None:
        """Refuse a release that cannot answer an event for which no hook is enabled."""
        done = self._runner(
            (python.path, "-I", "-S", f"{staged}/{RUN}", "PreToolUse"),
            timeout=_TRIAL_SECONDS,
            env={"HOME": staged, "XDG_STATE_HOME": f"{staged}/none"},
            input=_TRIAL_EVENT,
        )
        if done.returncode != 0 or done.stdout:
            raise OperationError(
                f"this release does not work, its dispatcher ended with {done.complaint[-300:]}",
                hint="the release in use was left as it is",
            )

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

    def _keep(self, entries: Sequence[Entry]) -> None:
        self._write_record(replace(self.record, entries=tuple(entries)))

    def _write_record(self, record: Record) -> None:
        path = record_path(self._places)
        staged = f"{path}.new"
        if self._door.look(staged) is not None:
            self._door.remove(staged)
        self._door.write(staged, record_bytes(record), 0o600)
        self._door.rename(staged, path)
        self.record = record

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
        others = [entry for entry in self.record.entries if entry.name != current]
        dropped = {entry.name for entry in others[: max(0, len(others) - KEPT)]}
        for name in sorted(dropped):
            folder = f"{self._root}/{name}"
            if self._door.look(folder) is not None:
                # Renamed first: half a release must not bear a release's name.
                self._door.rename(folder, self._fresh(_STAGED + name))
        if dropped:
            self._keep([entry for entry in self.record.entries if entry.name not in dropped])
        for name in self._door.list(self._root):
            if name.startswith(_STAGED):
                with contextlib.suppress(OSError):
                    _remove_tree(self._door, f"{self._root}/{name}")


def _paths(files: Sequence[ReleaseFile]) -> tuple[str, ...]:
    return (*(file.path for file in files), MANIFEST)


def _remove_tree(door: Files, path: str) -> None:
    found = door.look(path)
    if found is not None and found.kind == "folder":
        for name in door.list(path):
            _remove_tree(door, f"{path}/{name}")
    door.remove(path)


@contextlib.contextmanager
def installing(places: Places, door: Files, runner: Runner) -> Iterator[Installer]:
    """What puts releases in place; one install at a time, and its errors in words.

    Raises:
        OperationError: a folder cannot be written, or another hubctl is installing.
    """
    try:
        make_folders(door, places.releases, 0o700)
        make_folders(door, places.state, 0o700)
        with writer_lock(f"{places.releases}/.lock"):
            yield Installer(places, door, runner)
    except OSError as error:
        raise OperationError(
            f"cannot install the hooks: {error.filename or places.releases}: {error.strerror}",
            hint="the release in use was left as it is",
        ) from error
