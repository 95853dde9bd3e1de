"""States of units as the three-way table takes them.

A unit is not a value that somebody wrote: until it is switched on it counts as absent, and a unit
that does not exist is as good as one that is switched off.
"""

from __future__ import annotations

from hubctl.model.hashing import hash_text

OFF_STATES = ("disabled", "inactive")
ON_STATES = ("enabled", "active")
_OFF = frozenset(hash_text(state) for state in OFF_STATES)


def observed_hash(state: str, *, desired: str, recorded: str) -> str:
    """The hash to compare with, "" for absent.

    Args:
        state: as observed; "" where there is no such unit.
        desired: hash of the wanted state, "" for none.
        recorded: hash of the last written state, "" for none.
    """
    if state == "failed" and not desired:
        return ""  # nothing is left to switch off
    if state and state not in OFF_STATES:
        return hash_text(state)
    for known in (desired, recorded):
        if known in _OFF:
            return known
    return hash_text(state) if state and desired and recorded else ""
