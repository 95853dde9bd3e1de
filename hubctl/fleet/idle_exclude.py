"""When the block of `.git/info/exclude` may wait: as long as no local file was written by hubctl.

Local files are kept out of git before hubctl writes one. Where all of them merely were there first
and were adopted, nothing is to be written, and the repository stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubctl.model.item import BlockText
from hubctl.model.state import Action, Scope
from hubctl.render.exclude import NAME, pattern

if TYPE_CHECKING:
    from hubctl.model.change import Change, TargetPlan
    from hubctl.model.ledger import Ledger

_WRITES = (Action.CREATE, Action.UPDATE)


def without_idle_exclude(plan: TargetPlan, local: Ledger) -> TargetPlan:
    """The plan without a new block that would only name files that were there first."""
    block = next((c for c in plan.changes if c.renderer == NAME), None)
    if block is None or block.action is not Action.CREATE or block.recorded:
        return plan
    if not isinstance(block.desired, BlockText) or not _is_idle(plan, block, local):
        return plan
    return replace(plan, changes=tuple(c for c in plan.changes if c is not block))


def _is_idle(plan: TargetPlan, block: Change, local: Ledger) -> bool:
    assert isinstance(block.desired, BlockText)
    mine = [c for c in plan.changes if c.scope is Scope.LOCAL and c is not block]
    written = {c.address.path for c in mine if c.action in _WRITES}
    written |= {key.partition("#")[0] for key in local.records if not local.adopted(key)}
    there = {c.address.path for c in mine if c.action is Action.ADOPT}
    there |= {key.partition("#")[0] for key in local.records if local.adopted(key)}
    idle = {pattern(path) for path in there - written}
    return set(block.desired.text.split("\n")) - {""} <= idle
