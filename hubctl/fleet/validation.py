"""Everything `validate` tells: about canonical.yaml itself, and about what it renders here.

Errors of canonical.yaml decide the exit code; whatever concerns a target only is told without it.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.errors import CanonicalError
from hubctl.fleet.apply import LEADS_NOWHERE
from hubctl.fleet.hub import SCHEMA_COPY
from hubctl.fleet.same_repository import nested_repositories, same_git_directory
from hubctl.fleet.telling import not_here, told
from hubctl.fleet.unit_files import unit_file_findings, wants_unit_files
from hubctl.model.address import HOST
from hubctl.model.finding import Finding, Location, Severity
from hubctl.system.data import read_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.fleet.world import World


def validation_findings(world: World) -> tuple[Finding, ...]:
    """All findings, each once; an unusable canonical.yaml gives its own alone."""
    try:
        head = world.compiler.head
    except CanonicalError as error:
        return error.findings
    with contextlib.suppress(CanonicalError):  # told with the target that it is about
        world.compiler.compile_all()
    homes = world.homes(head.names)
    found = [
        *head.findings,
        *same_git_directory(homes, head.names),
        *nested_repositories(homes),
        *map(_as_advice, world.expired_exceptions()),
        *_old_schema(world),
    ]
    for name in head.names:
        found += _of_target(world, name)
    world.compiler.save()
    return tuple(_unique(found))


def _old_schema(world: World) -> Iterator[Finding]:
    """A note where editors are given another schema than the one checked with here."""
    path = f"{world.files.folder}/{SCHEMA_COPY}"
    try:
        copy = world.door.read(path)
    except OSError:
        return
    own = read_data("schemas/canonical.schema.json")
    if copy != own and _id_of(copy) == _id_of(own):
        yield Finding(
            rule="canonical/old-schema",
            severity=Severity.NOTE,
            message="editors get a schema that is not the one of this hubctl",
            location=Location(file=path),
            hint="hubctl init --schema writes it anew",
        )


def _id_of(schema: bytes) -> object:
    try:
        found = json.loads(schema)
    except (ValueError, RecursionError):
        return None  # somebody's own file
    return found.get("$id") if isinstance(found, dict) else None


def _of_target(world: World, name: str) -> Iterator[Finding]:
    located = world.compiler.locate(name)
    if located.target is None:
        yield from map(_as_advice, not_here(world, name))
        return
    try:
        found = world.compiler.compiled(name).findings
    except CanonicalError as error:
        yield from error.findings
        return
    if name == HOST and wants_unit_files(world.compiler.compiled(name).rows):
        services = world.host_units().services
        found += unit_file_findings(world.compiler.items(name), services)
    for finding in told(world, located.target, found):
        if finding.rule not in LEADS_NOWHERE:  # told with its line by the check of meaning
            yield _judged(finding)


def _judged(finding: Finding) -> Finding:
    """An error in what canonical renders makes canonical invalid; anything else is advice."""
    error = finding.severity is Severity.ERROR
    return replace(finding, exit_code=2 if error else 0)


def _as_advice(finding: Finding) -> Finding:
    """A repository that is missing here says nothing against canonical.yaml."""
    return replace(finding, exit_code=0)


def _unique(findings: list[Finding]) -> Iterator[Finding]:
    """The same source in ten repositories is told once."""
    seen: set[tuple[object, ...]] = set()
    for finding in findings:
        where = finding.location or finding.address
        key = (finding.rule, finding.message, where)
        if key not in seen:
            seen.add(key)
            yield finding
