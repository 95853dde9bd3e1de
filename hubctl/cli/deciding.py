"""Deciding drift by conversation: repair, accept, allow with a reason until a day, or skip.

Nothing is written before the last question; then canonical.yaml and the ledgers at once, and the
repairs after them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hubctl.adopt.accepting import Accepted
    from hubctl.fleet.world import World
    from hubctl.model.change import Change, Plan

_CHOICES = {"r": "repair", "a": "accept", "x": "allow", "s": "skip", "q": "quit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What was decided so far; `repairs` are addresses."""

    accepted: Accepted
    repairs: frozenset[str] = field(default_factory=frozenset)
    over: bool = False


def decide_all(world: World, names: tuple[str, ...]) -> int:
    """Go through the drift of targets; returns the exit code."""
    from hubctl.adopt.accepting import Accepted
    from hubctl.cli.context import say
    from hubctl.fleet.world import Request

    plan = world.plan(Request(names=names))
    asked = _asked(plan)
    if not asked:
        say(["nothing drifted"])
        return 0
    decided = _Decided(accepted=Accepted(data=world.files.data))
    for number, change in enumerate(asked, 1):
        decided = _decide(world, decided, change, f"{number} of {len(asked)}")
        if decided.over:
            break
    return _carry_out(world, plan, decided)


def _asked(plan: Plan) -> list[Change]:
    from hubctl.model.state import Action, Status

    kinds = (Status.DRIFTED, Status.MISSING, Status.CONFLICT, Status.UNMANAGED)
    return [
        change
        for change in plan.changes()
        if change.status in kinds and change.action is not Action.ADOPT and not change.excepted
    ]


def _decide(world: World, decided: _Decided, change: Change, where: str) -> _Decided:
    from hubctl.cli.context import say
    from hubctl.errors import HubctlError

    say(["", f"[{where}] {change.address}: {change.status.value}", *_sides(change)])
    while True:
        choices = "/".join(f"{key}={word}" for key, word in _CHOICES.items())
        answer = click.prompt(choices, default="s", err=True, type=click.Choice(list(_CHOICES)))
        try:
            after = _chosen(world, decided, change, answer)
        except HubctlError as error:
            say([f"error: {error.message}", *([f"hint: {error.hint}"] if error.hint else [])])
            continue
        if after is not None:
            return after


def _sides(change: Change) -> list[str]:
    from hubctl.model.state import ABSENT
    from hubctl.output.masking import mask_value
    from hubctl.output.shown import one_line

    def shown(value: object) -> str:
        if value is None or value is ABSENT:
            return "nothing"
        return one_line(mask_value(value) if change.sensitive else value)  # type: ignore[arg-type]

    return [f"  wanted: {shown(change.desired)}", f"  stands: {shown(change.observed)}"]


def _chosen(world: World, decided: _Decided, change: Change, answer: str) -> _Decided | None:
    """The decision, once its diff was approved; None asks again."""
    from hubctl.adopt.accepting import accept, allow, prove

    if answer == "q":
        return replace(decided, over=True)
    if answer == "s":
        return decided
    if answer == "r":
        return _repairing(decided, change)
    if answer == "a":
        layer = click.prompt("layer (empty: its own entry)", default="", err=True)
        accepted = accept(world, decided.accepted, change, layer)
        prove(world, accepted)
    else:
        reason = click.prompt("reason", err=True)
        until = click.prompt("until (YYYY-MM-DD)", err=True)
        data = allow(world, decided.accepted.data, change.address, reason, until)
        accepted = replace(decided.accepted, data=data)
    _require_valid(world, accepted)
    return replace(decided, accepted=accepted) if _approved(decided, accepted) else None


def _repairing(decided: _Decided, change: Change) -> _Decided:
    from hubctl.errors import UsageError
    from hubctl.model.state import Status

    if change.status is Status.UNMANAGED:
        raise UsageError("canonical.yaml wants nothing there, so there is nothing to repair")
    return replace(decided, repairs=decided.repairs | {str(change.address)})


def _require_valid(world: World, accepted: Accepted) -> None:
    from hubctl.fleet.canonical_edit import require_valid

    require_valid(world, accepted.data)


def _approved(decided: _Decided, accepted: Accepted) -> bool:
    from hubctl.cli.adopt import diff_lines
    from hubctl.cli.context import say

    say(diff_lines(decided.accepted.data, accepted.data))
    say(f"{operation.path}: new text" for operation in accepted.sources)
    return click.confirm("So?", default=True, err=True)


def _carry_out(world: World, plan: Plan, decided: _Decided) -> int:
    from hubctl.cli.accept import finish
    from hubctl.cli.context import open_world, say

    code = 0
    if decided.accepted.changes or decided.accepted.data != world.files.data:
        code = finish(world, decided.accepted, "accept -i", dry_run=False)
    if decided.repairs:
        code = max(code, _repair(open_world(world.files.path), plan, decided.repairs))
    elif not decided.accepted.changes and decided.accepted.data == world.files.data:
        say(["nothing was changed"])
    return code


def _repair(world: World, plan: Plan, addresses: frozenset[str]) -> int:
    """Write what canonical.yaml wants at these addresses, whatever stands there."""
    from hubctl.cli.context import options, print_report
    from hubctl.fleet.apply import Carrying, carry_out, require_sound, writing
    from hubctl.fleet.world import Request
    from hubctl.model.state import Action
    from hubctl.output.verdict import report

    with writing(world):
        names = tuple(dict.fromkeys(address.partition(":")[0] for address in addresses))
        fresh = world.plan(Request(names=names, take=addresses))
        targets = tuple(
            replace(
                target,
                changes=tuple(
                    c if str(c.address) in addresses else replace(c, action=Action.NONE)
                    for c in target.changes
                ),
            )
            for target in fresh.targets
        )
        repairs = replace(fresh, targets=targets)
        require_sound(repairs)
        outcomes = carry_out(world, repairs, Carrying(command="accept -i"))
    told = replace(repairs, targets=tuple(replace(t, changes=t.acting()) for t in targets))
    return print_report(report("apply", told, outcomes=outcomes), "text", options())
