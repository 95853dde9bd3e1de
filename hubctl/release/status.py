"""What is installed, and what an apply would install now. Reads only and starts no process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.errors import OperationError
from hubctl.release.content import look_at_interpreter, our_content, version_of
from hubctl.release.installed import content_of, joined
from hubctl.release.own import NOBODYS
from hubctl.release.record import read_record
from hubctl.release.verify import (
    current_name,
    record_path,
    release_finding,
    release_findings,
    verify,
)

if TYPE_CHECKING:
    from hubctl.model.finding import Finding
    from hubctl.release.own import OwnModules
    from hubctl.release.record import Entry
    from hubctl.system.files import Files
    from hubctl.system.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStatus:
    """What is installed.

    Attributes:
        current: name of the release in use, "" where there is none.
        version, wanted: its version, and the one an apply would install ("" if unknown).
        origin: where the release in use comes from. held: whether somebody chose it.
        installed: names of all recorded releases, newest first.
        findings: what is wrong, quick check.
    """

    current: str
    version: str
    wanted: str
    origin: str
    held: bool
    installed: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether an apply would change nothing about it."""
        return bool(self.version) and self.version == self.wanted and not self.findings


def status(
    places: Places, interpreter: str, door: Files, *, own: OwnModules = NOBODYS
) -> ReleaseStatus:
    """State of the releases for hooks that run under `interpreter`; starts no process."""
    record = read_record(record_path(places), door)
    name = current_name(places, door)
    entry = record.find(name)
    findings = verify(places, door)
    wanted = ""
    if entry is not None:
        changed, wanted = _wanted(entry, interpreter, door, own, places)
        findings += changed
    return ReleaseStatus(
        current=name,
        version=entry.version if entry else "",
        wanted=wanted,
        origin=entry.origin if entry else "",
        held=bool(name) and record.held == name,
        installed=tuple(entry.name for entry in reversed(record.entries)),
        findings=findings,
    )


def _wanted(
    entry: Entry, interpreter: str, door: Files, own: OwnModules, places: Places
) -> tuple[tuple[Finding, ...], str]:
    """A finding where the interpreter is another one, else the version wanted now."""
    was = entry.interpreter
    try:
        now = look_at_interpreter(interpreter, door)
    except OperationError as error:
        return (release_finding("interpreter", error.message, interpreter, error.hint),), ""
    if (now.path, now.real, now.size, now.mtime_ns) != (was.path, was.real, was.size, was.mtime_ns):
        message = f"hooks were installed for {was.path} {was.version.split(' ')[0]}, which changed"
        return (release_finding("interpreter", message, interpreter),), ""
    record = read_record(record_path(places), door)
    held = record.find(record.held)
    whole = held is not None and not release_findings(places, held, door, full=True)
    base = content_of(held, places, door) if held and whole else our_content(door)
    return (), version_of(joined(base, own, places, door, record), was)
