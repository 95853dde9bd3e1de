"""Proof that an edited JSON file holds every edit and that nothing else in it changed.

Works on parsed values alone and knows nothing of how the text was edited: an edit that would harm
anybody is found here, before a byte is written.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.documents.hook_groups import OWN, OWN_ASYNC, find_handlers
from hubctl.documents.json_document import JsonDocument, scalars_of
from hubctl.documents.same import same_json
from hubctl.errors import OperationError
from hubctl.model.address import Part, pointer_text, split_pointer
from hubctl.model.item import Handler, JsonValue, hash_value
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.documents.arrange import Arranged
    from hubctl.documents.edits import Edit
    from hubctl.documents.hook_groups import Spot

_GROUP_KEYS = {"matcher", "hooks"}


def prove_json(before: object, after: object, arranged: Arranged) -> None:
    """Check the two parsed documents against the edits between them; uses both up.

    Raises:
        OperationError: an edit does not hold, or a value changed that none names.
    """
    was, now = JsonDocument(before), JsonDocument(after)
    edits = arranged.every()
    for edit in arranged.lasting:
        if not _holds(edit, was, now):
            raise OperationError(f"{edit.address}: the edited file would not hold this value")
    _strip(before, edits, now=False)
    _strip(after, edits, now=True)
    if not same_json(before, after, ordered=True):
        where = f"{edits[0].address.target}:{edits[0].address.path}" if edits else "the file"
        raise OperationError(f"{where}: editing would change values that are not ours")


def _written(edit: Edit) -> str:
    return hash_value(edit.value) if isinstance(edit.value, Handler) else ""


def _holds(edit: Edit, was: JsonDocument, now: JsonDocument) -> bool:
    wanted = edit.value
    if edit.address.part is Part.HANDLER and wanted is None:
        found = _handlers(edit, was)
        return len(_handlers(edit, now)) == len(found) - len(found[: _meant(edit)])
    stands = now.get(edit.address, _written(edit))
    if isinstance(wanted, Handler) and isinstance(stands, Handler):
        same = same_json(dict(stands.entry), dict(wanted.entry))
        return same and stands.matcher == wanted.matcher
    if isinstance(wanted, JsonValue) and isinstance(stands, JsonValue):
        return same_json(stands.value, wanted.value)
    return wanted is None and stands is ABSENT


def _handlers(edit: Edit, document: JsonDocument) -> tuple[Spot, ...]:
    event, _, name = edit.address.name.partition("/")
    return find_handlers(_at(document.root, ("hooks", event)), name, edit.recorded)


def _meant(edit: Edit) -> int | None:
    """How many of the handlers found an edit means: all of the dispatcher's, else one."""
    return None if edit.address.name.endswith((f"/{OWN}", f"/{OWN_ASYNC}")) else 1


def _at(root: object, keys: Sequence[str]) -> object:
    for key in keys:
        root = root.get(key) if isinstance(root, dict) else None
    return root


def _strip(root: object, edits: Iterable[Edit], *, now: bool) -> None:
    """Take out whatever the edits name, and containers on the way there that this empties."""
    for (part, pointer), group in groupby(edits, key=_batch_of):
        if part is Part.ELEMENT:
            _strip_elements(root, split_pointer(pointer), group)
            continue
        for edit in group:
            if part is Part.FIELD:
                _strip_field(root, edit.address.pointer)
            else:
                _strip_handler(root, edit, now=now)


def _batch_of(edit: Edit) -> tuple[Part, str]:
    return edit.address.part, pointer_text(edit.address.fragment)


def _strip_field(root: object, keys: Sequence[str]) -> None:
    parent = _at(root, keys[:-1])
    if isinstance(parent, dict):
        parent.pop(keys[-1], None)
    _prune(root, keys[:-1])


def _strip_elements(root: object, keys: Sequence[str], edits: Iterable[Edit]) -> None:
    items = _at(root, keys)
    if isinstance(items, list):
        unwanted = scalars_of([edit.address.element for edit in edits])
        items[:] = [item for item in items if not unwanted.intersection(scalars_of([item]))]
    _prune(root, keys)


def _strip_handler(root: object, edit: Edit, *, now: bool) -> None:
    event, _, name = edit.address.name.partition("/")
    groups = _at(root, ("hooks", event))
    found = find_handlers(groups, name, _written(edit) if now else edit.recorded)[: _meant(edit)]
    if now and edit.value is None:
        found = ()  # what answers to the id of a removed handler is a twin of the user's
    for spot in sorted(found, key=lambda spot: (spot.group, spot.index), reverse=True):
        assert isinstance(groups, list)
        group = groups[spot.group]
        del group["hooks"][spot.index]
        if not group["hooks"] and group.keys() <= _GROUP_KEYS:
            del groups[spot.group]
    _prune(root, ("hooks", event))


def _prune(root: object, keys: Sequence[str]) -> None:
    for depth in range(len(keys), 0, -1):
        parent = _at(root, keys[: depth - 1])
        child = _at(root, keys[:depth])
        if isinstance(parent, dict) and isinstance(child, (dict, list)) and not child:
            del parent[keys[depth - 1]]
