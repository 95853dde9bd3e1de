"""The three-way table: desired, recorded and observed of one address give status and action.

| d | r | o | status → action |
|---|---|---|---|
| d | – | absent | pending → create |
| d | – | = d | unmanaged but identical → adopt (record only) |
| d | – | ≠ d | conflict: an unmanaged value stands there |
| d | = d | = d | in-sync → none |
| d | = d | ≠ d | drifted → update; absent: missing → create |
| d | ≠ d | = r | pending → update |
| d | ≠ d | = d | converged: pending → adopt (record only) |
| d | ≠ d | other or absent | conflict: both sides changed |
| – | r | = r | orphan → delete |
| – | r | ≠ r | orphan, edited → conflict |
| – | r | absent | pending → forget |
| – | adopted r | any | orphan → forget (the record is released, the value stays) |

The test of this module runs the same rows.
"""

from __future__ import annotations

from typing import NamedTuple

from hubctl.model.state import Action, Status


class Verdict(NamedTuple):
    """Status, action and the reason for people."""

    status: Status
    action: Action
    reason: str


IN_SYNC = Verdict(Status.IN_SYNC, Action.NONE, "")

_NEW = Verdict(Status.PENDING, Action.CREATE, "not there yet")
_SAME = Verdict(Status.UNMANAGED, Action.ADOPT, "it already stands there; only the record is new")
_FOREIGN = Verdict(
    Status.CONFLICT, Action.NONE, "another value stands there that hubctl did not write"
)
_DRIFTED = Verdict(Status.DRIFTED, Action.UPDATE, "somebody changed what hubctl wrote")
_MISSING = Verdict(Status.MISSING, Action.CREATE, "somebody removed what hubctl wrote")
_CHANGED = Verdict(Status.PENDING, Action.UPDATE, "canonical changed")
_CONVERGED = Verdict(Status.PENDING, Action.ADOPT, "it already reads as canonical wants it")
_BOTH = Verdict(Status.CONFLICT, Action.NONE, "canonical and the file changed, each its own way")
_BOTH_GONE = Verdict(Status.CONFLICT, Action.NONE, "canonical changed, and somebody removed it")
_ORPHAN = Verdict(Status.ORPHAN, Action.DELETE, "canonical no longer wants it")
_EDITED = Verdict(
    Status.CONFLICT, Action.NONE, "canonical no longer wants it, but somebody edited it"
)
_GONE = Verdict(Status.PENDING, Action.FORGET, "it is gone already; only its record remains")
_RELEASED = Verdict(
    Status.ORPHAN, Action.FORGET, "canonical no longer wants it; it stood there first and stays"
)
# A thing that canonical wants at another scope than before changes ledgers, not bytes.
MOVES = Verdict(Status.PENDING, Action.ADOPT, "it moves to the ledger of another scope")
MOVED = Verdict(Status.PENDING, Action.FORGET, "the ledger of another scope has it from now on")

LEFT = Verdict(Status.PENDING, Action.FORGET, "another hub looks after it from now on")


def decide(desired: str, recorded: str, observed: str, *, adopted: bool = False) -> Verdict:
    """Apply the table to three hashes, "" standing for none or absent."""
    if desired and desired == recorded == observed:
        return IN_SYNC
    if not desired:
        return _without_desired(recorded, observed, adopted=adopted)
    if not recorded:
        return _without_record(desired, observed)
    if desired == recorded:
        return _DRIFTED if observed else _MISSING
    return _both_moved(desired, recorded, observed)


def _both_moved(desired: str, recorded: str, observed: str) -> Verdict:
    if observed == desired:
        return _CONVERGED
    if observed == recorded:
        return _CHANGED
    return _BOTH if observed else _BOTH_GONE


def _without_record(desired: str, observed: str) -> Verdict:
    if not observed:
        return _NEW
    return _SAME if observed == desired else _FOREIGN


def _without_desired(recorded: str, observed: str, *, adopted: bool) -> Verdict:
    if adopted:
        return _RELEASED
    if not observed:
        return _GONE
    return _ORPHAN if observed == recorded else _EDITED
