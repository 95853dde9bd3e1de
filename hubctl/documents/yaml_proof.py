"""Proof that an edited pre-commit configuration holds every edit and says all else as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.edits import DocumentError
from hubctl.documents.same import same_json
from hubctl.documents.yaml_document import REPOS, YamlDocument, hook_id, hook_nodes, wanted_ids
from hubctl.documents.yaml_nodes import digest, members
from hubctl.errors import OperationError
from hubctl.model.item import Handler, hash_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.documents.edits import Edit
    from hubctl.documents.yaml_nodes import Node


def prove_yaml(path: str, before: YamlDocument, after: YamlDocument, edits: Sequence[Edit]) -> None:
    """Check that every edit holds and everything else says what it said.

    Raises:
        OperationError: it is not so.
        DocumentError: it is not so because the user's own values repeat what is edited.
    """
    for edit in edits:
        if not _holds(edit, before, after):
            raise OperationError(f"{edit.address}: the edited file would not hold this entry")
    ids = {name for edit in edits for name in _own_ids(edit, before)}
    if _foreign(before, ids) != _foreign(after, ids):
        if "*" in before.text:
            raise DocumentError(
                "an alias elsewhere in the file repeats what would change here",
                hint="write it out, then try again",
            )
        raise OperationError(f"{path}: editing would change entries that are not ours")


def _own_ids(edit: Edit, before: YamlDocument) -> set[str]:
    """The hook ids that an edit may put in or take out."""
    own = {edit.address.name.partition("/")[2]}
    found = before.find(edit.address, edit.recorded)
    if found and found[0].whole:
        own.update(before.ids(found[0].number))
    return own | (wanted_ids(edit.value) if isinstance(edit.value, Handler) else set())


def _holds(edit: Edit, before: YamlDocument, after: YamlDocument) -> bool:
    if not isinstance(edit.value, Handler):
        left = max(len(before.find(edit.address, edit.recorded)) - 1, 0)
        return len(after.find(edit.address, edit.recorded)) == left
    stands = after.get(edit.address, hash_value(edit.value))
    wanted = dict(edit.value.entry)
    return isinstance(stands, Handler) and same_json(dict(stands.entry), wanted)


def _foreign(document: YamlDocument, ids: set[str]) -> list[object]:
    """Digests of all that is not ours: other keys, other entries, other hooks beside ours."""
    known: dict[int, str] = {}
    found: list[object] = [
        (digest(key, known), digest(value, known))
        for key, value in members(document.node)
        if key.id != "scalar" or key.value != REPOS
    ]
    for number, entry in enumerate(document.entries()):
        own = document.ids(number)
        if not own or not set(own) <= ids:
            found.append(_entry_digests(entry, ids, known))
    return found


def _entry_digests(entry: Node, ids: set[str], known: dict[int, str]) -> tuple[str, ...]:
    if not members(entry):
        return (digest(entry, known),)
    keys = [
        digest(part, known)
        for key, value in members(entry)
        if key.value != "hooks" or value.id != "sequence"
        for part in (key, value)
    ]
    hooks = [digest(hook, known) for hook in hook_nodes(entry) if hook_id(hook) not in ids]
    return (*keys, "hooks", *hooks)
