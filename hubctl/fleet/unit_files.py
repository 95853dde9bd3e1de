"""Unit files held against the service manager's own checker, before they are written."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from hubctl.model.item import FileText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubctl.engine.rows import Row
    from hubctl.model.change import TargetPlan
    from hubctl.model.finding import Finding
    from hubctl.model.item import Item
    from hubctl.system.services import Services

UNIT_FOLDERS = (".config/systemd/user/", "Library/LaunchAgents/")


def writes_units(plan: TargetPlan) -> bool:
    """Whether a plan of the host would write unit files."""
    return any(c.address.path.startswith(UNIT_FOLDERS) for c in plan.acting())


def wants_unit_files(rows: Iterable[Row]) -> bool:
    """Whether canonical wants any unit file, seen without rendering one."""
    return any(row.path.startswith(UNIT_FOLDERS) for row in rows)


def unit_file_findings(items: Mapping[str, Item], services: Services) -> tuple[Finding, ...]:
    """What the checker says about all unit files that canonical wants, none of them written yet."""
    files = {
        posixpath.basename(item.address.path): item.value.text
        for item in items.values()
        if item.address.path.startswith(UNIT_FOLDERS) and isinstance(item.value, FileText)
    }
    return services.verify(files) if files else ()
