"""Renders the compiled registry: the rows a hook run reads, with every option decided.

It lies in the state folder, never in the repository, because it decides what guards do. Its form
is schemas/hook-registry.schema.json; its reader is hooks_shared.compiled.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubctl.model.address import Address
from hubctl.model.item import FileText, Item
from hubctl.model.shared import Shared
from hubctl.model.state import Scope
from hubctl.render.hook_selection import enabled
from hubctl.render.origin import origin
from hubctl.render.own_hooks import own_hooks
from hubctl.system.hooks_package import compiled, contract, places

if TYPE_CHECKING:
    from hubctl.model.target import Subject
    from hubctl.render.hook_selection import Enabled

NAME = "hook-registry"


def render(subject: Subject) -> tuple[Item, ...]:
    """The registry, where any hook of ours is enabled."""
    rows = enabled(subject)
    if not rows:
        return ()
    head = {
        "comment": origin(subject.canonical),
        "format": compiled.FORMAT,
        "hub": subject.hub,
        "target": subject.target.name,
    }
    shared = (rows, subject.sources.get("hooks", ()))
    events = _EVENTS.get(shared, subject.hub, lambda: _events(subject, rows))
    return (
        Item(
            address=Address(target=subject.target.name, path=f"@state/{places.REGISTRY}"),
            value=FileText(text=f'{json.dumps(head, indent=1)[:-2]},\n "events": {events}\n}}\n'),
            scope=Scope.LOCAL,
            renderer=NAME,
            spec=("hooks",),
        ),
    )


_EVENTS: Shared[str] = Shared()


def _events(subject: Subject, rows: tuple[Enabled, ...]) -> str:
    """The one member that is large, and mostly the same for a whole fleet, as indented JSON."""
    own = own_hooks(subject.hub, subject.sources.get("hooks", ()))
    events: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        digest = own[row.hook.id].digest if row.hook.id in own else ""
        events.setdefault(row.event, []).append(_row(row, digest))
    return json.dumps(events, indent=1).replace("\n", "\n ")


def _row(row: Enabled, digest: str) -> dict[str, object]:
    """A row; with the hash of a hub's own module, so that a change of it is a pending change."""
    hook = row.hook
    of_source: dict[str, object] = {"source": digest} if digest else {}
    return {
        "id": hook.id,
        "module": hook.module,
        "lane": row.lane,
        "tools": list(hook.tools) if row.event in contract.TOOL_EVENTS else [],
        "order": hook.order,
        "deadline": hook.deadline,
        "on_error": hook.on_error,
        "options": dict(row.options),
        **of_source,
    }
