"""Saved plans: is this still the hub and the world that one was made for?

Everything is looked at again and compared; a saved plan is carried out as it stands or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.engine.prepare import check_fingerprints
from hubctl.errors import StalePlanError, UsageError
from hubctl.fleet.world import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubctl.fleet.world import World
    from hubctl.model.change import Change, Plan, TargetPlan


def require_fresh(world: World, plan: Plan) -> None:
    """Refuse a saved plan of another hub, or one whose world moved.

    Raises:
        UsageError: it was made for another hub.
        StalePlanError: names everything that is no longer what the plan saw.
    """
    if (plan.hub, plan.canonical) != (world.hub, world.files.path):
        raise UsageError(
            f"the plan was made for another hub: {plan.hub}, {plan.canonical}",
            hint=f"name that one: hubctl --hub {plan.canonical} apply --plan FILE",
        )
    moved = list(_moved(world, plan))
    if moved:
        listed = "\n  ".join(moved)
        raise StalePlanError(
            f"the plan no longer fits; since it was made, these changed:\n  {listed}",
            paths=moved,
            hint="make a new one: hubctl plan -o FILE",
        )


def _moved(world: World, plan: Plan) -> Iterator[str]:
    if plan.revision != world.compiler.head.revision:
        yield world.files.path
        return
    taken = frozenset(str(change.address) for change in plan.changes() if change.take)
    for target in plan.targets:
        yield from _moved_at(world, target, taken)


def _moved_at(world: World, saved: TargetPlan, taken: frozenset[str]) -> Iterator[str]:
    here = saved.target in world.compiler.head.names
    target = world.compiler.locate(saved.target).target if here else None
    root = target.root if target else ""
    if root != saved.root:
        yield saved.root or root
        return
    files = check_fingerprints(saved, world.door)
    yield from files
    if target is not None and not files:
        yield from _meant_otherwise(world, saved, Request(take=taken))


def _meant_otherwise(world: World, saved: TargetPlan, request: Request) -> Iterator[str]:
    """Addresses that would be planned otherwise by now: a source, a ledger, an override changed."""
    fresh = {
        str(change.address): change for change in world.plan_one(saved.target, request).acting()
    }
    for change in saved.acting():
        address = str(change.address)
        now = fresh.get(address)
        if now is None or _deed(now) != _deed(change):
            yield f"what is to be done at {address}"


def _deed(change: Change) -> tuple[object, ...]:
    return change.action, change.status, change.scope, change.desired, change.recorded
