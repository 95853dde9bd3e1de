"""Renders hook handlers: at most one blocking and one async handler of ours per event and scope.

Handlers that canonical.yaml declares itself are rendered word for word. Which hooks run inside
ours is the compiled registry's business (hook_registry.py).
"""

from __future__ import annotations

import math
import re
from itertools import groupby
from typing import TYPE_CHECKING

from hubctl.documents.hook_groups import OWN, OWN_ASYNC
from hubctl.model.address import Address
from hubctl.model.events import ON_FAILURE, is_at_least
from hubctl.model.item import Handler, Item
from hubctl.model.shared import Shared
from hubctl.model.state import Scope
from hubctl.render.hook_commands import machine_command, project_command
from hubctl.render.hook_selection import LOCAL, PROJECT, client_of, enabled, wanted
from hubctl.render.settings_hooks import wanted_handlers
from hubctl.render.spec import shared_scope
from hubctl.system.hooks_package import contract, registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.model.target import Subject
    from hubctl.render.hook_selection import Enabled

NAME = "hooks"
_SHARED, _LOCAL = ".claude/settings.json", ".claude/settings.local.json"
_MARGIN_SECONDS = 3  # start, reading stdin, writing the spool
_LEAST_SECONDS, _MOST_SECONDS = 5, 60  # 60 is also the most the client gives SessionEnd


def render(subject: Subject) -> tuple[Item, ...]:
    """The handlers of one target."""
    return (*_own(subject), *_declared(subject))


def _own(subject: Subject) -> Iterator[Item]:
    rows = enabled(subject)
    values, also = (rows, subject.machine), client_of(subject)
    shared = _OWN.get(values, also, lambda: tuple(_own_handlers(subject, rows)))
    for event, scope, name, handler in shared:
        yield _item(subject, event, name, scope, handler)


_OWN: Shared[tuple[tuple[str, str, str, Handler], ...]] = Shared()


def _own_handlers(
    subject: Subject, enabled_rows: tuple[Enabled, ...]
) -> Iterator[tuple[str, str, str, Handler]]:
    """Event, scope, id and handler; nothing of them is about the target (semantics)."""
    rows = sorted(enabled_rows, key=_handler_key)
    for (event, scope, lane), members in groupby(rows, key=_handler_key):
        name = OWN_ASYNC if lane.endswith("async") else OWN
        yield event, scope, name, _own_handler(subject, lane, tuple(members))


def _handler_key(row: Enabled) -> tuple[str, str, str]:
    return row.event, row.scope, row.lane


def _own_handler(subject: Subject, lane: str, hooks: tuple[Enabled, ...]) -> Handler:
    event, scope = hooks[0].event, hooks[0].scope
    command = (
        project_command(event, lane)
        if scope == PROJECT
        else machine_command(subject.machine, event, lane)
    )
    entry: dict[str, object] = {"type": "command", "command": command, "timeout": _timeout(hooks)}
    if lane.endswith("async"):
        entry["async"] = True
    # An older client does not know it, and what can fail is answered by the command itself.
    if lane == "closed" and is_at_least(client_of(subject), ON_FAILURE):
        entry["onFailure"] = "block"
    return Handler(matcher=matcher_of(hooks), entry=entry, ours=True)


def _timeout(hooks: tuple[Enabled, ...]) -> int:
    """Seconds; more than all deadlines together, so that it is never the client who cuts off."""
    needed = math.ceil(sum(float(row.hook.deadline) for row in hooks)) + _MARGIN_SECONDS
    return min(max(needed, _LEAST_SECONDS), _MOST_SECONDS)


def matcher_of(hooks: tuple[Enabled, ...]) -> str:
    """The union of what these hooks of one event want; "" for everything."""
    if hooks[0].event not in contract.TOOL_EVENTS or any(not row.hook.tools for row in hooks):
        return ""
    tools = sorted({tool for row in hooks for tool in row.hook.tools} - {*registry.FORMER_TOOLS})
    if not any(tool.endswith("*") for tool in tools):
        return "|".join(tools)
    return f"^({'|'.join(_as_regex(tool) for tool in tools)})$"


def _as_regex(tool: str) -> str:
    return re.escape(tool[:-1]) + ".*" if tool.endswith("*") else re.escape(tool)


def _declared(subject: Subject) -> Iterator[Item]:
    """Handlers of the user's own; one that stands under two matchers has both (decision 0001)."""
    scopes: dict[str, dict[str, list[object]]] = {}
    for entry in wanted(subject):
        if entry.handler:
            group = {"matcher": entry.matcher, "hooks": [dict(entry.handler)]}
            scopes.setdefault(entry.scope, {}).setdefault(entry.event, []).append(group)
    for scope, events in scopes.items():
        for one in wanted_handlers(subject.target.name, {NAME: events}):
            yield _item(subject, one.event, one.id, scope, one.handler)


def _item(subject: Subject, event: str, name: str, scope: str, handler: Handler) -> Item:
    path = _LOCAL if scope == LOCAL else _SHARED
    return Item(
        address=Address(target=subject.target.name, path=path, fragment=f"hook:{event}/{name}"),
        value=handler,
        scope=shared_scope(subject) if scope == PROJECT else Scope.LOCAL,
        renderer=NAME,
        spec=("hooks", event),
        sensitive="headers" in handler.entry,
    )
