"""Editing one layer of canonical.yaml so that a target's spec says something else. Pure.

A layer is `overrides` of a repository, a profile, `defaults` or `global`. Every edit keeps the
spelling that stands there and adds the least: what a lower layer brings is removed by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hubctl.adopt.difference import written_hook
from hubctl.config.edit import add_to_list, remove_from_list, remove_value, set_value
from hubctl.config.hooks import event_name, normal_entry
from hubctl.config.load import load
from hubctl.config.merge import is_edit
from hubctl.config.resolve import resolve
from hubctl.documents.hook_groups import handler_id
from hubctl.errors import UsageError
from hubctl.model.address import HOST

if TYPE_CHECKING:
    from hubctl.model.item import Handler

Keys = tuple[str, ...]
_SHORT: Final = ("permissions", "env")
_MISSING: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Where to edit: the bytes of canonical.yaml, its file, the target, the path of the layer."""

    data: bytes
    file: str
    target: str
    path: Keys

    def document(self) -> dict[str, Any]:
        """The document as it is now."""
        return dict(load(self.data, file=self.file).document)

    def says(self, keys: Keys) -> Any:
        """What the layer says at a key path, `_MISSING` where nothing."""
        return _at(self.document(), (*self.path, *keys))

    def resolved(self, keys: Keys) -> Any:
        """What the target's spec has at a path."""
        return _at(resolve(self.document(), self.target), keys)


def layer_of(data: bytes, file: str, target: str, name: str = "") -> Layer:
    """The layer that is the target's own, or the one named: `defaults`, `profiles.NAME`, `global`.

    Raises:
        UsageError: canonical.yaml has no such layer.
    """
    own: Keys = ("global",) if target == HOST else ("repositories", target, "overrides")
    path = _parsed(name) if name else own
    layer = Layer(data=data, file=file, target=target, path=path)
    if name and _at(layer.document(), path) is _MISSING:
        raise UsageError(
            f"canonical.yaml has no layer {name!r}", hint="defaults, global, or profiles.NAME"
        )
    return layer


def _parsed(name: str) -> Keys:
    head, dot, rest = name.partition(".")
    if name in ("defaults", "global"):
        return (name,)
    if head == "profiles" and dot and rest:
        return (head, rest)
    raise UsageError(f"not a layer: {name!r}", hint="defaults, global, or profiles.NAME")


def set_field(layer: Layer, section: str, keys: Keys, value: Any) -> bytes:
    """The document that gives the target `value` at a path of a section of its spec."""
    path = _place(layer, section, keys, value)
    return set_value(layer.data, (*layer.path, *path), value, file=layer.file)


def unset_field(layer: Layer, section: str, keys: Keys) -> bytes:
    """The document in which the target has nothing at a path of a section."""
    data = layer.data
    for form in _forms(section, keys):
        if layer.says(form) is not _MISSING:
            data = remove_value(data, (*layer.path, *form), file=layer.file)
    after = _with(layer, data)
    if after.resolved((section, *keys)) is _MISSING:
        return data
    path = _place(after, section, keys, None)
    return set_value(data, (*layer.path, *path), None, file=layer.file)


def add_element(layer: Layer, section: str, keys: Keys, element: Any) -> bytes:
    """The document that has an element in a set-like list of a section."""
    path = (*layer.path, *_place(layer, section, keys, [element]))
    return add_at(layer, path, (section, *keys), element)


def add_at(layer: Layer, path: Keys, spec: Keys, element: Any) -> bytes:
    """The same at a path of the document; `spec` is where it shows."""
    data, file = layer.data, layer.file
    said = _at(layer.document(), path)
    if not is_edit(said):
        return add_to_list(data, path, element, file=file)
    if element in said.get("remove", ()):
        data = remove_from_list(data, (*path, "remove"), element, file=file)
        if _has(_with(layer, data).resolved(spec), element):
            return data
    key = "only" if "only" in said else "add"
    return add_to_list(data, (*path, key), element, file=file)


def remove_element(layer: Layer, section: str, keys: Keys, element: Any) -> bytes:
    """The document without an element of a set-like list of a section."""
    path = (*layer.path, *_place(layer, section, keys, [element]))
    return remove_at(layer, path, (section, *keys), element)


def remove_at(layer: Layer, path: Keys, spec: Keys, element: Any) -> bytes:
    """The same at a path of the document; `spec` is where it shows."""
    data, file = layer.data, layer.file
    said = _at(layer.document(), path)
    if isinstance(said, list) and element in said:
        data = remove_from_list(data, path, element, file=file)
    for key in ("only", "add") if is_edit(said) else ():
        if element in said.get(key, ()):
            data = remove_from_list(data, (*path, key), element, file=file)
    after = _with(layer, data)
    if not _has(after.resolved(spec), element):
        return data
    left = _at(after.document(), path)
    if is_edit(left):
        return add_to_list(data, (*path, "remove"), element, file=file)
    more = {"add": left} if isinstance(left, list) and left else {}
    return set_value(data, path, {"remove": [element], **more}, file=file)


def set_handler(layer: Layer, event: str, name: str, scope: str, handler: Handler | None) -> bytes:
    """The document that has this handler of a user's own (None: none) under an id and scope."""
    before = _handler_entry(layer, event, name, scope)
    key = _event_key(layer, event)
    path = (*layer.path, "hooks", key)
    if before is not None:
        spelled = _spelled(layer, path, before)
        layer = _with(layer, _remove_hook(layer, path, event, before, spelled))
    if handler is None:
        return layer.data
    entry = {"handler": dict(handler.entry), "matcher": handler.matcher, "scope": scope}
    return add_at(layer, path, ("hooks", event), written_hook(entry))


def _remove_hook(layer: Layer, path: Keys, event: str, before: Any, spelled: Any) -> bytes:
    data = layer.data
    said = _at(layer.document(), path)
    if isinstance(said, list) and spelled in said:
        return remove_from_list(data, path, spelled, file=layer.file)
    for key in ("only", "add") if is_edit(said) else ():
        if spelled in said.get(key, ()):
            return remove_from_list(data, (*path, key), spelled, file=layer.file)
    written = written_hook(before)
    if is_edit(said):
        return add_to_list(data, (*path, "remove"), written, file=layer.file)
    more = {"add": said} if isinstance(said, list) and said else {}
    return set_value(data, path, {"remove": [written], **more}, file=layer.file)


def _handler_entry(layer: Layer, event: str, name: str, scope: str) -> Any:
    entries = layer.resolved(("hooks", event))
    for entry in entries if isinstance(entries, list) else ():
        ours = "handler" in entry and entry["scope"] == scope
        if ours and handler_id(entry["handler"]) == name:
            return entry
    return None


def _spelled(layer: Layer, path: Keys, entry: Any) -> Any:
    """The entry as it is written in this layer, `_MISSING` where it is not."""
    said = _at(layer.document(), path)
    lists = said.values() if is_edit(said) else (said,)
    for values in lists:
        for value in values if isinstance(values, list) else ():
            if normal_entry(value) == entry:
                return value
    return _MISSING


def _event_key(layer: Layer, event: str) -> str:
    """The event as this layer spells it."""
    said = layer.says(("hooks",))
    keys = said if isinstance(said, dict) else ()
    return next((key for key in keys if event_name(key) == event), event)


def _with(layer: Layer, data: bytes) -> Layer:
    return Layer(data=data, file=layer.file, target=layer.target, path=layer.path)


def _forms(section: str, keys: Keys) -> tuple[Keys, ...]:
    """How a layer may spell a path: the short form first."""
    if section == "mcp":
        return (("mcp", *keys),)
    head: Keys = ("local",) if section == "local" else ()
    long = (*head, "settings", *keys)
    return ((*head, *keys), long) if keys[0] in _SHORT else (long,)


def _place(layer: Layer, section: str, keys: Keys, value: Any) -> Keys:
    """Where a path is spelled, or would be."""
    forms = _forms(section, keys)
    for form in forms:
        if layer.says(form) is not _MISSING:
            return form
    simple = value is None or isinstance(value, (str, list))
    return forms[0] if simple else forms[-1]


def _has(values: Any, element: Any) -> bool:
    return isinstance(values, list) and element in values


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return _MISSING
        value = value[key]
    return value
