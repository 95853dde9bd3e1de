"""Whether two targets would write into one file: each would take the other's values for drift."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubctl.fleet.same_repository import SAME_FILE, Home, same
from hubctl.model.address import HOST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hubctl.engine.observe import Observer
    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding
    from hubctl.model.target import Target

CLIENT = ".claude"


def home_of(world: World, target: Target | None, observer: Observer | None = None) -> Home:
    """Where a target lies, as far as others may be in its way; `observer` has looked at it."""
    if target is None:
        return Home()
    client = world.paths.resolve(target.absolute(CLIENT))
    linked = _linked(world, target) if observer is None else _seen_linked(world, observer)
    if target.is_host:
        above = {folder for path in _files(world, target) for folder in _folders_above(path)}
        return Home(target.root, "", client, tuple(sorted(above)), linked)
    return Home(target.root, target.common_dir or target.root, client, (), linked)


def _seen_linked(world: World, observer: Observer) -> tuple[tuple[str, str], ...]:
    target = observer.target
    elsewhere = {
        view.path: view.place.path
        for view in observer.files()
        if not view.place.problem and view.place.path != target.absolute(view.path)
    }
    wanted = _paths(world, target) if elsewhere else ()
    return tuple((path, real) for path, real in elsewhere.items() if path in wanted)


def _linked(world: World, target: Target) -> tuple[tuple[str, str], ...]:
    """The same without having looked; a repository's links lead out only where it may follow."""
    if not (target.is_host or target.follow):
        return ()
    from hubctl.engine.contain import Locator

    locator = Locator(target, world.door, world.paths)
    places = {path: locator.locate(path) for path in sorted(_paths(world, target))}
    return tuple(
        (path, place.path)
        for path, place in places.items()
        if not place.problem and place.path != target.absolute(path)
    )


# -- folders ---------------------------------------------------------------------------------------


def same_files(
    world: World, homes: Mapping[str, Home], asked: Collection[str]
) -> tuple[Finding, ...]:
    """An error for every repository that shares a folder with another, or files with the host.

    Told where one of the two is `asked` about.
    """
    repositories = {name: home for name, home in homes.items() if home.repository}
    host = homes.get(HOST, Home())
    near = repositories if HOST in asked else {n: h for n, h in repositories.items() if n in asked}
    return (*_same_folders(repositories, asked), *_files_of_host(world, near, host))


def _same_folders(homes: Mapping[str, Home], asked: Collection[str]) -> Iterator[Finding]:
    """Repositories whose `.claude` is one folder behind links: so is the lock in it."""
    owners: dict[str, str] = {}
    for name, home in homes.items():
        first = owners.setdefault(home.client, name)
        if first != name and (first in asked or name in asked):
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


def _paths(world: World, target: Target) -> frozenset[str]:
    """Logical paths of the files that canonical wants something in."""
    rows = world.compiler.compiled(target.name).rows
    return frozenset(row.path for row in rows if not row.path.startswith("unit:"))


def _files(world: World, target: Target) -> frozenset[str]:
    """Where the files lie that canonical wants something in."""
    split = (os.path.split(target.absolute(path)) for path in _paths(world, target))
    return frozenset(f"{world.paths.resolve(folder)}/{name}" for folder, name in split)


def _folders_above(path: str) -> Iterator[str]:
    while path != "/":
        path = os.path.dirname(path)
        yield path


# -- files behind links ----------------------------------------------------------------------------


def files_of_others(
    world: World, homes: Mapping[str, Home], asked: Collection[str]
) -> dict[tuple[str, str], Finding]:
    """(target, logical path) → the finding of a file that another target has already.

    The target that comes first in canonical.yaml, or in whose folder the file lies, has it.
    """
    owners: dict[str, tuple[str, str]] = {}
    found: dict[tuple[str, str], Finding] = {}
    for name, home in homes.items():
        for path, real in home.linked:
            owner = _lies_in(world, homes, name, real) or owners.setdefault(real, (name, path))
            if owner[0] != name and name in asked:
                found[name, path] = _same_file(world, name, path, real, owner)
    return found


def _lies_in(
    world: World, homes: Mapping[str, Home], name: str, real: str
) -> tuple[str, str] | None:
    """The other target whose own file it is: the innermost one that wants something in it."""
    around = [n for n, h in homes.items() if n != name and h.root and real.startswith(h.root + "/")]
    for one in sorted(around, key=lambda n: -len(homes[n].root)):
        target = world.compiler.locate(one).target
        if target is not None:
            mine = (path for path in _paths(world, target) if target.absolute(path) == real)
            path = next(mine, None)
            if path is not None:
                return one, path
    return None


def _same_file(world: World, name: str, path: str, real: str, owner: tuple[str, str]) -> Finding:
    from hubctl.fleet.deciding import spec_path
    from hubctl.model.address import Address
    from hubctl.model.finding import Finding, Location, Severity

    other = ":".join(owner)
    spec = spec_path(Address(target=name, path=path))
    return Finding(
        rule=SAME_FILE,
        severity=Severity.ERROR,
        message=f"{path} and {other} are one file, and canonical wants something in both",
        location=Location(file=real),
        address=f"{name}:{path}",
        decided_by=world.compiler.decided_by(name, spec),
        hint=f"want it in one of the two, or put a file of its own in the place of {name}'s link",
        exit_code=4,
    )
