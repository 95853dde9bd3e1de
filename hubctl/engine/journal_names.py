"""The entries of a journal folder by name: which began, which ended. Opens none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubctl.system.files import Files


def begun_ids(door: Files, folder: str) -> tuple[str, ...]:
    """Ids of all entries that began, oldest first."""
    try:
        names = door.list(folder)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(name for name in names if door.look(f"{folder}/{name}/entry.json"))


def open_ids(door: Files, folder: str) -> tuple[str, ...]:
    """Ids of entries a crash left open, oldest first."""
    return tuple(i for i in begun_ids(door, folder) if not door.look(f"{folder}/{i}/done"))
