"""Editing a document: the format's own editor does the work and proves it.

Every editor keeps three promises: values that no edit names stay as they are, byte for byte; making
the same edits again changes nothing; setting something new and removing it gives the old bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.documents.read import JSON, YAML_ENTRIES, format_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.documents.edits import Edit, Edited


def edit_document(
    path: str, data: bytes | None, edits: Sequence[Edit], containers: Mapping[str, str]
) -> Edited:
    """Make all edits in a file's bytes.

    Args:
        path: logical path; decides the format.
        data: the bytes, None where the file is absent.
        edits: all for this file; their order does not matter.
        containers: what the ledger has recorded for this file (see Edited.containers).

    Returns:
        The new bytes, the same object where nothing changes, and all containers of the file.

    Raises:
        DocumentError: the bytes cannot be parsed, the edits contradict each other, or something
            stands in the way of one.
        OperationError: the result failed its proof; nothing may be written.
    """
    kind = format_of(path)
    if kind == JSON:
        from hubctl.documents.json_edit import edit_json

        return edit_json(path, data, edits, containers)
    if kind == YAML_ENTRIES:
        from hubctl.documents.yaml_edit import edit_yaml

        return edit_yaml(path, data, edits, containers)
    from hubctl.documents.text_edit import edit_text

    return edit_text(path, data, edits, containers)
