"""`hubctl hooks explain`: why a hook runs at a target, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hubctl.fleet.hooks.explaining import ExplainedEvent
    from hubctl.model.finding import Location
    from hubctl.system.hooks_package import registry


@click.command()
@click.argument("hook")
@click.argument("target", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(hub_path: str | None, hook: str, target: str, *, as_json: bool) -> int:
    """Explain why HOOK is at TARGET, or at every target that mentions it.

    Tells the lines of canonical.yaml that decide, every option with the line it is from, and the
    settings entry that starts it.
    """
    from hubctl.cli.context import open_world, write
    from hubctl.cli.tables import print_json
    from hubctl.fleet.hooks.explaining import explain
    from hubctl.fleet.hooks.listing import find

    world = open_world(hub_path)
    row = find(world, hook)
    names = world.names((target,) if target else ())
    found = {name: explain(world, row, name) for name in names}
    told = {name: events for name, events in found.items() if events or target}
    if as_json:
        print_json("hubctl/hook-explain", _document(row, told))
        return 0
    write(f"{row.id}  {row.description}\n")
    for name, events in told.items():
        _print(name, events)
    if not any(told.values()):
        write("\nNo line of canonical.yaml lists it.\n")
    return 0


def _document(row: registry.Hook, told: dict[str, tuple[ExplainedEvent, ...]]) -> dict[str, Any]:
    targets = [
        {"target": name, "events": [_event(event) for event in events]}
        for name, events in told.items()
    ]
    return {"hook": row.id, "module": row.module, "on_error": row.on_error, "targets": targets}


def _event(event: ExplainedEvent) -> dict[str, Any]:
    return {
        "event": event.event,
        "enabled": event.enabled,
        "scope": event.scope,
        "lane": event.lane,
        "handler": event.handler,
        "status": event.status,
        "steps": [
            {"layer": step.layer, "action": step.action, **_place(step.location)}
            for step in event.steps
        ],
        "options": [
            {
                "name": option.name,
                "value": option.value,
                "layer": option.layer,
                **_place(option.location),
            }
            for option in event.options
        ],
    }


def _place(location: Location | None) -> dict[str, Any]:
    if location is None:
        return {"file": "", "line": 0}
    return {"file": location.file, "line": location.line}


def _print(name: str, events: tuple[ExplainedEvent, ...]) -> None:
    from hubctl.cli.context import write

    for event in events:
        runs = f"runs, scope {event.scope}, lane {event.lane}" if event.enabled else "does not run"
        write(f"\n{name}  {event.event}: {runs}\n")
        if event.handler:
            write(f"  started by {event.handler} ({event.status})\n")
        _print_steps(event)
        _print_options(event)


def _print_steps(event: ExplainedEvent) -> None:
    from hubctl.cli.context import write

    for step in event.steps:
        off = isinstance(step.value, dict) and step.value.get("enabled") is False
        does = "switches off" if off else step.action
        write(f"  {_shown(step.location)}  {step.layer}: {does}\n")


def _print_options(event: ExplainedEvent) -> None:
    import json

    from hubctl.cli.context import write

    for option in event.options if event.enabled else ():
        where = _shown(option.location) if option.location else "default"
        value = json.dumps(option.value, ensure_ascii=False)
        write(f"  option {option.name} = {value}  ({where})\n")


def _shown(location: Location) -> str:
    from hubctl.cli.context import options

    return options().place(f"{location.file}:{location.line}")
