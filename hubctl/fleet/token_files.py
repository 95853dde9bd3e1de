"""Which files of a target the client may put into its context, wherever they lie.

Of a repository: its own instruction files, those of the folders above and below it, everything in
the client's folders, and the memory that the client keeps about it. Reads; counts nothing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubctl.system.git import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubctl.fleet.walk import Walk
    from hubctl.fleet.world import World
    from hubctl.model.target import Target

INSTRUCTIONS: Final = ("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md", "AGENTS.md")
ABOVE: Final = INSTRUCTIONS[:3]
MOST_BYTES: Final = 4 * 1024 * 1024  # the client skips what is larger
_LONGEST_NAME: Final = 200  # of a memory folder; the client cuts and hashes longer ones


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFile:
    """One file.

    Attributes:
        path: how it is shown: logical, or from the root (`~` for home) outside the target.
        kind: the logical path that says when the client loads it.
        absolute: where it lies. data: its bytes; None for one that is too large.
    """

    path: str
    kind: str
    absolute: str
    data: bytes | None


def files_of(world: World, target: Target, walk: Walk) -> Iterator[TokenFile]:
    """Every file that is there, each once; `walk` is one through the client's folders."""
    if target.is_host:
        yield from _found(world, target, (".claude/CLAUDE.md",))
    else:
        yield from _above(world, target)
        yield from _found(world, target, INSTRUCTIONS)
        yield from _memory(world, target)
    yield from _found(world, target, sorted(walk.files.keys() - set(INSTRUCTIONS)))
    if not target.is_host:
        yield from _found(world, target, _below(target))


def shown(path: str, home: str) -> str:
    """An absolute path with `~` for the home folder."""
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


def _found(world: World, target: Target, paths: Iterable[str]) -> Iterator[TokenFile]:
    for path in paths:
        file = _file(world, target.absolute(path), path, path)
        if file is not None:
            yield file


def _file(world: World, absolute: str, path: str, kind: str) -> TokenFile | None:
    look = world.door.look(os.path.realpath(absolute))
    if look is None or look.kind != "file":
        return None
    try:
        data = world.door.read(absolute) if look.size <= MOST_BYTES else None
    except OSError:
        return None
    return TokenFile(path=path, kind=kind, absolute=absolute, data=data)


def _above(world: World, target: Target) -> Iterator[TokenFile]:
    """Instruction files of the folders above, which the client reads first."""
    folder = os.path.dirname(target.root)
    home = world.places.home
    while True:
        for name in ABOVE:
            absolute = f"{folder.rstrip('/')}/{name}"
            of_account = absolute == f"{world.places.config_dir}/CLAUDE.md"
            file = None if of_account else _file(world, absolute, shown(absolute, home), name)
            if file is not None:
                yield file
        if folder in ("/", ""):
            return
        folder = os.path.dirname(folder)


def _memory(world: World, target: Target) -> Iterator[TokenFile]:
    slug = re.sub(r"[^A-Za-z0-9]", "-", target.root)
    if len(slug) <= _LONGEST_NAME:
        below = f"projects/{slug}/memory/MEMORY.md"
        absolute = f"{world.places.config_dir}/{below}"
        file = _file(world, absolute, shown(absolute, world.places.home), f".claude/{below}")
        if file is not None:
            yield file


def _below(target: Target) -> list[str]:
    """Instruction files of folders below, but for copies of the client's own worktrees."""
    found = named(target.root, ("CLAUDE.md", "CLAUDE.local.md"))
    return sorted(path for path in found if "/" in path and not path.startswith(".claude/"))
