"""Editing a JSON file: edits in, bytes out, proved before anybody sees them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.documents.arrange import arrange
from hubctl.documents.edits import DocumentError, Edited
from hubctl.documents.json_fields import (
    ABSENT,
    Tree,
    add_elements,
    remove_elements,
    remove_field,
    set_field,
)
from hubctl.documents.json_hooks import remove_handler, set_handler
from hubctl.documents.json_parse import decode_utf8, parse_json_text
from hubctl.documents.json_proof import prove_json
from hubctl.documents.json_style import detect_style
from hubctl.documents.json_syntax import Container, open_container, skip_space
from hubctl.model.address import Part, pointer_text
from hubctl.model.item import Handler, JsonValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.documents.arrange import Arranged
    from hubctl.documents.edits import Edit

_BOM = b"\xef\xbb\xbf"


def edit_json(
    path: str, data: bytes | None, edits: Sequence[Edit], containers: Mapping[str, str]
) -> Edited:
    """Make all edits; see `hubctl.documents.edit_document`."""
    arranged = arrange(edits)
    if data is None:
        return _edit_nothing(path, arranged)
    text = decode_utf8(data)
    before = parse_json_text(text)
    start = skip_space(text, 0)
    if text[start] != "{":
        raise DocumentError("the file holds no JSON object", line=1, column=1)
    root = open_container(text[start:], start)
    end = len(text.rstrip(" \t\r\n"))
    tree = Tree(
        path=path, text=text, root=root, style=detect_style(text, root), containers={**containers}
    )
    _make(tree, arranged.every())
    if tree.gone:
        prove_json(before, {}, arranged)
        return Edited(data=None)
    after = text[:start] + root.raw() + text[end:]
    if after == text:
        new = data
    else:
        mark = _BOM if data.startswith(_BOM) else b""
        new = mark + after.encode()
    prove_json(before, parse_json_text(after), arranged)
    return Edited(data=new, containers=tree.containers)


def _edit_nothing(path: str, arranged: Arranged) -> Edited:
    """A file that is not there: made from what is set, or left alone."""
    if not any(edit.value is not None for edit in arranged.lasting):
        return Edited(data=None)
    text = "{}\n"
    root = Container(brackets="{}", fresh=True)
    tree = Tree(path=path, text=text, root=root, style=detect_style(text, root))
    tree.containers[path] = ABSENT
    _make(tree, arranged.every())
    after = root.raw() + "\n"
    prove_json({}, parse_json_text(after), arranged)
    return Edited(data=after.encode(), containers=tree.containers)


def _make(tree: Tree, ordered: Iterable[Edit]) -> None:
    # Elements of one list go together: opening a long list once per element would be quadratic.
    for (kind, _, removing), group in groupby(ordered, key=_batch_of):
        edits = list(group)
        if kind is Part.ELEMENT:
            change = remove_elements if removing else add_elements
            change(tree, edits[0].address.pointer, [edit.address.element for edit in edits])
        else:
            for edit in edits:
                _make_one(tree, edit)


def _batch_of(edit: Edit) -> tuple[Part, str, bool]:
    return edit.address.part, pointer_text(edit.address.fragment), edit.value is None


def _make_one(tree: Tree, edit: Edit) -> None:
    part, value = edit.address.part, edit.value
    if part is Part.FIELD and isinstance(value, JsonValue):
        set_field(tree, edit.address.pointer, value.value)
    elif part is Part.FIELD and value is None:
        remove_field(tree, edit.address.pointer)
    elif part is Part.HANDLER and isinstance(value, Handler):
        set_handler(tree, edit.address.name, value, edit.recorded)
    elif part is Part.HANDLER and value is None:
        remove_handler(tree, edit.address.name, edit.recorded)
    else:
        raise DocumentError(f"{edit.address} cannot stand in a JSON file")
