"""Renders the compiled registry: the rows a hook run reads, with every option decided.

It lies in the state folder, never in the repository, because it decides what guards do. Its form
is schemas/hook-registry.schema.json; its reader is hooks_shared.compiled.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import FileText, Item
from hubctl.model.state import Scope
from hubctl.render.hook_selection import enabled
from hubctl.render.origin import origin
from hubctl.system.hooks_package import compiled, places

if TYPE_CHECKING:
    from hubctl.model.target import Subject
    from hubctl.render.hook_selection import Enabled

NAME = "hook-registry"


def render(subject: Subject) -> tuple[Item, ...]:
    """The registry, where any hook of ours is enabled."""
    rows = enabled(subject)
    if not rows:
        return ()
    events: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        events.setdefault(row.event, []).append(_row(row))
    document = {
        "comment": origin(subject.canonical),
        "format": compiled.FORMAT,
        "hub": subject.hub,
        "target": subject.target.name,
        "events": events,
    }
    return (
        Item(
            address=Address(target=subject.target.name, path=f"@state/{places.REGISTRY}"),
            value=FileText(text=json.dumps(document, indent=1) + "\n"),
            scope=Scope.LOCAL,
            renderer=NAME,
            spec=("hooks",),
        ),
    )


def _row(row: Enabled) -> dict[str, object]:
    hook = row.hook
    return {
        "id": hook.id,
        "module": hook.module,
        "lane": row.lane,
        "tools": list(hook.tools),
        "order": hook.order,
        "deadline": hook.deadline,
        "on_error": hook.on_error,
        "options": dict(row.options),
    }
