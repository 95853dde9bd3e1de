"""How a row of the table of trees is written, and built into a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Link:
    """A symbolic link; `{out}` stands for a folder beside the repository."""

    to: str


@dataclass(frozen=True)
class Folder:
    """An empty folder."""


@dataclass(frozen=True)
class Pipe:
    """A named pipe: reading it would wait for ever."""


@dataclass(frozen=True)
class Mode:
    """A file with a mode."""

    data: bytes
    mode: int


Entry = bytes | str | Link | Folder | Mode | Pipe


@dataclass(frozen=True, kw_only=True)
class Tree:
    """One row.

    Attributes:
        files: path → what stands there; `out`: the same beside the repository.
        told: (rule, path, line) of findings that adopting has to tell.
        kept: local addresses that canonical.yaml has to say afterwards.
    """

    files: Mapping[str, Entry]
    out: Mapping[str, Entry] = field(default_factory=dict)
    told: tuple[tuple[str, str, int], ...] = ()
    kept: tuple[str, ...] = ()


def build(root: Path, tree: Tree) -> None:
    """Build a tree at a folder."""
    out = root.parent / f"{root.name}-out"
    for base, entries in ((out, tree.out), (root, tree.files)):
        for path, entry in entries.items():
            _put(base / path, entry, out)


def _put(place: Path, entry: Entry, out: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    match entry:
        case Folder():
            place.mkdir(exist_ok=True)
        case Link(to):
            place.symlink_to(to.replace("{out}", str(out)))
        case Pipe():
            os.mkfifo(place)
        case Mode(data, mode):
            place.write_bytes(data)
            place.chmod(mode)
        case bytes():
            place.write_bytes(entry)
        case str():
            place.write_bytes(entry.encode())
