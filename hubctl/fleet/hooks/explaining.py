"""Why a hook runs at a target, or does not: lines, options and where each is from, handlers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.config.trace import ADD, trace
from hubctl.documents.hook_groups import OWN, OWN_ASYNC
from hubctl.fleet.hooks.listing import entries_of
from hubctl.fleet.world import Request
from hubctl.model.item import FileText
from hubctl.system.hooks_package import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubctl.config.trace import Step
    from hubctl.fleet.world import World
    from hubctl.model.change import Change
    from hubctl.model.finding import Location
    from hubctl.system.hooks_package import registry

REGISTRY = f"@state/{places.REGISTRY}"
_OFF = "enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedOption:
    """One option: its value, the layer that says it and the line (None for a default)."""

    name: str
    value: object
    layer: str
    location: Location | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedEvent:
    """A hook at one event of one target.

    Attributes:
        enabled: whether it is to run. scope: local, project or host, "" where it is not.
        lane: the handler that runs it. steps: every layer that has a say, the deciding one last.
        options: all of them. handler: address of the settings entry, "" where there is none.
        status: how that entry stands.
    """

    event: str
    enabled: bool
    scope: str
    lane: str
    steps: tuple[Step, ...]
    options: tuple[ExplainedOption, ...]
    handler: str
    status: str


def explain(world: World, hook: registry.Hook, target: str) -> tuple[ExplainedEvent, ...]:
    """What there is to say about each event of the hook at a target of the hub."""
    entries = dict(entries_of(world.compiler.spec(target), hook.id))
    rows = _rows(world, target, hook.id)
    plan = world.plan_one(target, Request())
    changes = {change.address.local: change for change in plan.changes}
    found = []
    for event in hook.events:
        steps = trace(world.compiler.canonical, target, ("hooks", event, f"={hook.id}"))
        if event in entries or steps:
            lane = str(rows.get(event, {}).get("lane", ""))
            handler, status = _handler(world, target, event, lane, changes)
            found.append(
                ExplainedEvent(
                    event=event,
                    enabled=event in entries,
                    scope=str(entries.get(event, {}).get("scope", "")),
                    lane=lane,
                    steps=steps,
                    options=_options(hook, entries.get(event, {}), steps),
                    handler=handler,
                    status=status,
                )
            )
    return tuple(found)


def _rows(world: World, target: str, hook: str) -> dict[str, Mapping[str, Any]]:
    """Event → row of the hook in the registry that an apply would write."""
    item = world.compiler.items(target).get(REGISTRY)
    if item is None or not isinstance(item.value, FileText):
        return {}
    events = json.loads(item.value.text)["events"]
    return {event: row for event, rows in events.items() for row in rows if row["id"] == hook}


def _options(
    hook: registry.Hook, entry: Mapping[str, Any], steps: Sequence[Step]
) -> tuple[ExplainedOption, ...]:
    given = entry.get("options") or {}
    found = []
    for name in sorted({*hook.options, *given}):
        step = _deciding(name, steps) if name in given else None
        found.append(
            ExplainedOption(
                name=name,
                value=given.get(name, hook.options.get(name)),
                layer=step.layer if step else "default",
                location=step.location if step else None,
            )
        )
    return tuple(found)


def _deciding(name: str, steps: Sequence[Step]) -> Step | None:
    """The last layer that mentions an option, since the last one that replaced all entries."""
    deciding = None
    for step in steps:
        value = step.value if isinstance(step.value, dict) else {}
        if name in (value.get("options") or {}):
            deciding = step
        elif step.action != ADD:
            deciding = None
    return deciding


def _handler(
    world: World, target: str, event: str, lane: str, changes: Mapping[str, Change]
) -> tuple[str, str]:
    if not lane:
        return "", ""
    name = OWN_ASYNC if lane.endswith("async") else OWN
    for local, item in world.compiler.items(target).items():
        in_settings = item.address.fragment == f"hook:{event}/{name}"
        committed = item.address.path.endswith("/settings.json")
        if in_settings and committed == (lane.startswith("project") or target == "host"):
            change = changes.get(local)
            return str(item.address), change.status.value if change else "in-sync"
    return "", ""
