"""What the checks over repositories compare: one small value per target, kept in snapshots.

Pure values; taking an inventory is `fleet.inventory`, comparing them `check.fleet`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class OwnFile(NamedTuple):
    """One command, skill, agent, rule or output style.

    Attributes:
        path: logical path; of a skill that of its SKILL.md.
        digest, sketch: of its words, see `check.similar`.
        rendered: hubctl put it there (kept of the host alone), else somebody's own.
    """

    path: str
    digest: str
    sketch: str
    rendered: bool = False


class Setting(NamedTuple):
    """One scalar that somebody set by hand: a digest of its value, and the value as shown."""

    digest: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What one target holds of its own.

    Attributes:
        target: its name.
        files: sorted by path.
        settings: local address (`path#/pointer`) → what is set there by hand.
    """

    target: str
    files: tuple[OwnFile, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)


def inventory_to_json(inventory: Inventory) -> list[Any]:
    """An inventory as JSON, without the name of its target."""
    settings = {key: list(value) for key, value in inventory.settings.items()}
    return [[list(file) for file in inventory.files], settings]


def inventory_from_json(target: str, found: list[Any]) -> Inventory:
    """The inverse of `inventory_to_json`."""
    files, settings = found
    return Inventory(
        target=target,
        files=tuple(OwnFile(*file) for file in files),
        settings={key: Setting(*value) for key, value in settings.items()},
    )
