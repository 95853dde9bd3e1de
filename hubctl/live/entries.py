"""Reading settings: the files that count for a target, and the hook entries in them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.hook_groups import handler_id, own_id, spots_of
from hubctl.documents.json_parse import parse_json
from hubctl.live.result import Entry, SettingsFile
from hubctl.render.hook_commands import machine_command, project_command
from hubctl.system.hooks_package import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.check.client.rule import Place
    from hubctl.model.target import Machine

LANES = ("closed", "open", "async")
PROJECT_LANES = ("project", "project-async")


def read_settings(address: str, path: str, place: Place, data: bytes) -> SettingsFile:
    """A settings file from its bytes, as strict as the client."""
    if not data.strip():
        return SettingsFile(address=address, path=path, place=place, document={})
    try:
        document = parse_json(data)
    except DocumentError as error:
        return SettingsFile(address=address, path=path, place=place, problem=str(error))
    if not isinstance(document, dict):
        problem = "it is JSON, but no object"
        return SettingsFile(address=address, path=path, place=place, problem=problem)
    return SettingsFile(address=address, path=path, place=place, document=document)


def entries_of(files: Sequence[SettingsFile], machine: Machine) -> tuple[Entry, ...]:
    """Every hook entry that is at least an object, in the order of the files."""
    found: list[Entry] = []
    for file in files:
        found += _entries(file, machine, len(found))
    return tuple(found)


def _entries(file: SettingsFile, machine: Machine, number: int) -> Iterator[Entry]:
    hooks = (file.document or {}).get("hooks")
    for event, groups in hooks.items() if isinstance(hooks, dict) else ():
        for spot in spots_of(groups):
            name = own_id(spot.handler.entry) or handler_id(spot.handler.entry)
            yield Entry(
                number=number,
                address=f"{file.address}#hook:{event}/{name}",
                place=file.place,
                event=event,
                handler=spot.handler,
                at=f"hooks.{event}.{spot.group}.hooks.{spot.index}",
                own=own_command(machine, event, spot.handler.entry.get("command")) is not None,
            )
            number += 1


def own_command(machine: Machine, event: str, command: object) -> tuple[str, str] | None:
    """Event and lane of a command that is exactly what hubctl renders; None for any other."""
    if event not in contract.EVENTS:
        return None
    for lane in LANES:
        if command == machine_command(machine, event, lane):
            return event, lane
    for lane in PROJECT_LANES:
        if command == project_command(event, lane):
            return event, lane
    return None
