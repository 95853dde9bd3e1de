"""Findings over repositories, beside each one's own drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubctl.check.inventory import Inventory
    from hubctl.model.finding import Finding


def fleet_findings(inventories: Sequence[Inventory]) -> tuple[Finding, ...]:
    """Everything that shows only when repositories are looked at side by side."""
    return ()
