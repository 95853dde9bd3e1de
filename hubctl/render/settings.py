"""Renders client settings: `.claude/settings.json`, `settings.local.json`, and the host's file.

Every key passes: there is no list of known ones here, the lint judges them. Files and keys that
the client writes too are shared, so only fields are ever owned. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from hubctl.config.merge import is_set_like, merge_map
from hubctl.config.secrets import is_sensitive
from hubctl.model.address import Address
from hubctl.model.item import Item, JsonValue
from hubctl.model.state import Scope
from hubctl.render.fields import flatten, standing_in
from hubctl.render.settings_hooks import wanted_handlers
from hubctl.render.spec import is_committed, map_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.model.target import Subject

NAME = "settings"
SETTINGS = ".claude/settings.json"
LOCAL_SETTINGS = ".claude/settings.local.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile:
    """One settings file and the parts of the spec that go into it, later ones on top."""

    path: str
    scope: Scope
    roots: tuple[str, ...]


def render(subject: Subject) -> Iterator[Item]:
    """One item per field, list element and hook handler of every settings file.

    Raises:
        SpecError: `hooks` inside settings has a shape that the client has no meaning for.
    """
    for file in settings_files(subject):
        layers = {root: map_at(subject.spec, root) for root in file.roots}
        yield from _field_items(subject, file, layers)
        yield from _handler_items(subject, file, layers)


def settings_files(subject: Subject) -> tuple[SettingsFile, ...]:
    """Which settings files the target has."""
    if subject.target.is_host:
        return (SettingsFile(path=SETTINGS, scope=Scope.LOCAL, roots=("settings",)),)
    if not is_committed(subject):
        return (SettingsFile(path=LOCAL_SETTINGS, scope=Scope.LOCAL, roots=("settings", "local")),)
    return (
        SettingsFile(path=SETTINGS, scope=Scope.COMMITTED, roots=("settings",)),
        SettingsFile(path=LOCAL_SETTINGS, scope=Scope.LOCAL, roots=("local",)),
    )


def _field_items(
    subject: Subject, file: SettingsFile, layers: Mapping[str, Mapping[str, object]]
) -> Iterator[Item]:
    plain = {root: _without_hooks(layer) for root, layer in layers.items()}
    merged = reduce(lambda base, over: merge_map(base, over, ("settings",)), plain.values())
    last_first = [(root, standing_in(layer)) for root, layer in reversed(plain.items())]
    for leaf in flatten(merged, is_set_like):
        root = next(root for root, stands in last_first if stands(leaf))
        yield Item(
            address=_address(subject, file, leaf.fragment),
            value=JsonValue(value=leaf.value),
            scope=file.scope,
            renderer=NAME,
            spec=(root, *leaf.spec),
            sensitive=is_sensitive(leaf.keys),
        )


def _handler_items(
    subject: Subject, file: SettingsFile, layers: Mapping[str, Mapping[str, object]]
) -> Iterator[Item]:
    hooks = {root: layer["hooks"] for root, layer in layers.items() if layer.get("hooks")}
    for wanted in wanted_handlers(subject.target.name, hooks):
        yield Item(
            address=_address(subject, file, f"hook:{wanted.event}/{wanted.id}"),
            value=wanted.handler,
            scope=file.scope,
            renderer=NAME,
            spec=(wanted.root, "hooks", wanted.event),
            sensitive=any(
                is_sensitive(leaf.keys) for leaf in flatten(wanted.handler.entry, is_set_like)
            ),
        )


def _address(subject: Subject, file: SettingsFile, fragment: str) -> Address:
    return Address(target=subject.target.name, path=file.path, fragment=fragment)


def _without_hooks(settings: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in settings.items() if key != "hooks"}
