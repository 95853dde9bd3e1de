"""Changes and plans: the value that stands between deciding and doing.

A plan is complete: apply executes it and decides nothing. The reason rides along for people and
never steers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubctl.model.state import Action, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.model.address import Address
    from hubctl.model.finding import Finding, Location
    from hubctl.model.item import Value
    from hubctl.model.state import Absent, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One address that is not simply in sync.

    Attributes:
        address, scope, renderer: of the item (from the ledger for an orphan).
        status, action: the verdict of the three-way table.
        desired: value to be written; None where canonical no longer wants any.
        observed: value that stands there, decoded like `desired`; ABSENT where nothing does.
        recorded: hash last written; "" where there is no record.
        reason: one sentence for people.
        decided_by: line of canonical.yaml that decides.
        sensitive: before and after are shown masked.
        excepted: reason of the exception that allows this drift, "" if none.
        take: an unmanaged or conflicting value is to be overwritten on request.
    """

    address: Address
    scope: Scope
    renderer: str
    status: Status
    action: Action
    desired: Value | None
    observed: Value | Absent
    recorded: str = ""
    reason: str = ""
    decided_by: Location | None = None
    sensitive: bool = False
    excepted: str = ""
    take: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlan:
    """What is to be done at one target.

    Attributes:
        target: its name; root: the folder, for people.
        changes: everything but plain in-sync addresses, sorted by address.
        in_sync: how many addresses agree.
        findings: what was found beside the changes (unreadable files, containment, lint …).
        fingerprints: absolute path → hash of what stood there when the plan was made
            ("absent", "link …" or `sha256:…`), for every file the changes touch.
        foreign: structured file → pointers of its members that are not ours; the next baseline.
    """

    target: str
    root: str
    changes: tuple[Change, ...] = ()
    in_sync: int = 0
    findings: tuple[Finding, ...] = ()
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def acting(self) -> tuple[Change, ...]:
        """The changes that write something (to a file, a link, a unit or the ledger)."""
        return tuple(c for c in self.changes if c.action is not Action.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a fleet: one value that text, JSON and exit code are all made of."""

    hub: str
    canonical: str
    revision: str
    targets: tuple[TargetPlan, ...] = ()
    findings: tuple[Finding, ...] = ()

    def changes(self) -> tuple[Change, ...]:
        """All changes of all targets, in order."""
        return tuple(change for target in self.targets for change in target.changes)

    def counts(self) -> dict[Status, int]:
        """Addresses per status, in-sync ones included."""
        counts = dict.fromkeys(Status, 0)
        for target in self.targets:
            counts[Status.IN_SYNC] += target.in_sync
            for change in target.changes:
                counts[change.status] += 1
        return counts
