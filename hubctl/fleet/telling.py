"""Findings about a target, made whole: where their file lies, and the line that decides.

Checks know a target's files by their logical paths and nothing of canonical.yaml's lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.fleet.deciding import deciding_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding, Location
    from hubctl.model.target import Target

_WHOLE = ("/", "hubctl:")  # absolute, or of what hubctl ships


def told(world: World, target: Target, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with absolute places and the lines of canonical.yaml that decide."""
    return tuple(_whole(world, target, finding) for finding in findings)


def _whole(world: World, target: Target, finding: Finding) -> Finding:
    decided = finding.decided_by or _decided(world, target, finding)
    location = _placed(world, target, finding, decided)
    return replace(finding, location=location, decided_by=decided)


def _placed(
    world: World, target: Target, finding: Finding, decided: Location | None
) -> Location | None:
    at = finding.location
    if at is None and finding.address == f"{target.name}:.":
        return decided  # a name that leads nowhere stands in no file of the target
    if at is None or at.file.startswith(_WHOLE):
        return at
    if finding.address.startswith(f"{target.name}:{at.file}"):
        return replace(at, file=target.absolute(at.file))
    return replace(at, file=f"{world.files.folder}/{at.file}")  # a source of the hub


def _decided(world: World, target: Target, finding: Finding) -> Location | None:
    path = deciding_path(finding)
    return world.compiler.decided_by(target.name, path) if path else None
