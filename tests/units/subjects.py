"""The host as a subject with units, and the units of the golden cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hubctl.model.item import FileText, Item, UnitState
from hubctl.model.target import Facts, Machine, Subject, Target
from hubctl.render import RENDERERS

GOLDEN = Path(__file__).with_name("golden")
CASES = tuple(sorted(folder.name for folder in GOLDEN.iterdir()))


def units_of(case: str) -> dict[str, Any]:
    units: dict[str, Any] = json.loads((GOLDEN / case / "units.json").read_text(encoding="utf-8"))
    return units


def host(units: dict[str, Any], *, platform: str = "linux", **more: Any) -> Subject:
    machine = Machine(
        home="/home/dev",
        config_dir="/home/dev/.claude",
        unit_dir="/home/dev/.config/systemd/user",
        agents_dir="/home/dev/Library/LaunchAgents",
        platform=platform,
        interpreter="/usr/bin/python3",
        release="/home/dev/.local/share/hubctl/hooks/current",
        registry_dir="/home/dev/.local/state/hubctl/team/registries",
        hubctl="/home/dev/.local/bin/hubctl",
    )
    given: dict[str, Any] = {"hub": "team", "canonical": "canonical.yaml"}
    return Subject(
        target=Target(name="host", root="/home/dev"),
        facts=Facts(),
        machine=machine,
        spec={"name": "host", "units": units},
        sources={},
        document={},
        **{**given, **more},
    )


def items_of(subject: Subject) -> tuple[Item, ...]:
    """What the registry's two rows for units render."""
    rows = [row for row in RENDERERS if row.name in ("units", "launchd") and row.serves(subject)]
    assert len(rows) == 2
    return tuple(item for row in rows for item in row.load()(subject))


def files_of(subject: Subject) -> dict[str, str]:
    """File name → text of everything rendered."""
    return {
        item.address.path.rpartition("/")[2]: item.value.text
        for item in items_of(subject)
        if isinstance(item.value, FileText)
    }


def states_of(subject: Subject) -> dict[str, str]:
    """`NAME#property` → wanted state."""
    return {
        item.address.local.removeprefix("unit:"): item.value.state
        for item in items_of(subject)
        if isinstance(item.value, UnitState)
    }


def one(**unit: Any) -> Subject:
    """A host with one unit called `job`."""
    return host({"job": {"command": "/bin/true", **unit}})
