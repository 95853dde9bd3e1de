"""Whether the installed hooks are the ones hubctl installed.

Quick: sizes, modes and times against the record. Full: every byte against the manifest, and the
manifest against the record. Reads only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.hashing import hash_bytes
from hubctl.release.record import MANIFEST, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.release.record import Entry
    from hubctl.system.files import Files
    from hubctl.system.places import Places

CURRENT = "current"


def record_path(places: Places) -> str:
    """Our own record: one for the machine, since all hubs share the releases."""
    return f"{places.state}/releases.json"


def current_name(places: Places, door: Files) -> str:
    """Name of the release that `current` leads to, "" where it is no link beside releases."""
    found = door.look(f"{places.releases}/{CURRENT}")
    if found is None or found.kind != "link" or "/" in found.destination:
        return ""
    return found.destination


def verify_all(places: Places, door: Files) -> tuple[Finding, ...]:
    """What is wrong with any recorded release, byte for byte."""
    record = read_record(record_path(places), door)
    current = current_name(places, door)
    others = [entry for entry in record.entries if entry.name != current]
    found = verify(places, door, full=True)
    for entry in others:
        found += release_findings(places, entry, door, full=True)
    return found


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
            return (release_finding("missing", "no hooks are installed", link),)
        return (release_finding("tampered", f"{link} is not the link that hubctl makes", link),)
    entry = read_record(record_path(places), door).find(name)
    if entry is None:
        message = f"the hooks in use, {name}, are on no record of hubctl"
        return (release_finding("unrecorded", message, link),)
    return release_findings(places, entry, door, full=full)


def release_findings(
    places: Places, entry: Entry, door: Files, *, full: bool
) -> tuple[Finding, ...]:
    """What is wrong with one recorded release."""
    folder = f"{places.releases}/{entry.name}"
    problems = _full_problems(folder, entry, door) if full else _quick_problems(folder, entry, door)
    return tuple(
        release_finding("tampered", f"{path} of the hooks {problem}", f"{folder}/{path}")
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


def release_finding(rule: str, message: str, file: str, hint: str = "") -> Finding:
    """A finding about the releases."""
    return Finding(
        rule=f"release/{rule}",
        severity=Severity.WARNING,
        message=message,
        location=Location(file=file),
        hint=hint or "run `hubctl hooks install`, or `hubctl apply`",
        exit_code=1,
    )
