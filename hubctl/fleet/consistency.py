"""Findings over repositories, beside each one's own drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.fleet.world import World
    from hubctl.model.finding import Finding


def fleet_findings(world: World, names: Iterable[str]) -> tuple[Finding, ...]:
    """Duplicates, inconsistencies and leftovers over the named targets."""
    return ()
