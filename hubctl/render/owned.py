"""Renders what a target's hooks know of what is ours: files, blocks and fields, with their values.

It lies beside the compiled registry, and only where a hook reads it (hooks_shared.writes.owned), so
that no other run pays for it. It looks at the items of all renderers. Sensitive values stay out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.address import Address, Part
from hubctl.model.item import FileText, Handler, Item, JsonValue
from hubctl.model.state import Scope
from hubctl.render.hook_registry import NAME
from hubctl.render.hook_selection import enabled
from hubctl.render.origin import origin
from hubctl.system.hooks_package import compiled, places, registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.model.target import Subject, Target

_STATE = "@state/"


def owned_items(subject: Subject, items: Sequence[Item]) -> tuple[Item, ...]:
    """The list of what is ours among `items`, where a hook of this target reads it."""
    if not any(row.hook.id in registry.KNOW_WHAT_IS_OURS for row in enabled(subject)):
        return ()
    files: dict[str, dict[str, object]] = {}
    for item in sorted(items, key=lambda item: item.address):
        address = item.address
        if address.part is not Part.UNIT and not address.path.startswith(_STATE):
            files.setdefault(_place(subject.target, address), {})[address.fragment] = _known(item)
    document = {
        "comment": origin(subject.canonical),
        "format": compiled.FORMAT,
        "hub": subject.hub,
        "target": subject.target.name,
        "files": files,
    }
    return (
        Item(
            address=Address(target=subject.target.name, path=f"{_STATE}{places.OWNED}"),
            value=FileText(text=json.dumps(document, indent=1) + "\n"),
            scope=Scope.LOCAL,
            renderer=NAME,
            spec=("hooks",),
        ),
    )


def _place(target: Target, address: Address) -> str:
    """Relative where every checkout has the file; absolute where the machine has it once."""
    if any(address.path.startswith(prefix) for prefix in target.roots):
        return target.absolute(address.path)
    return target.absolute(address.path) if target.is_host else address.path


def _known(item: Item) -> dict[str, object]:
    """What a hook may compare: fields and handlers that are no secret."""
    if item.sensitive:
        return {}
    if isinstance(item.value, JsonValue):
        return {"value": item.value.value}
    if isinstance(item.value, Handler):
        return {"value": {"matcher": item.value.matcher, "entry": dict(item.value.entry)}}
    return {}
