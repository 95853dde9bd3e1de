"""Editing entries of the `repos:` list of a `.pre-commit-config.yaml`.

One change at a time, parsed anew after each; the result is proved against the parsed original.
Where an entry goes is yaml_insert's business, what is left behind one is yaml_remove's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.arrange import arrange
from hubctl.documents.edits import DocumentError, Edited
from hubctl.documents.same import same_json
from hubctl.documents.yaml_document import EVENT, YamlDocument, wanted_ids
from hubctl.documents.yaml_insert import append_entry, replace_entry
from hubctl.documents.yaml_nodes import compose
from hubctl.documents.yaml_proof import prove_yaml
from hubctl.documents.yaml_remove import ABSENT, remove_entry, remove_hook
from hubctl.model.address import Part
from hubctl.model.item import Handler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.documents.edits import Edit

_BOM = b"\xef\xbb\xbf"


def edit_yaml(
    path: str, data: bytes | None, edits: Sequence[Edit], containers: Mapping[str, str]
) -> Edited:
    """Make all edits; see `hubctl.documents.edit_document`."""
    ordered = arrange(edits).every()
    records = {path: ABSENT} if data is None else {**containers}
    before = YamlDocument(*compose(data or b""))
    text = before.text
    for edit in ordered:
        text = _make(path, text, edit, records)
    if records.get(path) == ABSENT and not text.strip():
        return Edited(data=None)
    try:
        prove_yaml(path, before, _parse(text), ordered)
    except RecursionError:
        raise DocumentError("aliases nest too deeply to edit this file safely") from None
    if data is not None and text == before.text:
        return Edited(data=data, containers=records)
    mark = _BOM if data is not None and data.startswith(_BOM) else b""
    return Edited(data=mark + text.encode(), containers=records)


def _make(path: str, text: str, edit: Edit, records: dict[str, str]) -> str:
    event, _, name = edit.address.name.partition("/")
    known = edit.address.part is Part.HANDLER and event == EVENT and name
    if not known or not isinstance(edit.value, Handler | None):
        raise DocumentError(f"{edit.address} cannot stand in a pre-commit configuration")
    document = _parse(text)
    found = document.find(edit.address, edit.recorded)
    if edit.value is None:
        return remove_entry(path, document, found[0], name, records) if found else text
    if not found:
        return append_entry(path, document, edit.value, records)
    entry = found[0]
    if same_json(dict(entry.value.entry), dict(edit.value.entry)):
        return text
    if entry.whole or wanted_ids(edit.value) >= set(document.ids(entry.number)):
        return replace_entry(document, entry.number, edit.value)
    # The user keeps hooks in this entry: ours moves into one of its own.
    rest = _parse(remove_hook(document, entry.number, name))
    return append_entry(path, rest, edit.value, records)


def _parse(text: str) -> YamlDocument:
    try:
        return YamlDocument(*compose(text.encode()))
    except DocumentError as error:
        raise DocumentError(
            f"this entry cannot be edited safely: {error.message}",
            hint="an anchor in it may be used elsewhere; write that out, then try again",
        ) from None
