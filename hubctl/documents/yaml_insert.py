"""Putting entries into the `repos:` list of a pre-commit configuration, in the layout it has.

What stands behind a `repos:` without entries is recorded before it is filled. Text in, text out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubctl.documents.places import newline_of
from hubctl.documents.yaml_document import REPOS
from hubctl.documents.yaml_nodes import member, wrong
from hubctl.documents.yaml_remove import ABSENT, EMPTY
from hubctl.documents.yaml_spans import (
    content_end,
    dash_column,
    ends_block_text,
    entry_lines,
    is_flow,
    is_left_out,
    line_end,
    line_start,
    list_end,
    put_lines,
    refuse_aliases,
    root_column,
)
from hubctl.documents.yaml_write import Layout, write_entry, write_flow

if TYPE_CHECKING:
    from hubctl.documents.yaml_document import YamlDocument
    from hubctl.documents.yaml_nodes import Node
    from hubctl.model.item import Handler

_ABOUT = "# hubctl: from canonical.yaml; edit there, then run hubctl apply"
_DOCUMENT_END = re.compile(r"^\.\.\.", re.MULTILINE)


def append_entry(path: str, document: YamlDocument, value: Handler, records: dict[str, str]) -> str:
    """The text with a new last entry; `records` is told what an empty `repos:` held.

    Raises:
        DocumentError: no list fits behind `repos:`, or the list is written with aliases.
    """
    text = document.text
    if document.repos is None:
        return _append_key(path, document, value, records)
    node = document.repos[1]
    if node.id == "sequence" and node.value:
        if is_flow(node):
            refuse_aliases(text, node)
            end = node.value[-1].end_mark.index
            return f"{text[:end]}, {write_flow(dict(value.entry))}{text[end:]}"
        return _put(document, text, list_end(text, node), _lines(document, value))
    if document.obstacle():
        raise wrong(text, node.start_mark.index, f"/{REPOS} is not a list, so nothing fits in it")
    return _fill(path, document, value, records)


def _fill(path: str, document: YamlDocument, value: Handler, records: dict[str, str]) -> str:
    """Put the first entry behind a `repos:` that has none."""
    assert document.repos is not None
    text = document.text
    key, node = document.repos
    colon = text.index(":", key.end_mark.index) + 1
    end = colon if is_left_out(node) else content_end(text, node)
    held = text[colon:end]
    if not EMPTY.match(held):
        raise wrong(text, colon, f"/{REPOS} is not written plainly", "write `repos: []` there")
    records[f"{path}#/{REPOS}"] = held
    if is_flow(document.node):
        return f"{text[:colon]} [{write_flow(dict(value.entry))}]{text[end:]}"
    text = text[:colon] + text[end:]
    return _put(document, text, line_end(text, colon), _lines(document, value))


def _append_key(path: str, document: YamlDocument, value: Handler, records: dict[str, str]) -> str:
    text, node = document.text, document.node
    if document.obstacle() or (node is not None and node.id == "mapping" and is_flow(node)):
        raise wrong(text, 0, "no `repos:` fits in here", "write `repos: []` into the file")
    records[f"{path}#/{REPOS}"] = ABSENT
    indent = " " * root_column(text, node)
    start = node.end_mark.index if node is not None else 0
    stop = _DOCUMENT_END.search(text, start)
    offset = stop.start() if stop else len(text)
    return _put(document, text, offset, [f"{indent}{REPOS}:", *_lines(document, value)])


def _put(document: YamlDocument, text: str, offset: int, lines: list[str]) -> str:
    open_end = offset == len(text) and not text.endswith("\n")
    if open_end and ends_block_text(document.text, document.node, len(document.text)):
        message = "the file ends in a text block without a line end"
        raise wrong(text, offset, message, "add a line end, then try again")
    return put_lines(text, offset, lines)


def _lines(document: YamlDocument, value: Handler) -> list[str]:
    return write_entry(value.entry, _layout(document), _ABOUT)


def _layout(document: YamlDocument) -> Layout:
    """The columns of the entries that stand there, else two spaces each."""
    text = document.text
    base = root_column(text, document.node)
    repos = document.repos[1] if document.repos else None
    if repos is None or not document.entries() or is_flow(repos):
        return Layout(dash=base + 2)
    dash = dash_column(text, repos)
    nested, content = dash - base, 2
    for entry in document.entries():
        start = entry.start_mark
        if "-" in text[line_start(text, start.index) : start.index]:
            content = start.column - dash
        hooks = member(entry, "hooks")
        if hooks and _is_block_list(*hooks):
            nested = dash_column(text, hooks[1]) - hooks[0].start_mark.column
    return Layout(dash=dash, content=max(content, 2), nested=max(nested, 0))


def _is_block_list(key: Node, value: Node) -> bool:
    """Whether a list stands in lines behind its key, not in brackets and not through an alias."""
    follows = value.start_mark.index > key.end_mark.index
    return bool(value.id == "sequence" and follows and not is_flow(value))


def replace_entry(document: YamlDocument, number: int, value: Handler) -> str:
    """The text with another value in the place of an entry, its end of line included."""
    assert document.repos is not None
    text, sequence = document.text, document.repos[1]
    if is_flow(sequence):
        refuse_aliases(text, sequence)
        node = sequence.value[number]
        new = write_flow(dict(value.entry))
        return text[: node.start_mark.index] + new + text[node.end_mark.index :]
    start, end = entry_lines(text, sequence, number)
    new = newline_of(text).join(_lines(document, value))
    last = text[start:end]
    return text[:start] + new + last[len(last.rstrip("\r\n")) :] + text[end:]
