"""Shadowing: our value is right where it stands, but a higher scope overrides it.

Precedence of the client, highest first: managed settings, settings.local.json, settings.json, the
host's file. Lists and objects merge over scopes, so only scalars can be shadowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.address import Address, Part, split_pointer
from hubctl.model.hashing import hash_json
from hubctl.model.item import JsonValue

if TYPE_CHECKING:
    from hubctl.engine.observe import Observer
    from hubctl.engine.rows import Row

PROJECT = ".claude/settings.json"
LOCAL = ".claude/settings.local.json"
_FIELD = Part.FIELD.value


def shadowing(row: Row, observer: Observer, managed: object) -> str:
    """The name of the higher scope that overrides a row's value, "" if none does."""
    if row.path not in (PROJECT, LOCAL) or row.part != _FIELD:
        return ""
    found = _member(managed, split_pointer(row.fragment))
    if found is not None and hash_json(found) != row.hash:
        return "the managed settings of this machine"
    if row.path == PROJECT and not observer.target.is_host:
        return _local_override(row, observer)
    return ""


def _local_override(row: Row, observer: Observer) -> str:
    document = observer.file(LOCAL).document()
    if document is None:
        return ""
    address = Address(target=observer.target.name, path=LOCAL, fragment=row.fragment)
    value = document.get(address)
    if not isinstance(value, JsonValue) or isinstance(value.value, (dict, list)):
        return ""
    return LOCAL if hash_json(value.value) != row.hash else ""


def _member(value: object, pointer: tuple[str, ...]) -> object:
    for key in pointer:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return None if isinstance(value, (dict, list)) else value
