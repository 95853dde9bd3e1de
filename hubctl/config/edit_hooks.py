"""Switching a hook on and off in canonical.yaml: which lists of hooks have to say what.

An entry that stands there keeps its options: off is `enabled: false` in it. Which hooks and events
exist is not known here, and canonical.local.yaml is never touched. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubctl.config.edit import FILE, set_value
from hubctl.config.hooks import HOST, normal_hook
from hubctl.config.layers import mapping
from hubctl.config.load import LOCAL
from hubctl.config.merge import is_edit
from hubctl.config.semantic_bodies import bodies
from hubctl.model.events import normal_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Document = dict[str, Any]
    Change = tuple[tuple[str, ...], Any]
    """Path of a list of hooks, and what it is to be."""


def changed(data: bytes, changes: Iterable[Change], *, file: str = FILE) -> bytes:
    """canonical.yaml with these changes; raises like `edit.set_value`."""
    for path, value in changes:
        data = set_value(data, path, value, file=file)
    return data


def everywhere(document: Document, hook: str, *, on: bool, host: bool = False) -> Iterator[Change]:
    """Every entry of a hook switched on or off; with `host` only those that go to the account."""
    for path, value in _all_lists(document):
        new = _each(value, lambda entry: _switched(entry, hook, on=on, host=host))
        if new != value:
            yield path, new


def at(
    document: Document, where: tuple[str, ...], hook: str, events: Sequence[str], *, on: bool
) -> Iterator[Change]:
    """The layer at `where` saying for each event whether the hook runs, whatever others say."""
    hooks = mapping(_section(document, where).get("hooks"))
    elsewhere = is_listed(document, hook)
    entry: Any = {"hook": hook, "enabled": on} if elsewhere or not on else hook
    for event in events:
        key = _key(hooks, event)
        value = hooks.get(key)
        if _lists(value, hook):
            new = _each(value, lambda one: _said(one, hook, on=on))
        else:
            new = _with(value, entry)
        if new != value:
            yield (*where, "hooks", key), new


def listed_anew(document: Document, hook: str, events: Sequence[str]) -> Iterator[Change]:
    """The hook under `defaults`, for each of its events."""
    hooks = mapping(mapping(document.get("defaults")).get("hooks"))
    for event in events:
        key = _key(hooks, event)
        yield ("defaults", "hooks", key), _with(hooks.get(key), hook)


def is_listed(document: Document, hook: str) -> bool:
    """Whether any layer of canonical.yaml has an entry of the hook, on or off."""
    return any(_lists(value, hook) for _, value in _all_lists(document))


def _all_lists(document: Document) -> Iterator[Change]:
    for path, body in bodies(document):
        if path[0] != LOCAL:
            where = tuple(str(key) for key in path)
            for key, value in mapping(body.get("hooks")).items():
                yield (*where, "hooks", key), value


def _section(document: Document, where: tuple[str, ...]) -> Document:
    section: Any = document
    for key in where:
        section = mapping(section).get(key)
    return mapping(section)


def _key(hooks: Document, event: str) -> str:
    """How the list of an event is written there; events have two spellings."""
    return next((key for key in hooks if normal_event(key) == event), event)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """A list of entries, or an edit of one, with `change` made to all that it brings in."""
    if isinstance(value, list):
        return [change(entry) for entry in value]
    if is_edit(value):
        brings = {key: [change(e) for e in value[key]] for key in ("only", "add") if key in value}
        return {**value, **brings}
    return value


def _lists(value: Any, hook: str) -> bool:
    if is_edit(value):
        value = [*value.get("only", ()), *value.get("add", ())]
    return isinstance(value, list) and any(_names(entry, hook) for entry in value)


def _names(entry: Any, hook: str) -> bool:
    written = entry.get("hook") if isinstance(entry, dict) else entry
    return isinstance(written, str) and normal_hook(written) == hook


def _switched(entry: Any, hook: str, *, on: bool, host: bool) -> Any:
    if not _names(entry, hook):
        return entry
    if host and not (isinstance(entry, dict) and entry.get("scope") == HOST):
        return entry
    if not on:
        return _said(entry, hook, on=False)
    if isinstance(entry, str):
        return entry
    kept = {key: value for key, value in entry.items() if key != "enabled"}
    return kept["hook"] if set(kept) == {"hook"} else kept


def _said(entry: Any, hook: str, *, on: bool) -> Any:
    """The entry saying in words whether it is on."""
    if not _names(entry, hook):
        return entry
    return {"hook": entry, "enabled": on} if isinstance(entry, str) else {**entry, "enabled": on}


def _with(value: Any, entry: Any) -> Any:
    if is_edit(value):
        return {**value, "add": [*value.get("add", ()), entry]}
    return [*(value if isinstance(value, list) else ()), entry]
