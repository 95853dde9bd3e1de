"""The command or edit that resolves a change: every finding ends in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.model.state import Action, Status

if TYPE_CHECKING:
    from hubctl.model.change import Change

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+:,./-_")


def resolving(change: Change) -> str:
    """How to resolve one change: a command, or a command and the other choice."""
    if change.excepted:
        return "remove its exception from canonical.yaml to have it repaired"
    if change.status is Status.CONFLICT and not change.take:
        return _choice(change)
    target = change.address.target
    repair = f"hubctl drift --fix {target}"
    by_status = {
        Status.DRIFTED: repair,
        Status.MISSING: repair,
        Status.UNREADABLE: f"repair {change.address.path}, then run hubctl plan {target}",
        Status.SHADOWED: f"hubctl explain {quote(str(change.address))}",
    }
    if change.status is Status.UNMANAGED and change.action is Action.NONE:
        return "take it into canonical.yaml (hubctl accept), or leave it"
    return by_status.get(change.status) or f"hubctl apply {target}{_only(change)}"


def _only(change: Change) -> str:
    """An orphan's renderer may be gone from canonical, so only wanted ones are narrowed."""
    wanted = change.renderer and change.desired is not None
    return f" --only {change.renderer}" if wanted else ""


def _choice(change: Change) -> str:
    take = f"hubctl apply --take {quote(str(change.address))}"
    if change.desired is None:
        return f"{take}, or put it back into canonical.yaml"
    where = change.decided_by or "canonical.yaml"
    return f"{take}, or make {where} agree with it"


def quote(text: str) -> str:
    """`text` as one word of a POSIX shell."""
    if text and _SAFE.issuperset(text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
