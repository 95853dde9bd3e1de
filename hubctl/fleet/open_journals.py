"""Interrupted runs that nobody resolved yet: found by names alone, no journal is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.engine.journal_names import open_ids
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.fleet.world import World


def open_journal_findings(world: World) -> Iterator[Finding]:
    """A finding for each interrupted run that nobody has resolved yet."""
    for entry_id in open_ids(world.door, world.journals):
        yield Finding(
            rule="journal/open",
            severity=Severity.ERROR,
            message=f"the run {entry_id} was interrupted; some of its files may be half-way",
            location=Location(file=f"{world.journal.folder}/{entry_id}"),
            hint="`hubctl apply` or `hubctl rollback` puts everything in order first",
            exit_code=3,
        )
