"""Byte-preserving edits of canonical.yaml: only the lines that must change do.

Each edit parses, splices the text at the nodes' places, parses again and proves that the result
means the old document with exactly that edit; bytes that cannot be proved are never returned.
Nothing is ever loaded and dumped. Pure: bytes in, bytes out.

- A path is a tuple of keys; lists have no positions (`add_to_list`, `remove_from_list`).
- Setting what stands there, adding an element that is there, removing what is not: the same bytes.
- Comments stay, except those inside a value that is removed or replaced as a whole (deeper than its
  key). A comment above a removed key stays too: it may be about more than that key.
- Where the last entry goes, `{}` or `[]` stays, so that nothing else changes its meaning.
- A new key stands behind the last one of its mapping; a null or `{}` becomes a block.
- The end of the file stays as it is, with or without a line end, unless a value would change: a `|`
  block that ends the file without one gets `|-` when something is put behind it.
- An edit through an alias or a merge, or into a value that an alias elsewhere shares, is refused; a
  merged key may be overridden by a value of its own.
"""

from __future__ import annotations

import math

from hubctl.config import edit_changes
from hubctl.config.edit_source import Source, open_source
from hubctl.config.edit_tree import MERGE
from hubctl.config.places import path_text
from hubctl.config.scalars import MAX_DIGITS
from hubctl.config.values import MAX_DEPTH
from hubctl.errors import UsageError

FILE = "canonical.yaml"


def set_value(data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE) -> bytes:
    """The document with the JSON-like `value` at `path`; missing mappings on the way are made.

    Inside a mapping or list that is there, only what differs is touched.

    Raises:
        CanonicalError: the document cannot be edited (its findings say why).
        UsageError: the path leads through something that is no mapping or is shared.
        OperationError: the result could not be proved right.
    """
    return set_in(open_source(data, file), path, value)


def set_in(source: Source, path: tuple[str, ...], value: object) -> bytes:
    """`set_value` in a file that is open already."""
    _check_path(path)
    _check_value(value, path, len(path))
    wanted = source.values.of(value)
    if source.at(path) == wanted:
        return source.data
    return source.rewrite(path, wanted, lambda edit: edit_changes.set_value(edit, value))


def remove_value(data: bytes, path: tuple[str, ...], *, file: str = FILE) -> bytes:
    """The document without the key at the end of `path`; raises like `set_value`."""
    return remove_in(open_source(data, file), path)


def remove_in(source: Source, path: tuple[str, ...]) -> bytes:
    """`remove_value` in a file that is open already."""
    _check_path(path)
    if source.at(path) is None:
        return source.data
    return source.rewrite(path, None, edit_changes.remove_value)


def add_to_list(data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE) -> bytes:
    """The document with `value` at the end of the list at `path`, unless the list has it.

    A list that is missing or null is made; raises like `set_value`.
    """
    _check_path(path)
    _check_value(value, path, len(path) + 1)
    source = open_source(data, file)
    items = source.items(path)
    number = source.values.of(value)
    if number in items:
        return data
    wanted = source.values.of_list([*items, number])
    return source.rewrite(path, wanted, lambda edit: edit_changes.append_item(edit, value))


def remove_from_list(
    data: bytes, path: tuple[str, ...], value: object, *, file: str = FILE
) -> bytes:
    """The document without any element equal to `value` in the list at `path`.

    Raises like `set_value`.
    """
    _check_path(path)
    _check_value(value, path, len(path) + 1)
    source = open_source(data, file)
    items = source.items(path)
    number = source.values.of(value)
    if number not in items:
        return data
    wanted = source.values.of_list(item for item in items if item != number)
    return source.rewrite(path, wanted, lambda edit: edit_changes.remove_items(edit, number))


def keys_at(data: bytes, path: tuple[str, ...], *, file: str = FILE) -> tuple[str, ...]:
    """The keys of the mapping at `path`, merged ones included, in order; () if there is none.

    Raises:
        CanonicalError: the document is no YAML.
    """
    return open_source(data, file).keys(path)


def _check_path(path: tuple[str, ...]) -> None:
    if not path:
        raise UsageError("an edit needs the path of a key", hint="for example repositories.api")
    if MERGE in path:
        raise UsageError("`<<` merges mappings and is no key", hint="edit it by hand")
    for key in path:
        _check_value(key, path, 0)
    if len(path) > MAX_DEPTH:
        raise UsageError(f"a path of {len(path)} keys is deeper than {MAX_DEPTH} levels")


def _check_value(value: object, path: tuple[str, ...], depth: int) -> None:
    """Refuse what canonical.yaml cannot hold."""
    problem = _problem(value)
    if depth > MAX_DEPTH:
        problem = f"values are nested deeper than {MAX_DEPTH} levels"
    if problem:
        raise UsageError(f"`{path_text(path)}` cannot be set: {problem}")
    inner = value if isinstance(value, (list, tuple)) else ()
    if isinstance(value, dict):
        inner = (*value, *value.values())
    for item in inner:
        _check_value(item, path, depth + 1)


def _problem(value: object) -> str:
    if isinstance(value, dict):
        wrong = [key for key in value if not isinstance(key, str)]
        return f"the key {wrong[0]!r} is no text" if wrong else ""
    if isinstance(value, str):
        surrogate = any("\ud800" <= c <= "\udfff" for c in value)
        return "the text holds half a character (a surrogate)" if surrogate else ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else f"{value} is no number in JSON"
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        return f"a number of more than {MAX_DIGITS} digits"
    known = value is None or isinstance(value, (bool, int, list, tuple))
    return "" if known else f"a {type(value).__name__} is no JSON value"
