"""L3: checks over what stands in targets, each alone and side by side. Two literal tables.

A check is one module's function and one row here. Pure: what was seen comes from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubctl.check.fleet import duplicates, hook_scripts, leftovers, links, values
from hubctl.check.fleet.groups import Fleet
from hubctl.check.fleet.hidden_text import hidden_text
from hubctl.check.fleet.observed_settings import observed_lint
from hubctl.check.fleet.rule import Check, finding_of
from hubctl.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.check.fleet.seen import Seen
    from hubctl.check.inventory import Inventory
    from hubctl.model.finding import Finding

TARGET_CHECKS: Final = (
    Check(
        id="fleet/broken-link",
        severity=Severity.NOTE,
        reason="whoever follows it finds nothing",
        hint="remove it, or put there what it should lead to",
        find=links.broken,
    ),
    Check(
        id="fleet/outside-link",
        severity=Severity.NOTE,
        reason="it works on this machine alone, and hubctl writes nothing behind it",
        hint="put a copy in its place, or name the folder it leads to under hub.follow",
        find=links.outside,
    ),
    Check(
        id="fleet/leftover",
        severity=Severity.NOTE,
        reason="no ledger knows it, so hubctl neither updates nor removes it",
        hint="delete it; to have it again name it in canonical.yaml, then run "
        "hubctl apply {target}",
        find=leftovers.leftovers,
    ),
    Check(
        id="fleet/uncalled-hook",
        severity=Severity.NOTE,
        reason="no settings file, skill, command, agent or other script names it, so it never runs",
        hint="delete it, or call it: name it under hooks in canonical.yaml, then run "
        "hubctl apply {target}",
        find=hook_scripts.uncalled,
    ),
    Check(
        id="fleet/missing-file",
        severity=Severity.NOTE,
        reason="the client goes on without it, whatever it was meant to do",
        hint="put the file there, or drop the entry",
        find=hook_scripts.missing,
    ),
)
FLEET_CHECKS: Final = (
    Check(
        id="fleet/duplicate",
        severity=Severity.NOTE,
        reason="a change to one copy leaves the others behind",
        hint="put it once into the hub's folder, then run hubctl apply",
        find=duplicates.equal,
    ),
    Check(
        id="fleet/near-duplicate",
        severity=Severity.NOTE,
        reason="copies of one text that have begun to drift apart",
        hint="put it once into the hub's folder, then run hubctl apply",
        find=duplicates.nearly_equal,
    ),
    Check(
        id="fleet/taken-name",
        severity=Severity.NOTE,
        reason="of two with one name the client runs only one",
        hint="rename this one, or drop the other from canonical.yaml and run hubctl apply host",
        find=duplicates.taken_names,
    ),
    Check(
        id="fleet/different-values",
        severity=Severity.NOTE,
        reason="set by hand, repository by repository",
        hint="set it once in canonical.yaml, then run hubctl apply",
        find=values.different,
    ),
)


def target_findings(seen: Seen) -> tuple[Finding, ...]:
    """Everything to be told of one target beside its drift, sorted by address."""
    hits = [finding_of(check, hit) for check in TARGET_CHECKS for hit in check.find(seen)]
    found = [*hits, *observed_lint(seen), *hidden_text(seen)]
    told = (f for f in found if (f.rule, f.address) not in seen.told)
    return tuple(sorted(told, key=lambda f: (f.address, f.rule, f.message)))


def fleet_findings(inventories: Iterable[Inventory]) -> tuple[Finding, ...]:
    """Everything that shows only when targets are looked at side by side, sorted by address."""
    fleet = Fleet(tuple(inventories))
    found = [finding_of(check, hit) for check in FLEET_CHECKS for hit in check.find(fleet)]
    return tuple(sorted(found, key=lambda f: (f.address, f.rule, f.message)))
