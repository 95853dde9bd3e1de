"""What installed releases are made of, read back from their folders. Only whole ones count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.release.content import CHANGELOG, OWN, RUN, Content
from hubctl.release.own import OwnModules, with_own
from hubctl.release.record import read_record
from hubctl.release.verify import current_name, record_path, release_findings
from hubctl.system.hooks_package import PACKAGE, package_folder

if TYPE_CHECKING:
    from hubctl.release.record import Entry, Record
    from hubctl.system.files import Files
    from hubctl.system.places import Places


def joined(base: Content, own: OwnModules, places: Places, door: Files, record: Record) -> Content:
    """`base` with the own modules of this hub and those that other hubs have in use."""
    carried = _carried(own, places, door, record)
    if not own.texts and not carried:
        return replace(base, sources=base.base())
    return replace(base, sources=with_own(base.base(), own, carried))


def _carried(own: OwnModules, places: Places, door: Files, record: Record) -> dict[str, str]:
    """Modules of other hubs in the release in use; only what stands as it was written."""
    entry = record.find(current_name(places, door))
    if entry is None:
        return {}
    paths = [
        path
        for path in entry.looks
        if path.startswith(OWN) and path.endswith(".py") and not own.owns(path)
    ]
    foreign = [path for path in paths if not path.endswith("/__init__.py")]
    if not foreign or release_findings(places, entry, door, full=True):
        return {}
    return _texts(f"{places.releases}/{entry.name}", foreign, door)


def content_of(entry: Entry, places: Places, door: Files) -> Content:
    """What an installed release, known to be whole, was made of."""
    folder = f"{places.releases}/{entry.name}"
    paths = [p for p in entry.looks if p.startswith("hooks_shared/") and p.endswith(".py")]
    changelog = _texts(folder, [CHANGELOG] if CHANGELOG in entry.looks else [], door)
    return Content(
        sources=_texts(folder, paths, door),
        version=entry.semantic,
        origin=entry.origin,
        changelog=changelog.get(CHANGELOG, ""),
    )


def content_in_use(places: Places, door: Files) -> Content | None:
    """What the release in use was made of; None where there is none, or not as it was written."""
    entry = read_record(record_path(places), door).find(current_name(places, door))
    if entry is None or release_findings(places, entry, door, full=True):
        return None
    return content_of(entry, places, door)


def folder_in_use(places: Places, door: Files) -> str:
    """Folder of the release in use; without one, of what travels with this hubctl."""
    name = current_name(places, door)
    folder = f"{places.releases}/{name}"
    if name and door.look(f"{folder}/{PACKAGE}/{RUN}") is not None:
        return folder
    return package_folder().rpartition("/")[0]


def _texts(folder: str, paths: list[str], door: Files) -> dict[str, str]:
    return {path: door.read(f"{folder}/{path}", follow=False).decode("utf-8") for path in paths}
