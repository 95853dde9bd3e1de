"""Which release is to be in use: this hubctl's own, one that is held, an update, an older one.

Decides and hands over to `install`; fetching what an update is made of is `fetch`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.errors import OperationError, UsageError
from hubctl.release.content import our_content
from hubctl.release.enabled import missing_modules
from hubctl.release.install import InstalledRelease, installing
from hubctl.release.installed import content_of, joined
from hubctl.release.interpreter import OURS
from hubctl.release.own import NOBODYS, OwnModules
from hubctl.release.record import read_record
from hubctl.release.verify import current_name, record_path
from hubctl.system.process import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.release.content import Content
    from hubctl.release.record import Entry, Record
    from hubctl.system.files import Files
    from hubctl.system.places import Places
    from hubctl.system.process import Runner


def install(
    places: Places,
    interpreter: str,
    door: Files,
    *,
    own: OwnModules = NOBODYS,
    runner: Runner = run,
) -> InstalledRelease:
    """Install this hubctl's hooks for `interpreter` and switch to them; again does nothing.

    A release of the same content that is damaged is not repaired in place (a hook may be reading
    it) but replaced by a new folder. Whatever somebody held is held no more.

    Raises:
        OperationError: a folder cannot be written, another hubctl is installing, or the
            interpreter cannot compile the hooks. The release in use stays.
    """
    with installing(places, door, runner) as installer:
        content = joined(our_content(door), own, places, door, installer.record)
        return installer.put(content, interpreter, hold=False)


def keep(
    places: Places,
    interpreter: str,
    door: Files,
    *,
    own: OwnModules = NOBODYS,
    runner: Runner = run,
) -> InstalledRelease:
    """What an apply does: install the release that is held, else this hubctl's own.

    Raises:
        OperationError: as `install` does.
    """
    with installing(places, door, runner) as installer:
        held = installer.record.find(installer.record.held)
        whole = held is not None and installer.is_whole(held)
        base = content_of(held, places, door) if held and whole else our_content(door)
        content = joined(base, own, places, door, installer.record)
        found = installer.put(content, interpreter, hold=whole)
    if held is None or whole:
        return found
    note = f"the hooks {held.name} that were held are damaged; hubctl's own took their place"
    return replace(found, note=note)


def update(  # noqa: PLR0913 - two of them are keywords with defaults
    content: Content,
    places: Places,
    interpreter: str,
    door: Files,
    *,
    own: OwnModules = NOBODYS,
    runner: Runner = run,
) -> InstalledRelease:
    """Install what was fetched and switch to it; an apply keeps it unless it is hubctl's own.

    Raises:
        OperationError: it lacks a hook that is enabled here, or as `install` does.
    """
    with installing(places, door, runner) as installer:
        whole = joined(content, own, places, door, installer.record)
        _require_enabled(whole.sources, places, door, "this update")
        return installer.put(whole, interpreter, hold=content.origin != OURS)


def roll_back(
    places: Places, door: Files, *, name: str = "", runner: Runner = run
) -> InstalledRelease:
    """Switch to an older release, by default the one before; an apply keeps it then.

    Args:
        places: where releases and record lie.
        door: how they are read and written.
        name: its folder or its version; a beginning that only one has is enough.
        runner: how a process is run.

    Raises:
        UsageError: there is no such release.
        OperationError: it is damaged, or lacks a hook that is enabled here.
    """
    with installing(places, door, runner) as installer:
        entry = _older(installer.record, installer.previous, name)
        if not installer.is_whole(entry):
            raise OperationError(
                f"the hooks {entry.name} are damaged, so nothing was switched",
                hint="`hubctl hooks verify --all` says how; `hubctl hooks status` lists the others",
            )
        _require_enabled(dict.fromkeys(entry.looks, ""), places, door, f"the release {entry.name}")
        return installer.use(entry, held=entry.name)


def older_release(places: Places, door: Files, name: str) -> str:
    """Name of the release that `roll_back` would switch to; raises like it, and writes nothing."""
    record = read_record(record_path(places), door)
    return _older(record, current_name(places, door), name).name


def _older(record: Record, current: str, name: str) -> Entry:
    if name:
        found = [e for e in record.entries if name in (e.name, e.version)] or [
            e for e in record.entries if e.name.startswith(name)
        ]
        if len(found) != 1:
            what = "several releases are" if found else "no release is"
            known = ", ".join(entry.name for entry in reversed(record.entries)) or "none"
            raise UsageError(f"{what} called {name}", hint=f"installed: {known}")
        return found[0]
    names = [entry.name for entry in record.entries]
    before = names[: names.index(current)] if current in names else names
    if not before:
        raise UsageError("there is no older release to go back to")
    return record.entries[len(before) - 1]


def _require_enabled(files: Mapping[str, str], places: Places, door: Files, what: str) -> None:
    missing = missing_modules(files, places, door)
    if missing:
        raise OperationError(
            f"{what} lacks hooks that are enabled here: {', '.join(missing)}",
            hint="disable them first (`hubctl hooks disable HOOK`, `hubctl apply`)",
        )
