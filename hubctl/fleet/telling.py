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


def not_here(world: World, name: str) -> tuple[Finding, ...]:
    """Why a target is not on this machine, with the line that says where it should be."""
    finding = world.compiler.locate(name).finding
    if finding is None:
        return ()
    return (replace(finding, decided_by=world.compiler.decided_by(name, ("path",))),)


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
    path = _wanted_by(world, target, finding.address) or deciding_path(finding)
    return world.compiler.decided_by(target.name, path) if path else None


def _wanted_by(world: World, target: Target, address: str) -> tuple[str, ...]:
    """The part of the target's spec that wants what stands at an address; () for nothing."""
    name, _, local = address.partition(":")
    rows = world.compiler.compiled(target.name).rows if name == target.name else ()
    return next((row.spec for row in rows if local in (row.local, row.path)), ())
