"""Finding repositories below a folder, names for them, and the measure of what a hub would replace.

Reads only. Follows no links, and looks into no repository for further ones.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hubctl.adopt.reading import PATHS
from hubctl.model.address import HOST, TARGET_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubctl.adopt.adoption import Proposal
    from hubctl.system.files import Files

DEEPEST: Final = 6
MOST: Final = 2000
_SKIPPED: Final = frozenset(("node_modules", "vendor", "site-packages", "__pycache__", "target"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a first hub saves: lines of canonical.yaml, and lines and number of what it replaces."""

    repositories: int
    lines: int
    replaced: int
    files: int


def find_repositories(folder: str, door: Files) -> tuple[str, ...]:
    """Absolute paths of the main checkouts below a folder (itself included), sorted.

    Linked worktrees and submodules belong to the repository they come from.
    """
    return tuple(sorted(_found(os.path.realpath(folder), door, 0)))[:MOST]


def _found(folder: str, door: Files, depth: int) -> Iterator[str]:
    try:
        look = door.look(f"{folder}/.git")
        if look is not None:
            if look.kind == "folder":
                yield folder
            return
        names = door.list(folder) if depth < DEEPEST else ()
    except OSError:
        return
    for name in names:
        if name.startswith(".") or name in _SKIPPED:
            continue
        inner = door.look(f"{folder}/{name}")
        if inner is not None and inner.kind == "folder":
            yield from _found(f"{folder}/{name}", door, depth + 1)


def names_for(paths: Sequence[str]) -> dict[str, str]:
    """A name for each path: its folder's, with that of the one above where two are alike."""
    names: dict[str, str] = {}
    taken: set[str] = {HOST}
    for path in paths:
        parts = [_slug(part) for part in path.split("/")[-3:]]
        tries = ["-".join(p for p in parts[-n:] if p) for n in (1, 2, 3)]
        numbered = (f"{tries[0] or 'repository'}-{n}" for n in range(2, len(paths) + 3))
        fits = (name for name in (*tries, *numbered) if TARGET_NAME.match(name))
        names[path] = next(name for name in fits if name not in taken)
        taken.add(names[path])
    return names


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")


def measure(proposal: Proposal) -> Measure:
    """Lines of the proposed canonical.yaml against those of the files whose content it says."""
    replaced = files = 0
    for newcomer in proposal.newcomers:
        for section, path in PATHS.items():
            data = newcomer.reading.data.get(path)
            if data is not None and newcomer.reading.sections[section]:
                files += 1
                replaced += _lines(data)
    return Measure(
        repositories=len(proposal.newcomers),
        lines=_lines(proposal.data),
        replaced=replaced,
        files=files,
    )


def _lines(data: bytes) -> int:
    return len(data.splitlines())
