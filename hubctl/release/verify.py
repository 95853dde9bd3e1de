"""Whether the installed hooks are the ones hubctl installed, and the ones it would install now.

Quick: sizes, modes and times against the record. Full: every byte against the manifest, and the
manifest against the record. Reads only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.hashing import hash_bytes
from hubctl.release.content import look_at_interpreter, read_sources, version_of
from hubctl.release.record import MANIFEST, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.release.record import Entry
    from hubctl.system.files import Files
    from hubctl.system.places import Places

CURRENT = "current"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStatus:
    """What is installed.

    Attributes:
        current: name of the release in use, "" where there is none.
        version, wanted: its version, and the one hubctl would install ("" if unknown).
        installed: names of all recorded releases, newest first.
        findings: what is wrong, quick check.
    """

    current: str
    version: str
    wanted: str
    installed: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether installing would change nothing."""
        return bool(self.version) and self.version == self.wanted and not self.findings


def record_path(places: Places) -> str:
    """Our own record: one for the machine, since all hubs share the releases."""
    return f"{places.state}/releases.json"


def status(places: Places, interpreter: str, door: Files) -> ReleaseStatus:
    """State of the releases for hooks that run under `interpreter`; starts no process."""
    entries = read_record(record_path(places), door)
    name = current_name(places, door)
    entry = _recorded(entries, name)
    findings = verify(places, door)
    wanted = ""
    if entry is not None:
        changed, wanted = _wanted(entry, interpreter, door)
        findings += changed
    return ReleaseStatus(
        current=name,
        version=entry.version if entry else "",
        wanted=wanted,
        installed=tuple(entry.name for entry in reversed(entries)),
        findings=findings,
    )


def current_name(places: Places, door: Files) -> str:
    """Name of the release that `current` leads to, "" where it is no link beside releases."""
    found = door.look(f"{places.releases}/{CURRENT}")
    if found is None or found.kind != "link" or "/" in found.destination:
        return ""
    return found.destination


def _recorded(entries: tuple[Entry, ...], name: str) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.name == name), None)


def _wanted(entry: Entry, interpreter: str, door: Files) -> tuple[tuple[Finding, ...], str]:
    """A finding where the interpreter is another one, else the version wanted now."""
    was = entry.interpreter
    try:
        now = look_at_interpreter(interpreter, door)
    except OperationError as error:
        return (_finding("interpreter", error.message, interpreter, error.hint),), ""
    if (now.path, now.real, now.size, now.mtime_ns) != (was.path, was.real, was.size, was.mtime_ns):
        message = f"hooks were installed for {was.path} {was.version.split(' ')[0]}, which changed"
        return (_finding("interpreter", message, interpreter),), ""
    return (), version_of(read_sources(door), was)


def verify(places: Places, door: Files, *, full: bool = False) -> tuple[Finding, ...]:
    """What is wrong with the release in use; nothing is when hubctl wrote it just so.

    Args:
        places: where releases and record lie.
        door: how they are read.
        full: compare every byte, not only sizes, modes and times.
    """
    link = f"{places.releases}/{CURRENT}"
    name = current_name(places, door)
    if not name:
        if door.look(link) is None:
            return (_finding("missing", "no hooks are installed", link),)
        return (_finding("tampered", f"{link} is not the link that hubctl makes", link),)
    entry = _recorded(read_record(record_path(places), door), name)
    if entry is None:
        message = f"the hooks in use, {name}, are on no record of hubctl"
        return (_finding("unrecorded", message, link),)
    return release_findings(places, entry, door, full=full)


def release_findings(
    places: Places, entry: Entry, door: Files, *, full: bool
) -> tuple[Finding, ...]:
    """What is wrong with one recorded release."""
    folder = f"{places.releases}/{entry.name}"
    problems = _full_problems(folder, entry, door) if full else _quick_problems(folder, entry, door)
    return tuple(
        _finding("tampered", f"{path} of the hooks {problem}", f"{folder}/{path}")
        for path, problem in problems
    )


def _quick_problems(folder: str, entry: Entry, door: Files) -> Iterator[tuple[str, str]]:
    for path, look in sorted(entry.looks.items()):
        found = door.look(f"{folder}/{path}")
        if found is None:
            yield path, "is gone"
        elif found.kind != "file" or (found.size, found.mode, found.mtime_ns) != look:
            yield path, "was changed"
    yield from _strangers(folder, entry, door)


def _full_problems(folder: str, entry: Entry, door: Files) -> Iterator[tuple[str, str]]:
    try:
        manifest = door.read(f"{folder}/{MANIFEST}", follow=False)
    except OSError:
        yield MANIFEST, "cannot be read"
        return
    if hash_bytes(manifest) != entry.manifest:
        yield MANIFEST, "is not the one that hubctl wrote"
        return
    # From here on its content is known to be ours.
    for path, listed in json.loads(manifest)["files"].items():
        if problem := _difference(f"{folder}/{path}", listed, door):
            yield path, problem
    yield from _strangers(folder, entry, door)


def _difference(path: str, listed: dict[str, str], door: Files) -> str:
    try:
        found, data = door.look(path), door.read(path, follow=False)
    except FileNotFoundError:
        return "is gone"
    except OSError:
        return "cannot be read"
    if hash_bytes(data) != listed["sha256"]:
        return "was changed"
    same_mode = found is not None and f"{found.mode:04o}" == listed["mode"]
    return "" if same_mode else "has another mode"


def _strangers(folder: str, entry: Entry, door: Files) -> Iterator[tuple[str, str]]:
    """Files that no manifest lists: a module there could be imported in place of ours."""
    for path in _files_below(folder, "", door):
        if path not in entry.looks:
            yield path, "was added"


def _files_below(folder: str, relative: str, door: Files) -> Iterator[str]:
    try:
        names = door.list(f"{folder}/{relative}".rstrip("/"))
    except OSError:
        return
    for name in names:
        path = f"{relative}/{name}" if relative else name
        found = door.look(f"{folder}/{path}")
        if found is not None and found.kind == "folder":
            yield from _files_below(folder, path, door)
        elif found is not None:
            yield path


def _finding(rule: str, message: str, file: str, hint: str = "") -> Finding:
    return Finding(
        rule=f"release/{rule}",
        severity=Severity.WARNING,
        message=message,
        location=Location(file=file),
        hint=hint or "run `hubctl hooks install`, or `hubctl apply`",
        exit_code=1,
    )
