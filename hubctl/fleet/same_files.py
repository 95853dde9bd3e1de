"""Whether two targets would write into one file: each would take the other's values for drift."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.fleet.same_repository import same
from hubctl.model.address import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.model.target import Target
    from hubctl.system.real_paths import Paths

CLIENT = ".claude"


def same_files(world: World, names: Iterable[str]) -> tuple[Finding, ...]:
    """An error for every repository of `names` that shares files with another or with the host."""
    targets = world.repositories(names)
    return (*_same_folders(targets, world.paths), *_files_of_host(world, targets))


def _same_folders(targets: Mapping[str, Target], paths: Paths) -> Iterator[Finding]:
    """Repositories whose `.claude` is one folder behind links: so is the lock in it."""
    owners: dict[str, str] = {}
    for name, target in targets.items():
        folder = paths.resolve(f"{target.root}/{CLIENT}")
        first = owners.setdefault(folder, name)
        if first != name:
            hint = f"give {name} a {CLIENT} folder of its own; what both want goes to `defaults`"
            yield same(first, name, f"share one folder: {folder}", hint)


def _files_of_host(world: World, targets: Mapping[str, Target]) -> Iterator[Finding]:
    """Repositories in which the client's own folder lies, where both want something in one file."""
    host = world.compiler.locate(HOST).target if HOST in world.compiler.head.names else None
    theirs = _files(world, host) if host is not None else frozenset()
    above = {folder for path in theirs for folder in _folders_above(path)}
    for name, target in targets.items():
        client = world.paths.resolve(f"{target.root}/{CLIENT}")
        both = theirs & _files(world, target) if {target.root, client} & above else frozenset()
        if both:
            hint = f"take what it wants there out of `global` or out of {name}"
            yield same(HOST, name, f"both want something in {min(both)}", hint)


def _files(world: World, target: Target) -> frozenset[str]:
    """Where the files lie that canonical wants something in."""
    rows = world.compiler.compiled(target.name).rows
    logical = {row.path for row in rows if not row.path.startswith("unit:")}
    split = (os.path.split(target.absolute(path)) for path in logical)
    return frozenset(f"{world.paths.resolve(folder)}/{name}" for folder, name in split)


def _folders_above(path: str) -> Iterator[str]:
    while path != "/":
        path = os.path.dirname(path)
        yield path
