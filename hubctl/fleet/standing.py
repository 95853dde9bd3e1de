"""What stands at an address in a target, with its line: the other side of every explanation.

Reads only. Where a value is overridden by a file of higher scope, that file's line too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubctl.config.trace import trace
from hubctl.documents.hook_groups import OWN, OWN_ASYNC
from hubctl.documents.json_places import place_in_json
from hubctl.engine.observe import Observer
from hubctl.engine.shadow import LOCAL, PROJECT
from hubctl.model.address import Address, Part
from hubctl.model.finding import Location
from hubctl.model.state import ABSENT

if TYPE_CHECKING:
    from hubctl.config.trace import Step
    from hubctl.engine.observe import FileView
    from hubctl.fleet.world import World
    from hubctl.model.item import Value
    from hubctl.model.state import Absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One thing in a target: its value (ABSENT for nothing), and its file and line."""

    value: Value | Absent
    location: Location


def standing(world: World, address: Address) -> Standing | None:
    """What stands at an address; None for units, and for a target that is not on this machine."""
    target = world.compiler.locate(address.target).target
    if target is None or address.part is Part.UNIT:
        return None
    observer = Observer(target, world.door, world.paths)
    if not address.fragment and observer.is_link(address.path):
        value = observer.link(address.path).value()
        return Standing(value=value, location=Location(file=target.absolute(address.path)))
    view = observer.file(address.path)
    value = ABSENT if view.problem else view.value(address)
    if view.problem is not None and view.problem.location is not None:
        return Standing(value=ABSENT, location=view.problem.location)
    place = _place(view, address) if value is not ABSENT and address.fragment else (0, 0)
    file = target.absolute(address.path)
    return Standing(value=value, location=Location(file=file, line=place[0], column=place[1]))


def overriding(world: World, address: Address) -> Standing | None:
    """The same field in the file that the client puts above this one, if it says something else."""
    if address.path != PROJECT or address.part is not Part.FIELD or address.target == "host":
        return None
    above = Address(target=address.target, path=LOCAL, fragment=address.fragment)
    own, other = standing(world, address), standing(world, above)
    if own is None or other is None or other.value is ABSENT or own.value == other.value:
        return None
    return other


def _place(view: FileView, address: Address) -> tuple[int, int]:
    data = view.data or b""
    if address.path.endswith(".json"):
        return place_in_json(data, address) or (0, 0)
    mark = f"hubctl:begin {address.name}".encode()
    offset = data.find(mark)
    return (data.count(b"\n", 0, offset) + 1, 1) if offset >= 0 else (0, 0)


def hooks_behind(world: World, address: Address) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """The hooks that a handler of the dispatcher runs, each with the lines that want it."""
    event, _, name = address.name.partition("/")
    if address.part is not Part.HANDLER or name not in (OWN, OWN_ASYNC):
        return ()
    entries = world.compiler.spec(address.target).get("hooks", {}).get(event, ())
    ids = dict.fromkeys(str(entry["hook"]) for entry in entries if "hook" in entry)
    canonical = world.compiler.canonical
    return tuple(
        (one, trace(canonical, address.target, ("hooks", event, f"={one}"))) for one in ids
    )
