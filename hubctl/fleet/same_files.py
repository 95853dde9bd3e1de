"""Whether two targets would write into one file: each would take the other's values for drift."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.fleet.same_repository import Home, same
from hubctl.model.address import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.model.target import Target

CLIENT = ".claude"


def home_of(world: World, target: Target | None) -> Home:
    """Where a target lies, as far as others may be in its way."""
    if target is None:
        return Home()
    client = world.paths.resolve(target.absolute(CLIENT))
    if target.is_host:
        above = {folder for path in _files(world, target) for folder in _folders_above(path)}
        return Home(root=target.root, client=client, above=tuple(sorted(above)))
    return Home(target.root, target.common_dir or target.root, client)


def same_files(world: World, homes: Mapping[str, Home], host: Home) -> tuple[Finding, ...]:
    """An error for every repository that shares files with another or with the host."""
    repositories = {name: home for name, home in homes.items() if home.repository}
    return (*_same_folders(repositories), *_files_of_host(world, repositories, host))


def _same_folders(homes: Mapping[str, Home]) -> Iterator[Finding]:
    """Repositories whose `.claude` is one folder behind links: so is the lock in it."""
    owners: dict[str, str] = {}
    for name, home in homes.items():
        first = owners.setdefault(home.client, name)
        if first != name:
            hint = f"give {name} a {CLIENT} folder of its own; what both want goes to `defaults`"
            yield same(first, name, f"share one folder: {home.client}", hint)


def _files_of_host(world: World, homes: Mapping[str, Home], host: Home) -> Iterator[Finding]:
    """Repositories in which the client's own folder lies, where both want something in one file."""
    above = set(host.above)
    for name, home in homes.items():
        both = _both(world, name) if {home.root, home.client} & above else frozenset()
        if both:
            hint = f"take what it wants there out of `global` or out of {name}"
            yield same(HOST, name, f"both want something in {min(both)}", hint)


def _both(world: World, name: str) -> frozenset[str]:
    """Files that the host and a repository both want something in."""
    targets = (world.compiler.locate(one).target for one in (HOST, name))
    theirs, ours = (_files(world, one) if one else frozenset() for one in targets)
    return theirs & ours


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
