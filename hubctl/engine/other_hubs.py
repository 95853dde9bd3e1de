"""Other hubs of this account: what their ledgers record of a target is theirs to change.

A committed ledger says itself whose it is; local ones lie side by side, one folder for each hub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.engine.ledgers import StoredLedger, local_path, read_ledger
from hubctl.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubctl.model.target import Target
    from hubctl.system.files import Files


def other_ledgers(door: Files, hubs: Iterable[str], target: Target) -> tuple[StoredLedger, ...]:
    """The local ledgers that other hubs, by their state folders, keep of a target."""
    found = (_ledger(door, state, target) for state in hubs)
    return tuple(stored for stored in found if stored.ledger.records)


def _ledger(door: Files, state: str, target: Target) -> StoredLedger:
    return read_ledger(door, local_path(state, target), target)


def claimed_by(others: Sequence[StoredLedger], local: str) -> StoredLedger | None:
    """The ledger of another hub that records an address, if one does."""
    return next((stored for stored in others if local in stored.ledger.records), None)


def claims_finding(target: str, stored: StoredLedger, locals_: Sequence[str]) -> Finding:
    """The finding of addresses that this hub wants too, and leaves alone."""
    hub, first = stored.ledger.hub, locals_[0]
    more = f" and {len(locals_) - 1} more" if len(locals_) > 1 else ""
    return Finding(
        rule="ledger/other-hub",
        severity=Severity.ERROR,
        message=f"the hub {hub!r} looks after {first}{more} here; left alone",
        location=Location(file=stored.path),
        address=f"{target}:{first}",
        hint=f"want it in one of the two hubs; if {hub!r} is gone, remove {stored.path}",
        exit_code=4,
    )
