"""What stands in the demo, entry by entry, so that "as before" is a comparison and not a claim.

Left out are hubctl's own folders and what git itself writes in `.git`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.system.files import Files

# Path below the root → kind, permissions (0 for a link), bytes or destination.
Snapshot: TypeAlias = dict[str, tuple[str, int, bytes | str]]

_HUBCTLS_OWN = (".local", ".cache")
_GITS_OWN = ("COMMIT_EDITMSG", "HEAD", "index", "logs", "objects", "refs")


def take_snapshot(door: Files, root: str) -> Snapshot:
    """Everything below `root`."""
    return dict(_entries(door, root, ""))


def _entries(
    door: Files, root: str, below: str
) -> Iterator[tuple[str, tuple[str, int, bytes | str]]]:
    for name in door.list(f"{root}/{below}"):
        path = f"{below}{name}"
        look = door.look(f"{root}/{path}")
        if look is None or path in _HUBCTLS_OWN:
            continue
        if below.endswith("/.git/") and name in _GITS_OWN:
            continue
        if look.kind == "link":
            yield path, ("link", 0, look.destination)
        elif look.kind == "file":
            yield path, ("file", look.mode, door.read(f"{root}/{path}"))
        else:
            yield path, (look.kind, look.mode, "")
            yield from _entries(door, root, f"{path}/")


def differences(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Paths at which two snapshots differ, sorted."""
    return tuple(
        path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)
    )
