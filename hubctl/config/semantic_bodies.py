"""Every profile body of a document with its path: where checks look for what bodies hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.layers import Body, mapping
from hubctl.config.load import LOCAL
from hubctl.config.merge import is_edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.config.places import DocPath


def bodies(document: Body) -> Iterator[tuple[DocPath, Body]]:
    """Defaults, profiles, overrides, `global`, and the same of canonical.local.yaml."""
    for key in ("defaults", "global"):
        if document.get(key):
            yield (key,), mapping(document[key])
    for name, body in mapping(document.get("profiles")).items():
        yield ("profiles", name), mapping(body)
    yield from _overrides(document, ())
    local = mapping(document.get(LOCAL))
    yield from _overrides(local, (LOCAL,))
    if local.get("global"):
        yield (LOCAL, "global"), mapping(local["global"])


def _overrides(document: Body, prefix: DocPath) -> Iterator[tuple[DocPath, Body]]:
    for name, entry in mapping(document.get("repositories")).items():
        overrides = mapping(entry).get("overrides")
        if overrides:
            yield (*prefix, "repositories", name, "overrides"), mapping(overrides)


def added(value: Any, path: DocPath) -> Iterator[tuple[DocPath, Any]]:
    """The elements that a list or an edit of one brings in, with their paths."""
    lists = [(path, value)]
    if is_edit(value):
        lists = [((*path, key), value[key]) for key in ("only", "add") if key in value]
    for where, elements in lists:
        for index, element in enumerate(elements if isinstance(elements, list) else ()):
            yield (*where, index), element
