"""What adopting writes beside canonical.yaml: records in the local ledger of this account.

The committed ledger would be a new file in the repository. So records of committed things wait in
the local one until something is to be written there anyway (docs/decisions).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubctl.engine.journal import make_folders
from hubctl.engine.ledgers import local_path
from hubctl.engine.operations import (
    Batch,
    Operation,
    file_image,
    take_image,
)
from hubctl.model.item import hash_value
from hubctl.model.ledger import ADOPTED, dump_ledger
from hubctl.model.state import Action, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubctl.fleet.world import World
    from hubctl.model.change import TargetPlan
    from hubctl.model.ledger import Ledger
    from hubctl.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Addresses (local) that the hub is to own from now on, with their hash and scope."""

    records: Mapping[str, tuple[str, Scope]]


NOTHING = Owned(records={})


def recording(world: World, plan: TargetPlan, owned: Owned = NOTHING) -> Batch:
    """The batch that records everything a plan would adopt; `world` is the hub as it will be."""
    target = world.compiler.locate(plan.target).target
    if target is None:
        return Batch(target=plan.target, root="")
    _, local = world.ledgers(target)
    records = _records(plan, owned)
    ledger = replace(
        local.ledger,
        hub=world.hub,
        repository=plan.target,
        records={**local.ledger.records, **records[Scope.LOCAL]},
        waiting={**local.ledger.waiting, **records[Scope.COMMITTED]},
        seen=plan.foreign if local.ledger.seen is None else local.ledger.seen,
    )
    return Batch(
        target=plan.target,
        root=plan.root,
        ledgers=_written(world, target, ledger),
        changes=tuple(
            (f"{plan.target}:{key}", "adopted") for part in records.values() for key in part
        ),
    )


def _records(plan: TargetPlan, owned: Owned) -> dict[Scope, dict[str, str]]:
    found: dict[Scope, dict[str, str]] = {scope: {} for scope in Scope}
    for change in plan.changes:
        if change.action is Action.ADOPT and change.desired is not None:
            found[change.scope][change.address.local] = ADOPTED + hash_value(change.desired)
    for local, (digest, scope) in owned.records.items():
        found[scope][local] = digest
    return found


def _written(world: World, target: Target, ledger: Ledger) -> tuple[Operation, ...]:
    path = local_path(world.state, target)
    make_folders(world.door, os.path.dirname(path), 0o700)
    before = take_image(world.door, path)
    mode = before.mode if before.kind == "file" else 0o600
    after = file_image(dump_ledger(ledger), mode)
    return () if after.same_as(before) else (Operation(path=path, before=before, after=after),)
