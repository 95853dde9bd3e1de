"""Taking entries out of the `repos:` list of a pre-commit configuration.

A list that this empties gets back what stood behind `repos:` before we filled it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.documents.yaml_document import REPOS, hook_id, hook_nodes
from hubctl.documents.yaml_nodes import member
from hubctl.documents.yaml_spans import (
    cut_flow,
    cut_lines,
    entry_lines,
    is_flow,
    line_end,
    line_start,
)

if TYPE_CHECKING:
    from hubctl.documents.yaml_document import Entry, YamlDocument

ABSENT = "absent"
# What may stand behind `repos:` when it has no entries; a ledger can hold anything.
EMPTY = re.compile(r"[ \t\r\n]*(?:\[[ \t\r\n]*\]|~|null|Null|NULL)?\Z")


def remove_entry(
    path: str, document: YamlDocument, entry: Entry, name: str, records: dict[str, str]
) -> str:
    """The text without an entry, or without our hook alone where the user keeps others in it."""
    assert document.repos is not None
    if not entry.whole:
        return remove_hook(document, entry.number, name)
    text, (_, sequence) = document.text, document.repos
    if len(document.entries()) == 1:
        return _empty(path, document, records)
    if is_flow(sequence):
        return cut_flow(text, sequence, entry.number)
    return cut_lines(text, *entry_lines(text, sequence, entry.number), document.node)


def _empty(path: str, document: YamlDocument, records: dict[str, str]) -> str:
    """Take out the only entry, and give `repos:` back as it was before we filled it."""
    assert document.repos is not None
    text, (key, sequence) = document.text, document.repos
    record = records.pop(f"{path}#/{REPOS}", " []")
    colon = text.index(":", key.end_mark.index) + 1
    if is_flow(sequence):
        held = record if EMPTY.match(record) else " []"
        return text[:colon] + held + text[sequence.end_mark.index :]
    start, end = entry_lines(text, sequence, 0)
    if record == ABSENT:
        first = line_start(text, key.start_mark.index)
        if line_end(text, colon) == start and not text[colon:start].strip():
            return cut_lines(text, first, end, document.node)
    held = record if EMPTY.match(record) else " []"
    text = cut_lines(text, start, end, document.node)
    return text[:colon] + held + text[colon:]


def remove_hook(document: YamlDocument, number: int, name: str) -> str:
    """The text without our hook in an entry in which the user keeps others."""
    text, entry = document.text, document.entries()[number]
    hooks = member(entry, "hooks")
    assert hooks is not None
    ids = [hook_id(hook) for hook in hook_nodes(entry)]
    if is_flow(hooks[1]):
        return cut_flow(text, hooks[1], ids.index(name))
    return cut_lines(text, *entry_lines(text, hooks[1], ids.index(name)), document.node)
