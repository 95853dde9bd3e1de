"""Checking one checkout where it lies (CI, pre-commit): committed resources only.

With the hub it is a plan of that one target at another place. Without it the committed ledger is
all there is: the checkout agrees with its lock or does not, and what canonical wants by now is not
known. Whoever edits file and lock together is seen only with the hub.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.engine.ledgers import LOCK, StoredLedger, read_lock
from hubctl.engine.observe import Observer
from hubctl.engine.plan import Wanted, plan_target
from hubctl.engine.rows import Row
from hubctl.errors import UsageError
from hubctl.fleet.hub import find_canonical, read_hub
from hubctl.fleet.inventory import Looked, take_inventory
from hubctl.fleet.world import Request, World
from hubctl.model.address import part_of
from hubctl.model.change import Plan
from hubctl.model.finding import Finding, Location, Severity
from hubctl.model.state import Scope
from hubctl.model.target import Target
from hubctl.system.files import RealFiles
from hubctl.system.real_paths import RealPaths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubctl.system.places import Places

COMMITTED = frozenset({Scope.COMMITTED})
UNNAMED = "checkout"
_NAME_IT = "`hubctl apply` where its hub is writes it; or say which one it is: --as NAME"


def check_checkout(
    hub_path: str | None, path: str, as_name: str | None, places: Places, today: str
) -> Plan:
    """Plan the committed resources of the checkout at `path` (absolute).

    Raises:
        UsageError: there is no such folder, or `as_name` is no target of the hub.
    """
    root = os.path.realpath(path)
    if not os.path.isdir(root):
        raise UsageError(f"there is no folder {path}")
    door = RealFiles()
    lock = read_lock(door, _target(as_name or UNNAMED, root))
    name = as_name or lock.ledger.repository
    world = _world(hub_path, root, places, today)
    if world is not None and _knows(world, name, as_name, lock):
        rows = world.compiler.compiled(name).rows
        plan = _with_hub(world, name, root, lock)
        return _with_checks(plan, lock, places, [row.local for row in rows])
    plan = _by_lock(name or UNNAMED, root, lock, world.hub if world else "")
    return _with_checks(plan, lock, places)


def _target(name: str, root: str) -> Target:
    return Target(name=name, root=root)


def _world(hub_path: str | None, root: str, places: Places, today: str) -> World | None:
    try:
        path = find_canonical(hub_path, root, places)
    except UsageError:
        if hub_path:
            raise
        return None
    return World(read_hub(path, RealFiles()), places, RealFiles(), today)


def _knows(world: World, name: str, as_name: str | None, lock: StoredLedger) -> bool:
    if as_name:
        world.names((as_name,))
        return True
    if lock.ledger.hub and lock.ledger.hub != world.hub:
        return False
    return bool(name) and name in world.compiler.head.names


def _with_hub(world: World, name: str, root: str, lock: StoredLedger) -> Plan:
    world.compiler.relocate(name, root)
    target = world.plan_one(name, Request(scopes=COMMITTED))
    head = world.compiler.head
    rules = {finding.rule for finding in target.findings}
    told = [finding for finding in _lock_findings(name, lock) if finding.rule not in rules]
    return Plan(
        hub=head.hub,
        canonical=world.files.path,
        revision=head.revision,
        targets=(replace(target, findings=(*target.findings, *told)),),
        findings=world.findings(),
    )


def _by_lock(name: str, root: str, lock: StoredLedger, at_hand: str) -> Plan:
    """Compare with the lock; `at_hand` is the hub that was found and is not the lock's, or ""."""
    rows = tuple(_row(local, lock.ledger.hash_of(local)) for local in sorted(lock.ledger.records))
    wanted = Wanted(rows=rows, items=dict, committed=lock.ledger, scopes=COMMITTED)
    target = plan_target(wanted, Observer(_target(name, root), RealFiles()))
    findings = (*_lock_findings(name, lock), _unknown(name, lock.ledger.hub, at_hand))
    return Plan(
        hub=lock.ledger.hub,
        canonical="",
        revision="",
        targets=(replace(target, findings=(*target.findings, *findings)),),
    )


def _with_checks(
    plan: Plan, lock: StoredLedger, places: Places, wanted: Iterable[str] = ()
) -> Plan:
    """With what the checks say about the committed files beside hubctl's own."""
    target = plan.targets[0]
    door = RealFiles()
    looked = Looked(
        plan=target,
        observer=Observer(_target(target.target, target.root), door),
        door=door,
        plain=door,
        paths=RealPaths(),
        owned=frozenset((*lock.ledger.records, *wanted)),
        links=(),
        home=places.home,
        host_settings="",
        document={},
        committed=True,
    )
    found = take_inventory(looked).findings
    return replace(plan, targets=(replace(target, findings=(*target.findings, *found)),))


def _row(local: str, digest: str) -> Row:
    path, _, fragment = local.partition("#")
    part = part_of(path, fragment).value
    return Row(path, fragment, digest, part, Scope.COMMITTED.value, "", (), False)


def _lock_findings(name: str, lock: StoredLedger) -> tuple[Finding, ...]:
    if lock.finding is not None:
        unnamed = replace(lock.finding, hint=_NAME_IT)
        return (unnamed if name == UNNAMED else lock.finding,)
    if lock.state == "good":
        return ()
    writes_it = f"`hubctl apply {name}` writes it; commit it with the files"
    return (
        Finding(
            rule="ledger/absent",
            severity=Severity.WARNING,
            message=f"there is no {LOCK}, so nothing shows what hubctl wrote here",
            location=Location(file=lock.path),
            address=f"{name}:.",
            hint=_NAME_IT if name == UNNAMED else writes_it,
            exit_code=1,
        ),
    )


def _unknown(name: str, hub: str, at_hand: str) -> Finding:
    why = "compared with its lock alone; pending changes are unknown without the hub"
    if hub and at_hand and hub != at_hand:
        why = f"the hub {hub!r} manages it, not {at_hand!r}; compared with its lock alone"
    return Finding(
        rule="ledger/without-hub",
        severity=Severity.NOTE,
        message=why,
        address=f"{name}:.",
        hint="give the hub with --hub PATH to see what canonical.yaml wants by now",
    )
