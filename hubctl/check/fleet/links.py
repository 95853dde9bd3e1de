"""Links below `.claude/` that lead nowhere, in a circle, or out of their repository. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.check.fleet.rule import Hit
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.check.fleet.seen import Seen

_HOW = {"dangling": "where nothing is", "loop": "in a circle"}


def broken(seen: Seen) -> Iterator[Hit]:
    """Links that nothing stands behind; of our own it counts, of anybody's it is told."""
    for link in seen.links:
        if link.state in _HOW:
            what = f"this link leads {_HOW[link.state]}: {link.destination}"
            address = seen.address(link.path)
            if link.owned:
                hint = "hubctl apply {target}"
                yield Hit(address=address, what=what, severity=Severity.WARNING, hint=hint)
            else:
                yield Hit(address=address, what=what)


def outside(seen: Seen) -> Iterator[Hit]:
    """Links of somebody's own that leave the repository for a folder nobody declared."""
    for link in seen.links:
        if link.state == "outside" and not link.owned:
            what = f"this link leads out of the repository: {link.destination}"
            yield Hit(address=seen.address(link.path), what=what)
